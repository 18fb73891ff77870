"""Functions with the faults of real readers, in a module that other processes import quickly."""

import ctypes
import math
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mood2music.errors import MusicFileError
from mood2music.music.events import to_events, to_notes
from mood2music.music.read import read
from mood2music.music.write import write_midi
from mood2music.store.read_piece import read_packed


def fragile(source: Path | str, grid: int, divisors: Sequence[int], repeats: bool = False) -> bytes:
    """Read a file as always, unless its name says what to do instead."""
    name = Path(source).name
    if name.startswith("abort"):
        os.abort()
    if name.startswith("segfault"):
        ctypes.string_at(0)
    if name.startswith("killed"):
        end_itself()
    if name.startswith("endless"):
        compute(math.inf)
    if name.startswith("odd"):
        raise ZeroDivisionError("what a parser may raise")
    return read_packed(source, grid, divisors, repeats)


def compute(seconds: float) -> None:
    """Keep the processor busy for so many seconds of its time."""
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass


def never(source: Path | str, grid: int, divisors: Sequence[int], repeats: bool = False) -> bytes:
    """Stand where nothing may be read."""
    raise AssertionError(f"{source} was read again")


def noisy(value: int) -> int:
    """Print, in Python and below it, and give `value`."""
    print("what a parser prints")
    os.write(1, b"and what a C library does")
    return value


def end_itself() -> None:
    """Die as by the hand of another."""
    os.kill(os.getpid(), signal.SIGKILL)


def raise_what_does_not_pickle() -> None:
    """Raise an error that cannot travel."""
    error = ValueError("x")
    error.args = (lambda: None,)
    raise error


def whereabouts(value: int) -> tuple[int, int]:
    """Give `value` and the process that was asked."""
    return value, os.getpid()


def round_trip(path: Path) -> str:
    """Read a file, and say "kept" when its notes come back from events and from a file of ours.

    Says "refused: ..." when it is refused as it should be; anything else raises.
    """
    try:
        notes = read(path)
    except MusicFileError as error:
        return f"refused: {error}"
    again = to_notes(to_events(notes), notes.tempo)
    own = path.with_name("own.mid")
    write_midi(notes, own)
    back = read(own)
    for name in ("onset", "duration", "pitch"):
        assert np.array_equal(getattr(notes, name), getattr(again, name)), name
        assert np.array_equal(getattr(notes, name), getattr(back, name)), name
    assert np.array_equal(notes.velocity, back.velocity)
    assert abs(back.tempo - notes.tempo) < 0.01
    return "kept"
