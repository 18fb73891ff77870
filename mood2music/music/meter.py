"""Says where the bars of a piece begin and how long they are, from its time signatures.

A meter is the time signatures of a piece in the order they begin, each with its grid step:

    3/4, a pickup of one quarter -> (TimeSignature(-48, 3, 4),): its bar began two quarters ago
    4/4, from step 288 on 6/8    -> (TimeSignature(0, 4, 4), TimeSignature(288, 6, 8))

A signature begins a new bar where it stands, also in the middle of the one before: so a short bar
(a pickup, an ending before a repeat) is the same signature once more, where the next bar begins.
() says that the music states no meter; bars are then counted as 4/4 from step 0.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Shortest and longest bar that is taken for one, in quarter notes: 3/8, and 8/4 or 16/8. 1/4, which
# programs write that know of no bars, is none.
SHORTEST_BAR, LONGEST_BAR = 1.5, 8.0


class TimeSignature(NamedTuple):
    """A time signature: grid step at which a bar of it begins, numerator, denominator."""

    step: int
    beats: int
    unit: int


Meter = tuple[TimeSignature, ...]

# What music without a stated meter is read in.
COMMON: Meter = (TimeSignature(0, 4, 4),)


def bar_length(signature: TimeSignature, grid: int) -> int:
    """Grid steps of a bar; grid: steps in a quarter note.

    >>> bar_length(TimeSignature(0, 6, 8), 24)
    72
    """
    return max(round(signature.beats * 4 * grid / signature.unit), 1)


def is_compound(signature: TimeSignature) -> bool:
    """Whether its beats are of three parts each: 6/8, 9/8, 12/8, and the same of sixteenths."""
    return signature.unit >= 8 and signature.beats > 3 and signature.beats % 3 == 0


def places(
    meter: Meter, steps: ArrayLike, grid: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Say where in its bar each grid step stands: (place, length, compound), each (n,).

    steps: (n,) grid steps, in any order, also before the first signature; place: steps since the
    bar line at or before, below length; length: steps of that bar's signature; compound: see
    `is_compound`.
    """
    at = np.asarray(steps, np.int64)
    meter = meter or COMMON
    begins = np.array([s.step for s in meter], np.int64)
    lengths = np.array([bar_length(s, grid) for s in meter], np.int64)
    compound = np.array([is_compound(s) for s in meter])
    which = np.maximum(np.searchsorted(begins, at, "right") - 1, 0)
    return (at - begins[which]) % lengths[which], lengths[which], compound[which]


