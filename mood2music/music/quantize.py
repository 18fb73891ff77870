"""Moves notes to a coarser grid: sixteenths and triplet eighths, as music21 reads MIDI."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mood2music.errors import SettingsError
from mood2music.music.meter import Meter
from mood2music.music.notes import Notes, make_notes

# music21's own default when it reads MIDI (music21.defaults.quantizationQuarterLengthDivisors).
DIVISORS = (4, 3)


def quantize(notes: Notes, divisors: Sequence[int] = DIVISORS) -> Notes:
    """Move onsets and releases to the nearest point of the grids that `divisors` name.

    divisors: parts of a quarter note, each dividing `notes.grid`; (4, 3) allows sixteenths and
    triplet eighths: offsets 0, 6, 8, 12, 16, 18 of 24. Played timing (POP909) otherwise splits a
    chord into splinters of a 24th. A note keeps at least the distance to the next grid point.
    With no divisors the notes come back as they are.

    >>> quantize(make_notes([1], [4], [60], [80])).onset
    array([0])
    """
    if not divisors or not len(notes):
        return notes
    check_divisors(divisors, notes.grid)
    steps = sorted({i * notes.grid // d for d in divisors for i in range(d)})
    points = np.array([*steps, notes.grid])
    onset = _nearest(notes.onset, points, notes.grid)
    end = _nearest(notes.onset + notes.duration, points, notes.grid)
    quarter, place = np.divmod(onset, notes.grid)
    following = quarter * notes.grid + points[np.searchsorted(points, place, side="right")]
    quantized = make_notes(
        onset,
        np.maximum(end, following) - onset,
        notes.pitch,
        notes.velocity,
        notes.tempo,
        notes.grid,
        notes.title,
    )
    meter = _nearest_signatures(notes.meter, points, notes.grid)
    return replace(
        quantized, meter=meter, meter_found=notes.meter_found, stated_key=notes.stated_key
    )


def _nearest_signatures(meter: Meter, points: NDArray[np.int64], grid: int) -> Meter:
    """Move the bar lines that signatures set as the notes on them are moved."""
    steps = _nearest(np.array([s.step for s in meter], np.int64), points, grid).tolist()
    return tuple(s._replace(step=step) for s, step in zip(meter, steps, strict=True))


def check_divisors(divisors: Sequence[int], grid: int) -> None:
    """Raise SettingsError for a divisor that does not divide `grid`."""
    if any(d < 1 or grid % d for d in divisors):
        raise SettingsError(
            f"quantize={list(divisors)}: each divisor has to divide the grid of {grid}"
        )


def _nearest(time: NDArray[np.int64], points: NDArray[np.int64], grid: int) -> NDArray[np.int64]:
    quarter, place = np.divmod(time, grid)
    upper = np.searchsorted(points, place)
    lower = np.maximum(upper - 1, 0)
    down = place - points[lower] <= points[upper] - place
    return np.asarray(quarter * grid + np.where(down, points[lower], points[upper]), np.int64)
