"""Paths that a user gives are looked at before any work: an address, a folder, nothing there."""

import re
from pathlib import Path

from mood2music.command.settings import shown
from mood2music.errors import ImageError, InputError, Mood2MusicError, MusicFileError

# What reads a whole folder of each; {} is the folder.
FOLDERS = {
    "photo": "pass one picture of it, or read all with python -m mood2music.evaluate photos={}",
    "midi": "pass one file of it, or take a song of it with catalog=library catalog.root={}",
    "audio": "pass one recording of it",
}
KINDS: dict[str, type[InputError]] = {
    "photo": ImageError,
    "midi": MusicFileError,
    "audio": MusicFileError,
}
WANTED = {
    "photo": "a picture, or photo=webcam",
    "midi": "a file of MIDI, MusicXML, kern, ABC or MEI",
    "audio": "a recording",
}
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def check_source(option: str, path: str | Path | None) -> None:
    """Raise ImageError or MusicFileError where photo=, midi= or audio= names no file."""
    if path is None:
        return
    kind = KINDS[option]
    check_address(option, path, kind)
    file = Path(path)
    try:
        folder, there = file.is_dir(), file.exists()
    except (OSError, ValueError):  # a name that no file system takes
        folder, there = False, False
    if folder:
        raise kind(f"{option}={shown(path)}: that is a folder: {FOLDERS[option].format(path)}")
    if not there:
        raise kind(f"{option}={shown(path)}: no such file, expected {WANTED[option]}")


def check_address(
    option: str, path: str | Path | None, kind: type[Mood2MusicError] = InputError
) -> None:
    """Raise `kind` for an address on the web where a path is expected."""
    # A Path has lost one of the slashes.
    said = str(path).replace(":/", "://", 1) if isinstance(path, Path) else str(path)
    if path is not None and _ADDRESS.match(said):
        raise kind(
            f"{option}={shown(str(path))}: that is an address: download it first, then pass "
            f"the file, {option}=path"
        )
