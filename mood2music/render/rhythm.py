"""Chooses onsets and note values that a musician reads in the bars of a piece.

Times here are ticks of 1/24 quarter note, so that sixteenths (6), triplet eighths (8),
thirty-seconds (3) and sextuplets (4) are whole numbers; a beat of 4/4 has 24, one of 6/8 has 36.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mood2music.music.meter import regridded
from mood2music.music.notes import Notes, make_notes
from mood2music.render.bars import BEAT, FOUR_FOUR, Bar, Bars

# Step of each division of a beat, with the error in ticks that a coarser one may cost before
# it is taken: readers want sixteenths first, then triplets; the finer two must earn their place.
DIVISIONS = {6: 0.0, 8: 0.5, 3: 4.0, 4: 4.0}
TUPLETS = (8, 4)
SMALLEST = 3

# Onsets closer than this are one chord, rolled; onsets further apart must stay apart.
ROLLED = 3
MELTED = 6.0


def as_notated(
    notes: Notes, alone: NDArray[np.bool_] | None = None
) -> tuple[Notes, dict[int, int], NDArray[np.int64]]:
    """Return the notes as they are written, on a grid of 24, and the division of every beat.

    alone: (n,) which notes are of one who plays one at a time, so that no two may be rolled to one
    place; None for none. Of two strokes of one pitch that fall on one place, one stays. Third, for
    each note that came in where it is written: (n,) onsets.
    """
    onset = np.rint(notes.onset * (BEAT / notes.grid)).astype(np.int64)
    end = np.rint((notes.onset + notes.duration) * (BEAT / notes.grid)).astype(np.int64)
    meter = regridded(notes.meter, notes.grid, BEAT)
    bars = Bars(meter)
    divisions = choose_divisions(onset, bars, onset[:0] if alone is None else onset[alone])
    start, stop = quantise(onset, end, divisions, bars)
    written = make_notes(
        start, stop - start, notes.pitch, notes.velocity, notes.tempo, BEAT, notes.title,
        meter=meter,
    )  # fmt: skip
    return written, divisions, start


def choose_divisions(
    onset: NDArray[np.int64], bars: Bars = FOUR_FOUR, alone: Sequence[int] | NDArray[np.int64] = ()
) -> dict[int, int]:
    """Choose the division of every beat that has onsets: its first tick -> step in ticks.

    alone: onsets of which no two are one chord, however near they are.

    The division with the smallest sum of distances wins, after `DIVISIONS`' handicap and
    `MELTED` ticks for each pair of onsets that it would melt together.

    >>> choose_divisions(np.array([0, 8, 16, 24, 30, 36]))
    {0: 8, 24: 6}
    """
    chosen = {}
    beats = bars.beats_of(onset)
    for beat in np.unique(beats).tolist():
        inside = np.unique(onset[beats == beat]) - beat
        mine = np.isin(inside + beat, alone)
        apart = (np.diff(inside) >= ROLLED) | (mine[1:] & mine[:-1])
        length = bars.beat_end(beat) - beat
        costs = {}
        for step, handicap in DIVISIONS.items():
            if length % step and step != SMALLEST:
                continue
            snapped = _snap(inside, step)
            melted = np.count_nonzero((np.diff(snapped) == 0) & apart)
            costs[step] = float(np.abs(inside - snapped).sum()) + MELTED * melted + handicap
        chosen[beat] = min(costs, key=costs.__getitem__)
    return chosen


def quantise(
    onset: NDArray[np.int64],
    end: NDArray[np.int64],
    divisions: dict[int, int],
    bars: Bars = FOUR_FOUR,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Move onsets and releases (n,) to the division of their beat; every note keeps one step."""
    new_onset, new_end = onset.copy(), end.copy()
    for old, new in ((onset, new_onset), (end, new_end)):
        beats = bars.beats_of(old)
        for beat in np.unique(beats).tolist():
            here = beats == beat
            snapped = _snap(old[here] - beat, divisions.get(beat, 6))
            new[here] = np.minimum(beat + snapped, bars.beat_end(beat))
    for i in np.flatnonzero(new_end <= new_onset):
        new_end[i] = new_onset[i] + divisions.get(bars.beat(int(new_onset[i])), 6)
    return new_onset, new_end


def out_of_tuplets(
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    divisions: dict[int, int],
    bars: Bars = FOUR_FOUR,
) -> NDArray[np.int64]:
    """Move releases (n,) of one hand out of triplets that it does not play itself.

    A bracket over one long note that is let go in it tells a reader nothing: where the hand strikes
    nothing behind a beat's beginning, a note that was held into the beat for a third of it ends
    with the beat before, another holds to the beat's end.

    >>> out_of_tuplets(np.array([0, 48]), np.array([32, 56]), {24: 8, 48: 8})
    array([24, 72])
    """
    moved = end.copy()
    onsets = np.unique(start)
    for i in range(len(end)):
        beat = bars.beat(int(end[i]))
        stop = bars.beat_end(beat)
        if end[i] == beat or divisions.get(beat) not in TUPLETS:
            continue
        first = np.searchsorted(onsets, beat, "right")
        if first < len(onsets) and onsets[first] < stop:
            continue
        short = start[i] < beat and 3 * (end[i] - beat) <= stop - beat
        moved[i] = beat if short else stop
    return moved


