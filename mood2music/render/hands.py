"""Deals the notes of a piano score to two hands: what a player reads together and can reach."""

import numpy as np
from numpy.typing import NDArray

from mood2music.render.bars import BEAT, FOUR_FOUR, Bars

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Costs = NDArray[np.float64]

MIDDLE_C = 60
# Where the hands may part: the lowest pitch (MIDI number) of the right one.
PARTINGS = np.arange(MIDDLE_C - 14, MIDDLE_C + 15)
# All pitches; FAR is beyond any.
KEYS, FAR = np.arange(128), 999
# An octave is played with ease, a tenth by many.
OCTAVE, TENTH = 12, 16
# Pitches from which notes hang below the upper staff, or stand above the lower one: A3, E4,
# two ledger lines each.
BELOW, ABOVE = 57, 64

# What it costs, in one unit: each semitone beyond an octave, and beyond a tenth as well, that one
# hand strikes at once; what it holds beside counts half, and no more than HELD.
STRETCH, TEAR, HELD = 0.5, 3.0, 1.0
# A stroke of a hand that holds a chord, of so many notes.
BUSY, CHORD = 1.0, 3
# The square of each semitone off the staff; a note of the tune in the left hand, another note that
# the lower staff holds in the right one.
LEDGER, LEFT_TUNE, RIGHT_CHORD = 0.2, 2.0, 0.7
# A line that goes from hand to hand without a rest of LINGER: the tune, and the highest of the
# other notes where it goes by a sixth at most, as broken chords do, from one that is not held on.
BREAK, LINGER, SIXTH = (4.0, 2.0), 2 * BEAT, 9
# Each semitone of the parting from middle C; of the gap between what the hands play, which is
# gained from a fifth on, as far as an octave; by which they strike together nearer than a fourth.
CENTRE, GAP, NEAR, FOURTH, FIFTH = 0.1, 0.15, 0.3, 5, 7
# Each semitone by which the parting moves, and at most; within a bar so many times that.
MOVE, MOST, WITHIN = 0.1, 1.5, 2.0


def right_hand(
    onset: Ints, end: Ints, pitch: Ints, tune: Bools | None = None, bars: Bars = FOUR_FOUR
) -> Bools:
    """Tell for every note (n,) whether the right hand plays it; times in ticks, by onset.

    tune: (n,) which notes are the tune, None for none of them. At each onset the hands part at one
    pitch. Of all ways through the piece the cheapest is taken (Viterbi), by the costs above.
    """
    if not len(onset):
        return np.zeros(0, bool)
    tune = np.zeros(len(onset), bool) if tune is None else tune
    times, at = np.unique(onset, return_inverse=True)
    costs = _places(onset, end, pitch, tune, times)
    # The tune and the highest of the other notes at each onset: pitch and end, -1 for none.
    lines = np.full((2, len(times), 2), -1)
    for note in np.argsort(pitch, kind="stable").tolist():
        lines[int(not tune[note]), at[note]] = pitch[note], end[note]
    bar_of = np.searchsorted([bar.start for bar in bars.until(int(times[-1]) + 1)], times, "right")
    parts = PARTINGS[_cheapest(costs, lines, times, bar_of)]
    upper: Bools = pitch >= parts[at]
    return upper


