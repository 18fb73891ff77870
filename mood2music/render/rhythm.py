"""Chooses onsets and note values that a musician reads in 4/4.

Times here are ticks of 1/24 quarter note, so that sixteenths (6), triplet eighths (8),
thirty-seconds (3) and sextuplets (4) are whole numbers; a beat has 24, a bar of 4/4 has 96.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mood2music.music.meter import regridded
from mood2music.music.notes import Notes, make_notes

BEAT = 24
BAR = 4 * BEAT

# Step of each division of a beat, with the error in ticks that a coarser one may cost before
# it is taken: readers want sixteenths first, then triplets; the finer two must earn their place.
DIVISIONS = {6: 0.0, 8: 0.5, 3: 4.0, 4: 4.0}
TUPLETS = (8, 4)

# Onsets closer than this are one chord, rolled; onsets further apart must stay apart.
ROLLED = 3
MELTED = 6.0


def as_notated(notes: Notes) -> tuple[Notes, dict[int, int], NDArray[np.int64]]:
    """Return the notes as they are written, on a grid of 24, and the division of every beat.

    Of two strokes of one pitch that fall on one place, one stays. Third, for each note that came
    in where it is written: (n,) onsets.
    """
    onset = np.rint(notes.onset * (BEAT / notes.grid)).astype(np.int64)
    end = np.rint((notes.onset + notes.duration) * (BEAT / notes.grid)).astype(np.int64)
    divisions = choose_divisions(onset)
    start, stop = quantise(onset, end, divisions)
    written = make_notes(
        start, stop - start, notes.pitch, notes.velocity, notes.tempo, BEAT, notes.title,
        meter=regridded(notes.meter, notes.grid, BEAT),
    )  # fmt: skip
    return written, divisions, start


def choose_divisions(onset: NDArray[np.int64]) -> dict[int, int]:
    """Choose the division of every beat that has onsets: beat number -> step in ticks.

    The division with the smallest sum of distances wins, after `DIVISIONS`' handicap and
    `MELTED` ticks for each pair of onsets that it would melt together.

    >>> choose_divisions(np.array([0, 8, 16, 24, 30, 36]))
    {0: 8, 1: 6}
    """
    chosen = {}
    for beat in np.unique(onset // BEAT):
        inside = np.unique(onset[onset // BEAT == beat]) - beat * BEAT
        apart = np.diff(inside) >= ROLLED
        costs = {}
        for step, handicap in DIVISIONS.items():
            snapped = _snap(inside, step)
            melted = np.count_nonzero((np.diff(snapped) == 0) & apart)
            costs[step] = float(np.abs(inside - snapped).sum()) + MELTED * melted + handicap
        chosen[int(beat)] = min(costs, key=costs.__getitem__)
    return chosen


def quantise(
    onset: NDArray[np.int64], end: NDArray[np.int64], divisions: dict[int, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Move onsets and releases (n,) to the division of their beat; every note keeps one step."""
    new_onset, new_end = onset.copy(), end.copy()
    for beat in np.unique(np.concatenate([onset, end]) // BEAT):
        step, start = divisions.get(int(beat), 6), int(beat) * BEAT
        for old, new in ((onset, new_onset), (end, new_end)):
            here = old // BEAT == beat
            new[here] = start + _snap(old[here] - start, step)
    for i in np.flatnonzero(new_end <= new_onset):
        new_end[i] = new_onset[i] + divisions.get(int(new_onset[i]) // BEAT, 6)
    return new_onset, new_end


def values(
    start: int, end: int, divisions: dict[int, int], rest: bool = False
) -> Iterator[tuple[int, int]]:
    """Cut [start, end) into notatable (start, length) pairs that show bars, half bars and beats.

    A note may be syncopated inside a half bar (eighth, quarter, eighth); a rest may not.

    >>> list(values(36, 72, {}))
    [(36, 12), (48, 24)]
    """
    while start < end:
        stop = min(end, (start // BAR + 1) * BAR)
        yield from _cut(start, stop, divisions, rest)
        start = stop


def _cut(start: int, end: int, divisions: dict[int, int], rest: bool) -> Iterator[tuple[int, int]]:
    bar = start // BAR * BAR
    if _readable(start - bar, end - bar, _tuplets(start, end, divisions), rest):
        yield start, end - start
        return
    tuplet = divisions.get(start // BEAT) in TUPLETS and (end - 1) // BEAT == start // BEAT
    for unit in (48, BEAT, 8, 4) if tuplet else (48, BEAT, 12, 6, 3):
        at = (start // unit + 1) * unit
        if at < end:
            yield from _cut(start, at, divisions, rest)
            yield from _cut(at, end, divisions, rest)
            return
    yield start, end - start


def _tuplets(start: int, end: int, divisions: dict[int, int]) -> bool:
    """Tell whether the span begins or ends inside a beat of triplets or sextuplets."""
    return any(at % BEAT and divisions.get(at // BEAT) in TUPLETS for at in (start, end))


def _readable(a: int, b: int, tuplets: bool, rest: bool) -> bool:
    """Tell whether [a, b) of a bar is one plain or dotted value in a place where it is read."""
    length = b - a
    if tuplets:
        return a // BEAT == (b - 1) // BEAT and (length, a % 8) in ((4, 0), (4, 4), (8, 0), (16, 0))
    if a // BEAT == (b - 1) // BEAT:
        if rest:
            return length in (3, 6, 12, 24) and a % length == 0
        return length in (3, 6, 12, 24) or (length == 18 and a % 6 == 0) or length == 9
    if rest:
        return length in (48, 96) and a % length == 0
    return (length, a % 48) in ((24, 12), (36, 0), (36, 12)) or (length, a) in (
        (48, 0),
        (48, 24),
        (48, 48),
        (72, 0),
        (72, 24),
        (96, 0),
    )


def _snap(offset: NDArray[np.int64], step: int) -> NDArray[np.int64]:
    """Move offsets inside a beat to the nearest multiple of `step` (a tie goes down)."""
    return (2 * offset + step - 1) // (2 * step) * step
