"""A music file to notes, read in a process beside this one: a parser that dies costs one line."""

from pathlib import Path

from mood2music.errors import MusicFileError
from mood2music.isolate import Crashed, Isolated, TimedOut
from mood2music.music.notes import GRID, Notes
from mood2music.music.read import read

# Seconds a file may take. music21 reads a long quartet in half a minute.
TIMEOUT = 120.0


def read_safely(
    path: Path, grid: int = GRID, child: Isolated | None = None, timeout: float = TIMEOUT
) -> Notes:
    """Read one file as `read` does; `child` is kept by a caller who reads many.

    A relative path counts from the folder that `child` was started in.

    Raises MusicFileError too when the parser crashes, or takes longer than `timeout` seconds.
    """
    if child is None:
        with Isolated() as own:
            return read_safely(path, grid, own, timeout)
    try:
        return child.call(read, path, grid, timeout=timeout)
    except Crashed as error:
        raise MusicFileError(f"{path.name}: the parser crashed ({error})") from error
    except TimedOut as error:
        raise MusicFileError(
            f"{path.name} took longer than {timeout:g} s: pass a shorter piece, or MIDI"
        ) from error
