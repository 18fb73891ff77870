"""Says in the one line that the user reads what an exception means, and its exit status."""

import errno
import os
import signal
import tempfile
import time
import traceback
from pathlib import Path

from mood2music.command.interrupt import Interrupted, Terminated
from mood2music.command.text import one_line, shortened
from mood2music.errors import Mood2MusicError
from mood2music.files import cache_folder

# What can be done about it, behind the system's own words.
WAYS = {
    errno.ENOSPC: "free some space, or name a folder on another disk",
    errno.EDQUOT: "free some space, or name a folder on another disk",
    errno.EFBIG: "larger than this process may write",
    errno.EACCES: "name a file or folder that you may read and write",
    errno.EPERM: "name a file or folder that you may read and write",
    errno.EROFS: "name a folder on another disk",
    errno.ENOTDIR: "a part of that path is a file, name another folder",
    errno.EEXIST: "a file has the name of a folder, name another",
    errno.ENAMETOOLONG: "most systems take 255 letters a name",
    errno.EMFILE: "raise the limit of open files, `ulimit -n 4096`",
}


def reason(error: BaseException, folder: Path | None = None) -> str:
    """Say in one line what went wrong.

    folder: of the run; the traceback of what nobody expected is written there, or to the folder of
    temporary files.
    """
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    if isinstance(error, Interrupted):
        said = str(error)
    elif isinstance(error, KeyboardInterrupt):
        said = f"ended by {str(error) if isinstance(error, Terminated) else 'Ctrl-C'}"
    elif isinstance(error, Mood2MusicError):
        said = str(error)
    elif isinstance(error, HydraException | OmegaConfBaseException):
        said = _from_hydra(str(error))
    elif isinstance(error, MemoryError):
        said = f"not enough memory{f': {error}' if str(error) else ''}"
    elif (refused := _refused(error)) is not None:
        said = refused
    else:
        said = _unexpected(error, folder)
    return shortened(one_line(said))


def status(error: BaseException) -> int:
    """Exit status as shells count: 128 and the signal's number, 130 for Ctrl-C; else 1."""
    if isinstance(error, Interrupted):
        return error.exit_code
    if isinstance(error, Terminated):
        return 128 + int(signal.Signals[str(error)])
    return 130 if isinstance(error, KeyboardInterrupt) else 1


def system_reason(error: OSError) -> str:
    """Say what the operating system refused, of which file, and what can be done.

    >>> system_reason(FileNotFoundError(2, "No such file or directory", "tune.mid"))
    'tune.mid: No such file or directory'
    """
    name = error.filename if error.filename is not None else error.filename2
    said = error.strerror or str(error) or type(error).__name__
    way = WAYS.get(error.errno or 0)
    if _in_cache(name):
        way = "MOOD2MUSIC_CACHE=folder in the environment names another place for what is kept"
    place = f"{os.fsdecode(name)}: " if isinstance(name, str | bytes | os.PathLike) else ""
    return f"{place}{said}{f' ({way})' if way else ''}"


def _in_cache(name: object) -> bool:
    """Whether a file or folder is of the cache, or above it."""
    return isinstance(name, str) and (
        Path(name).is_relative_to(cache_folder()) or cache_folder().is_relative_to(name)
    )


def _refused(error: BaseException | None) -> str | None:
    """What the system refused, here or in the error's cause: libraries wrap it."""
    while error is not None:
        if isinstance(error, OSError):
            return system_reason(error)
        error = error.__cause__
    return None


def _from_hydra(text: str) -> str:
    """What Hydra refused, without its search paths and its advice to add."""
    said = text.split("Config search path")[0].split("To append")[0].split("\nSee https")[0]
    if "Could not find 'hydra/launcher/submitit" in said:
        return 'hydra/launcher=submitit needs its plug-in: pip install "mood2music[sweep]"'
    hint = " There is no such setting: --help lists all." if "Could not override" in said else ""
    return said.strip() + hint


def _unexpected(error: BaseException, folder: Path | None) -> str:
    """Write the traceback and say where."""
    text = "".join(traceback.format_exception(error))
    name = f"mood2music-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    temporary = Path(tempfile.gettempdir()) / name
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    for file in (temporary,) if folder is None else (folder / "traceback.txt", temporary):
        try:
            file.write_text(text, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return f"not expected, a fault of this program: {said}; its traceback is in {file}"
    return f"not expected, a fault of this program: {said}; its traceback could not be written"
