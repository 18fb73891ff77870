"""Finds which bars of a piece come back to an earlier one, and how closely."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Floats, Ints
from mood2music.generator.memory.kinds import CLOSE, EXACT, LOOSE, NEW
from mood2music.generator.memory.moves import MOVES
from mood2music.music.events import HELD

# Least likeness (Jaccard index of pitches struck at their places in the bar) of each way to return.
LIKENESS = {LOOSE: 0.35, CLOSE: 0.6, EXACT: 0.9}
# A return goes on with the bar behind the last one unless another is as much more alike.
FAITHFUL = 0.15
# Notes struck in a bar from which on its likeness to another says something; to one that is moved,
# of which there are as many more as there are moves.
FEWEST, FEWEST_MOVED = 3, 4
# Least likeness of a bar to one that is moved: three of four notes fit some move by chance.
MOVED = 0.75


class Bars(NamedTuple):
    """Bars of a piece in order, those in which no event begins left out.

    step: (bars,) int64, grid step of the bar line; source: (bars,) int64, which earlier one of them
    it comes back to, -1 for new matter; code: (bars,) uint8, NEW, LOOSE, CLOSE or EXACT; move:
    (bars,) int64, the row of MOVES by which it is moved then; onsets: (bars,) int64, events in it
    that strike a pitch
    """

    step: Ints
    source: Ints
    code: NDArray[np.uint8]
    move: Ints
    onsets: Ints


def bars_of(begin: Ints, bar: Ints, length: Ints, event: Ints, pitch: Ints) -> Bars:
    """Find the bars of a piece and the earlier one that each is like.

    begin, bar, length: (n,) of its events: the grid step at which each begins, and the bar line and
    length of the bar that it begins in; event, pitch: (strikes,): which event strikes which pitch.
    """
    step, of = np.unique(bar, return_inverse=True)
    long = np.zeros(len(step), np.int64)
    long[of] = length
    source = np.full(len(step), -1)
    code = np.full(len(step), NEW, np.uint8)
    move = np.zeros(len(step), np.int64)
    where = of[event]
    time = ((begin - bar)[event] * 1024 + length[event]) * HELD
    names, feature = np.unique(time + pitch, return_inverse=True)
    has = np.zeros((len(step), len(names)), np.float32)
    has[where, feature] = 1
    likeness = _likeness(has, has, long, FEWEST)
    moved = _moved(likeness, has, names, long)
    following, by = -1, 0
    for at in range(1, len(step)):
        row = likeness[at, :at]
        best, far = at - 1 - int(row[::-1].argmax()), 0
        alike = float(row[best])
        others = moved.get(at, {})
        if others:
            best, far = max(others, key=lambda to: (others[to], to))
            alike = others[best, far]
        onward = 0.0
        if 0 <= following < at:
            onward = others.get((following, by), 0.0) if by else float(row[following])
        if onward >= max(LIKENESS[LOOSE], alike - FAITHFUL):
            best, far, alike = following, by, onward
        following = -1
        for name, least in LIKENESS.items():
            if alike >= least:
                source[at], code[at], move[at] = best, name, far
                following, by = best + 1, far
    return Bars(step, source, code, move, np.bincount(of[np.unique(event)], minlength=len(step)))


def _moved(
    likeness: Floats, has: Floats, names: Ints, length: Ints
) -> dict[int, dict[tuple[int, int], float]]:
    """Of bars that are close to no earlier one as it is: those they are close to when it is moved.

    Gives bar -> (earlier bar, move) -> likeness.
    """
    found: dict[int, dict[tuple[int, int], float]] = {}
    if not len(names):
        return found
    new = np.flatnonzero(np.tril(likeness, -1).max(1) < LIKENESS[CLOSE])
    time, pitch = names - names % HELD, names % HELD
    for move in range(1, len(MOVES)):
        sought = np.where(MOVES[move][pitch] >= 0, time + MOVES[move][pitch], -1)
        at = np.minimum(np.searchsorted(names, sought), len(names) - 1)
        met = names[at] == sought
        alike = _likeness(has[new], has, length, FEWEST_MOVED, (at[met], np.flatnonzero(met)), new)
        alike[np.arange(len(has)) >= new[:, None]] = 0
        for row, before in np.argwhere(alike >= MOVED).tolist():
            found.setdefault(int(new[row]), {})[before, move] = float(alike[row, before])
    return found


def _likeness(
    has: Floats,
    earlier: Floats,
    length: Ints,
    fewest: int,
    features: tuple[Ints, Ints] | None = None,
    rows: Ints | None = None,
) -> Floats:
    """Jaccard index of the features of every two bars of one length: (bars, earlier bars).

    features: which of them are the same in `has` and in `earlier`, (n,) each, None for all; rows:
    which bars `has` has, None for all.
    """
    # Only what stands in two bars counts for what they share.
    shared = np.flatnonzero(earlier.sum(0) > 1)
    mine, theirs = (shared, shared) if features is None else features
    both = has[:, mine] @ earlier[:, theirs].T
    count, counts = has.sum(1), earlier.sum(1)
    alike: Floats = both / np.maximum(count[:, None] + counts - both, 1)
    alike[count < fewest] = 0
    alike[:, counts < fewest] = 0
    alike[(length if rows is None else length[rows])[:, None] != length] = 0
    return alike


def pointed(begin: Ints, bar: Ints, bars: Bars) -> tuple[Ints, NDArray[np.uint8], Ints]:
    """What stands in the earlier bar where each event begins: (n,) events, -1 for none.

    Gives codes and moves too. begin, bar: (n,) as in `bars_of`. An event is found only where one
    begins at that very place.
    """
    of = np.searchsorted(bars.step, bar)
    source = bars.source[of]
    there = np.where(source >= 0, begin - bars.step[of] + bars.step[source], -1)
    found = np.minimum(np.searchsorted(begin, there), len(begin) - 1)
    event = np.where((source >= 0) & (begin[found] == there), found, -1)
    return event, bars.code[of], bars.move[of]
