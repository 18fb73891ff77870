"""Finds which bars of a piece come back to an earlier one, and how closely."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.generator.memory.kinds import CLOSE, EXACT, LOOSE, NEW

Whole = NDArray[np.int64]

# Least likeness (Jaccard index of pitches struck at their places in the bar) of each way to return.
LIKENESS = {LOOSE: 0.35, CLOSE: 0.6, EXACT: 0.9}
# A return goes on with the bar behind the last one unless another is as much more alike.
FAITHFUL = 0.15
# Notes struck in a bar from which on its likeness to another says something.
FEWEST = 3


class Bars(NamedTuple):
    """Bars of a piece in order, those in which no event begins left out.

    step: (bars,) int64, grid step of the bar line; source: (bars,) int64, which earlier one of them
    it comes back to, -1 for new matter; code: (bars,) uint8, NEW, LOOSE, CLOSE or EXACT
    """

    step: Whole
    source: Whole
    code: NDArray[np.uint8]


def bars_of(begin: Whole, bar: Whole, length: Whole, event: Whole, pitch: Whole) -> Bars:
    """Find the bars of a piece and the earlier one that each is like.

    begin, bar, length: (n,) of its events: the grid step at which each begins, and the bar line and
    length of the bar that it begins in; event, pitch: (strikes,): which event strikes which pitch.
    """
    step, of = np.unique(bar, return_inverse=True)
    long = np.zeros(len(step), np.int64)
    long[of] = length
    source = np.full(len(step), -1)
    code = np.full(len(step), NEW, np.uint8)
    where = of[event]
    feature = ((begin - bar)[event] * 128 + pitch) * 1024 + length[event]
    _, feature = np.unique(feature, return_inverse=True)
    likeness = _likeness(where, feature, long)
    following = -1
    for at in range(1, len(step)):
        row = likeness[at, :at]
        best = at - 1 - int(row[::-1].argmax())
        if 0 <= following < at and row[following] >= max(LIKENESS[LOOSE], row[best] - FAITHFUL):
            best = following
        alike = row[best]
        following = -1
        for name, least in LIKENESS.items():
            if alike >= least:
                source[at], code[at] = best, name
                following = best + 1
    return Bars(step, source, code)


def _likeness(bar: Whole, feature: Whole, length: Whole) -> NDArray[np.float32]:
    """Jaccard index of the features of every two bars of one length: (bars, bars)."""
    bars = len(length)
    has = np.zeros((bars, int(feature.max(initial=-1)) + 1), np.float32)
    has[bar, feature] = 1
    # Only what stands in two bars counts for what they share.
    shared = has[:, has.sum(0) > 1]
    both = shared @ shared.T
    count = has.sum(1)
    either = count[:, None] + count - both
    alike = both / np.maximum(either, 1)
    few = count < FEWEST
    alike[few] = 0
    alike[:, few] = 0
    alike[length[:, None] != length] = 0
    likeness: NDArray[np.float32] = alike.astype(np.float32)
    return likeness


def pointed(begin: Whole, bar: Whole, bars: Bars) -> tuple[Whole, NDArray[np.uint8]]:
    """What stands in the earlier bar where each event begins: (n,) events, -1 for none; codes.

    begin, bar: (n,) as in `bars_of`. An event is found only where one begins at that very place.
    """
    of = np.searchsorted(bars.step, bar)
    source = bars.source[of]
    there = np.where(source >= 0, begin - bars.step[of] + bars.step[source], -1)
    found = np.minimum(np.searchsorted(begin, there), len(begin) - 1)
    event = np.where((source >= 0) & (begin[found] == there), found, -1)
    return event, bars.code[of]