def bar_lines(meter: Meter, end: int, grid: int) -> NDArray[np.int64]:
    """Grid steps of the bar lines from the first one, at or before step 0, to `end` itself: (m,).

    >>> bar_lines((TimeSignature(-48, 3, 4), TimeSignature(60, 2, 4)), 120, 24)
    array([-48,  24,  60, 108])
    """
    meter = meter or COMMON
    length = bar_length(meter[0], grid)
    first = meter[0].step - max(-(-meter[0].step // length), 0) * length
    begins = [first, *(s.step for s in meter[1:])]
    stops = [*begins[1:], max(end, 0) + 1]
    lines = [
        np.arange(begin, min(stop, end + 1), bar_length(signature, grid), dtype=np.int64)
        for begin, stop, signature in zip(begins, stops, meter, strict=True)
    ]
    found = np.concatenate(lines)
    return found[np.searchsorted(found, 0, "right") - 1 :]


def chord_lines(meter: Meter, end: int, grid: int) -> NDArray[np.int64]:
    """Grid steps below `end` at which chords may change: (m,).

    Bar lines, and within bars of four quarters or more that are not compound their half where that
    is on a beat, the thirds of 3/2, and else the beat behind the half: 5/4 is 3 + 2.

    >>> chord_lines((TimeSignature(0, 4, 4), TimeSignature(96, 5, 4)), 216, 24)
    array([  0,  48,  96, 168])
    """
    lines = bar_lines(meter, end, grid)
    lines = lines[lines < end]
    which = np.searchsorted([s.step for s in meter], lines, "right") - 1
    found = [lines]
    for i, signature in enumerate(meter or COMMON):
        within = _parts(signature, grid)
        found += [lines[np.maximum(which, 0) == i] + part for part in within]
    steps = np.unique(np.concatenate(found))
    return steps[steps < end]


def _parts(signature: TimeSignature, grid: int) -> list[int]:
    """Grid steps from the bar line at which chords may change within a bar."""
    length = bar_length(signature, grid)
    if length < 4 * grid or is_compound(signature):
        return []
    if signature.beats == 3:
        return [length // 3, 2 * length // 3]
    return [-(-signature.beats // 2) * length // signature.beats]


def tidy(signatures: Iterable[TimeSignature], end: int, grid: int) -> Meter:
    """Make a meter of what a file says: sorted, without what is no bar or changes nothing.

    end: grid step at which the music ends; signatures from there on say nothing. Of two at one
    step the later one holds. The first that holds reaches back to the beginning, in whole bars; so
    does the second where the first is there for one bar, and that is shorter: a pickup.

    >>> tidy([TimeSignature(0, 1, 4), TimeSignature(24, 3, 4), TimeSignature(96, 3, 4)], 200, 24)
    (TimeSignature(step=-48, beats=3, unit=4),)
    """
    by_step = {s.step: s for s in sorted(signatures, key=lambda s: s.step) if s.step < max(end, 1)}
    meter: list[TimeSignature] = []
    for signature in by_step.values():
        if not _is_bar(signature):
            continue
        step = signature.step
        if not meter:
            length = bar_length(signature, grid)
            meter.append(signature._replace(step=step - max(-(-step // length), 0) * length))
        elif signature[1:] != meter[-1][1:] or places(tuple(meter), [step], grid)[0][0]:
            meter.append(signature)
    if len(meter) > 1:
        short, long = (bar_length(s, grid) for s in meter[:2])
        if short == meter[1].step - meter[0].step < long and meter[0].step == 0:
            meter[:2] = [meter[1]._replace(step=short - long)]
    return tuple(meter)


def of_bars(bars: Sequence[tuple[int, int, tuple[int, int] | None]], grid: int) -> Meter:
    """Make a meter of bars as they are written: (start, end, (beats, unit) that holds) of each.

    start, end: grid steps; None where no signature holds yet. Bar lines stay where they are
    written: a bar of another length than its signature's is followed by the signature anew. A
    first bar that is short is a pickup, and two bars that are one together (around a repeat sign)
    are one. Signatures that are no bar, as in `tidy`, change nothing.

    >>> of_bars([(0, 24, (3, 4)), (24, 96, (3, 4)), (96, 168, (3, 4))], 24)
    (TimeSignature(step=-48, beats=3, unit=4),)
    """
    bars = [bar for bar in bars if bar[0] < bar[1]]
    stated = [s for *_, s in bars if s is not None and _is_bar(TimeSignature(0, *s))]
    meter: list[TimeSignature] = []
    for start, end, signature in bars if stated else ():
        before = meter[-1][1:] if meter else stated[0]
        holds = signature if signature in stated and signature is not None else before
        short = 0 < end - start < bar_length(TimeSignature(0, *holds), grid)
        if not meter:
            length = bar_length(TimeSignature(0, *holds), grid)
            meter.append(TimeSignature(end - length if short and len(bars) > 1 else start, *holds))
            continue
        if short and holds != before and end != bars[-1][1]:
            holds = before  # a pickup to what comes, in the bars of what was
        where = places(tuple(meter), [start, end], grid)[0]
        one_together = short and where[1] == 0
        if holds != before or (where[0] != 0 and not one_together):
            meter.append(TimeSignature(start, *holds))
    return tuple(meter)


def moved_to(meter: Meter, origin: int, grid: int) -> Meter:
    """Count the same bars from step `origin` on: what was there becomes step 0.

    >>> moved_to((TimeSignature(0, 3, 4),), 24, 24)
    (TimeSignature(step=-24, beats=3, unit=4),)
    """
    place = int(places(meter, [origin], grid)[0][0])
    if not meter and not place:
        return ()
    holds = [s for s in meter or COMMON if s.step <= origin] or [(meter or COMMON)[0]]
    later = [s._replace(step=s.step - origin) for s in meter if s.step > origin]
    return (holds[-1]._replace(step=-place), *later)


def regridded(meter: Meter, grid: int, to: int) -> Meter:
    """The same meter on a grid of `to` steps a quarter note instead of `grid`."""
    return tuple(s._replace(step=round(s.step * to / grid)) for s in meter)


def as_text(meter: Meter) -> str:
    """Write a meter as one word a signature, "step:beats/unit"; "" for none.

    >>> as_text((TimeSignature(0, 4, 4), TimeSignature(288, 6, 8)))
    '0:4/4 288:6/8'
    """
    return " ".join(f"{s.step}:{s.beats}/{s.unit}" for s in meter)


def from_text(text: str) -> Meter:
    """Read what `as_text` wrote. Raises ValueError for anything else."""
    found = []
    for word in text.split():
        step, _, signature = word.partition(":")
        beats, _, unit = signature.partition("/")
        found.append(TimeSignature(int(step), int(beats), int(unit)))
    return tuple(found)


def _is_bar(signature: TimeSignature) -> bool:
    if signature.beats < 2 or signature.unit < 1:
        return False
    return SHORTEST_BAR <= signature.beats * 4 / signature.unit <= LONGEST_BAR