def _places(onset: Ints, end: Ints, pitch: Ints, tune: Bools, times: Ints) -> Costs:
    """What each parting costs at each onset, (times, partings), without what leads there."""
    struck, sung, held = (np.zeros((len(times), len(KEYS)), bool) for _ in range(3))
    first, last = np.searchsorted(times, onset), np.searchsorted(times, end)
    struck[first, pitch] = True
    sung[first[tune], pitch[tune]] = True
    # Each note once at every onset behind its own at which it sounds.
    long = np.maximum(last - first - 1, 0)
    later = np.arange(long.sum()) - np.repeat(np.cumsum(long) - long - first - 1, long)
    held[later, np.repeat(pitch, long)] = True
    held &= ~struck

    # Where somebody else has the tune the right hand is free for chords.
    low = (KEYS <= ABOVE) & tune.any()
    right = struck * (LEDGER * np.maximum(BELOW - KEYS, 0) ** 2 + RIGHT_CHORD * (low & ~sung))
    left = struck * (LEDGER * np.maximum(KEYS - ABOVE, 0) ** 2 + LEFT_TUNE * sung)
    costs: Costs = CENTRE * np.abs(PARTINGS - MIDDLE_C) + _sums(right)[1] + _sums(left)[0]

    spans, (below, above) = _spans(struck | held)
    own, (beneath, over) = _spans(struck)
    for hand, moved, busy, mine in zip(spans, _sums(struck), _sums(held), own, strict=True):
        beside = np.minimum(hand / 2, HELD) + BUSY * (busy >= CHORD)
        costs += mine + np.where(moved > 0, beside, 0)
    gap = above - below
    costs -= np.where(gap < len(KEYS), GAP * (np.minimum(gap, OCTAVE) - FIFTH), 0)
    costs += NEAR * np.maximum(FOURTH - (over - beneath), 0)
    return costs


def _sums(keys: NDArray[np.generic]) -> tuple[Costs, Costs]:
    """Sums of a row over the keys, (times, 128), of the left hand and of the right one."""
    left = np.cumsum(keys, 1, dtype=float)
    return left[:, PARTINGS - 1], left[:, -1:] - left[:, PARTINGS - 1]


def _spans(keys: Bools) -> tuple[tuple[Costs, Costs], tuple[Ints, Ints]]:
    """What it costs each hand to reach its keys, (times, 128); its highest, its lowest of them."""
    highest = np.maximum.accumulate(np.where(keys, KEYS, -FAR), 1)
    lowest = np.minimum.accumulate(np.where(keys, KEYS, FAR)[:, ::-1], 1)[:, ::-1]
    left, right = highest[:, PARTINGS - 1], lowest[:, PARTINGS]

    def cost(wide: Ints) -> Costs:
        return STRETCH * np.maximum(wide - OCTAVE, 0) + TEAR * np.maximum(wide - TENTH, 0)

    return (cost(left - lowest[:, :1]), cost(highest[:, -1:] - right)), (left, right)


def _cheapest(costs: Costs, lines: Ints, times: Ints, bar_of: Ints) -> Ints:
    """The cheapest way: which parting at each onset; lines: (2, times, 2), see `right_hand`."""
    away = np.minimum(MOVE * np.abs(PARTINGS[:, None] - PARTINGS), MOST)
    # A state: which hand had the last note of each line, 0 for the left one, and the parting.
    states = np.arange(4 * len(PARTINGS)).reshape(2, 2, -1)
    total = np.zeros(states.shape)
    back = np.zeros((len(times), *states.shape), np.int64)
    last = [(-LINGER, -1, 0)] * len(lines)
    for i, time in enumerate(times.tolist()):
        within = i > 0 and bar_of[i] == bar_of[i - 1]
        ways = total[:, :, None] + away * (WITHIN if within else 1.0)
        best = ways.argmin(3)
        total = np.take_along_axis(ways, best[..., None], 3)[..., 0]
        came = np.take_along_axis(states, best, 2)
        for axis, line in enumerate(lines):
            height, end = line[i].tolist()
            if height < 0:
                continue
            before, pitch, released = last[axis]
            near = axis == 0 or (abs(height - pitch) <= SIXTH and released <= time)
            cost = BREAK[axis] if near and time - before < LINGER else 0.0
            last[axis] = time, height, end
            changed, came_changed = np.flip(total, axis) + cost, np.flip(came, axis)
            came = np.where(total <= changed, came, came_changed)
            total = np.minimum(total, changed)
            hand = np.arange(2).reshape((2, 1, 1) if axis == 0 else (1, 2, 1))
            total = np.where((height >= PARTINGS) == hand, total, np.inf)
        total += costs[i]
        back[i] = came
    path = np.zeros(len(times), np.int64)
    state = int(total.argmin())
    for i in range(len(times) - 1, -1, -1):
        path[i] = state % len(PARTINGS)
        state = int(back[i].flat[state])
    return path