def values(
    start: int, end: int, divisions: dict[int, int], rest: bool = False, bars: Bars = FOUR_FOUR
) -> Iterator[tuple[int, int]]:
    """Cut [start, end) into notatable (start, length) pairs that show bars, half bars and beats.

    A note may be syncopated inside a half bar (eighth, quarter, eighth); a rest may not.

    >>> list(values(36, 72, {}))
    [(36, 12), (48, 24)]
    """
    while start < end:
        bar = bars.at(start)
        stop = min(end, bar.end)
        yield from _cut(start, stop, divisions, rest, bar)
        start = stop


def _cut(
    start: int, end: int, divisions: dict[int, int], rest: bool, bar: Bar
) -> Iterator[tuple[int, int]]:
    tuplets = any(_in_tuplet(at, divisions, bar) for at in (start, end))
    if _readable(start - bar.start, end - bar.start, tuplets, rest, bar):
        yield start, end - start
        return
    for at in _edges(start, bar, _in_tuplet(start, divisions, bar, on_beat=True)):
        if at < end:
            yield from _cut(start, at, divisions, rest, bar)
            yield from _cut(at, end, divisions, rest, bar)
            return
    yield start, end - start


def _edges(start: int, bar: Bar, tuplet: bool) -> Iterator[int]:
    """Where a value that begins at `start` may be cut, the places that a reader sees first."""
    place = start - bar.start
    parts = (96, 48) if bar.part == 96 else (bar.part,)
    for part in filter(None, parts):
        yield bar.start + (place // part + 1) * part
    yield bar.start + min((edge for edge in bar.beats if edge > place), default=bar.length)
    beat = bar.start + max(edge for edge in bar.beats if edge <= place)
    units = (12, 8, 4) if bar.in_threes else (8, 4)
    for unit in units if tuplet else (12, 6, 3):
        yield beat + ((start - beat) // unit + 1) * unit


def _in_tuplet(at: int, divisions: dict[int, int], bar: Bar, on_beat: bool = False) -> bool:
    """Tell whether a place stands inside a beat of triplets or sextuplets, or at its beginning."""
    if at >= bar.end:
        return False
    beat = bar.start + max(edge for edge in bar.beats if edge <= max(at - bar.start, 0))
    return (on_beat or at != beat) and divisions.get(beat) in TUPLETS


def _readable(a: int, b: int, tuplets: bool, rest: bool, bar: Bar) -> bool:
    """Tell whether [a, b) of a bar is one plain or dotted value in a place where it is read."""
    length = b - a
    beat = max(edge for edge in bar.beats if edge <= a)
    within = a - beat
    following = min((edge for edge in bar.beats if edge > a), default=bar.length)
    one_beat = b <= following
    if bar.in_threes:
        return _readable_in_threes(a, length, within, one_beat, tuplets, rest, bar)
    if tuplets:
        return one_beat and (length, within % 8) in ((4, 0), (4, 4), (8, 0), (16, 0))
    if one_beat:
        if length == 36:  # the last beat of an odd bar of eighths
            return within == 0
        if rest:
            return length in (3, 6, 12, 24) and within % length == 0
        return length in (3, 6, 12, 24) or (length == 18 and within % 6 == 0) or length == 9
    if bar.half:
        if rest:
            return (length == 48 and a % 48 == 0) or (length == 96 and a % 96 == 0)
        if bar.length == 48:
            return (length, a) in ((24, 12), (36, 0), (36, 12), (48, 0))
        # Of eight beats each half is read like a bar of four.
        return (length, a % 48) in ((24, 12), (36, 0), (36, 12)) or (length, a % 96) in (
            (48, 0),
            (48, 24),
            (48, 48),
            (72, 0),
            (72, 24),
            (96, 0),
        )
    if rest:
        return (length, a) in ((48, 0), (72, 0)) and length <= bar.length
    return (length, a % 24) in ((24, 12), (36, 0), (36, 12), (48, 0)) or (length, a) in (
        (72, 0),
        (96, 0),
        (144, 0),
        (bar.part, bar.part),
        (96, bar.part),
        (72, 96),
    )


def _readable_in_threes(
    a: int, length: int, within: int, one_beat: bool, tuplets: bool, rest: bool, bar: Bar
) -> bool:
    """The same where beats are dotted quarters; `within`: ticks from the beat to a."""
    if tuplets:
        return one_beat and (length == 4 or (length, within % 12) in ((8, 0), (8, 4), (12, 0)))
    if one_beat:
        if rest:
            return (length in (3, 6, 12) and within % length == 0) or (
                (length, within) in ((24, 0), (36, 0))
            )
        return (
            length in (3, 6, 9, 12)
            or (length == 18 and within % 6 == 0)
            or (length, within) in ((24, 0), (24, 12), (36, 0))
        )
    if rest:
        return False
    if length == 72:
        return a % 72 == 0 or not bar.half
    return (length, a) == (144, 0) == (bar.length, 0)


def _snap(offset: NDArray[np.int64], step: int) -> NDArray[np.int64]:
    """Move offsets inside a beat to the nearest multiple of `step` (a tie goes down)."""
    return (2 * offset + step - 1) // (2 * step) * step
