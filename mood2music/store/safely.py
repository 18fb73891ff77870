"""Reads a music file in a process beside this one: a parser that dies costs one line."""

from pathlib import Path

from mood2music.errors import MusicFileError
from mood2music.isolate import Crashed, Isolated, TimedOut
from mood2music.music.notes import GRID, Notes
from mood2music.music.read import read

# Processor seconds a file may take. A symphony's MusicXML takes five.
TIMEOUT = 60.0


def read_safely(
    path: Path,
    grid: int = GRID,
    child: Isolated | None = None,
    timeout: float = TIMEOUT,
    repeats: bool = False,
) -> Notes:
    """Read one file as `read` does; `child` is kept by a caller who reads many.

    A relative path counts from the folder that `child` was started in.

    Raises MusicFileError too when the parser crashes, or takes longer than `timeout` processor
    seconds.
    """
    if child is None:
        with Isolated() as own:
            return read_safely(path, grid, own, timeout, repeats)
    try:
        return child.call(read, path, grid, repeats, timeout=timeout)
    except Crashed as error:
        raise MusicFileError(f"{path.name}: the parser crashed ({error})") from error
    except TimedOut as error:
        raise MusicFileError(
            f"{path.name} took longer than {timeout:g} s: pass a shorter piece, or MIDI"
        ) from error
