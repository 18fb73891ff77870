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
# An octave is played with ease, a tenth by many.
OCTAVE, TENTH = 12, 16
# Pitches from which notes hang below the upper staff, or stand above the lower one: A3, E flat 4.
BELOW, ABOVE = 57, 63

# What it costs, in one unit: each semitone beyond an octave, and beyond a tenth as well, that one
# hand strikes at once; what it holds beside counts half, and no more than HELD.
STRETCH, TEAR, HELD = 0.5, 3.0, 1.0
# A stroke of a hand that holds a chord, of so many notes.
BUSY, CHORD = 1.0, 3
# The square of each semitone off the staff; a note of the tune in the left hand, another note that
# the lower staff holds in the right one.
LEDGER, LEFT_TUNE, RIGHT_CHORD = 0.2, 2.0, 0.7
# A line that goes from hand to hand without a rest of LINGER: the tune, and the highest of the
# other notes where it goes by a fifth at most from one that is not held on.
BREAK, LINGER, FIFTH = (4.0, 1.5), 2 * BEAT, 7
# Each semitone of the parting from middle C; of the gap between what the hands play, which is
# gained from a fifth on, as far as an octave; by which they strike together nearer than a fourth.
CENTRE, GAP, NEAR, FOURTH = 0.1, 0.15, 0.3, 5
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
    first, last = np.searchsorted(times, onset), np.searchsorted(times, end)
    long = np.maximum(last - first, 1)
    # Each note once at every onset at which it sounds, by onset.
    note = np.repeat(np.arange(len(onset)), long)
    at = np.repeat(first, long) + np.arange(len(note)) - np.repeat(np.cumsum(long) - long, long)
    order = np.argsort(at, kind="stable")
    note, at = note[order], at[order]
    struck = onset[note] == times[at]
    height = pitch[note][:, None]
    right = height >= PARTINGS
    begins = np.flatnonzero(np.r_[True, np.diff(at) > 0])

    def over(hand: Bools, reduce: np.ufunc, nothing: int) -> Ints:
        reduced: Ints = reduce.reduceat(np.where(hand, height, nothing), begins)
        return reduced

    def span(hand: Bools) -> Costs:
        wide = over(hand, np.maximum, -999) - over(hand, np.minimum, 999)
        cost: Costs = STRETCH * np.maximum(wide - OCTAVE, 0) + TEAR * np.maximum(wide - TENTH, 0)
        return cost

    now = struck[:, None]
    costs: Costs = CENTRE * np.abs(PARTINGS - MIDDLE_C) + np.zeros((len(times), 1))
    for hand in (right, ~right):
        moves = np.logical_or.reduceat(hand & now, begins)
        busy = np.add.reduceat(hand & ~now, begins, dtype=int) >= CHORD
        beside = np.minimum(span(hand) / 2, HELD) + BUSY * busy
        costs += span(hand & now) + np.where(moves, beside, 0)
    off = np.where(right, np.maximum(BELOW - height, 0), np.maximum(height - ABOVE, 0))
    sung = tune[note][:, None]
    # Where somebody else has the tune the right hand is free for chords.
    low = ~sung & (height <= ABOVE) & tune.any()
    each = LEDGER * off**2 + np.where(right, RIGHT_CHORD * low, LEFT_TUNE * sung)
    costs += np.add.reduceat(np.where(now, each, 0), begins)
    gap = over(right, np.minimum, 999) - over(~right, np.maximum, -999)
    costs -= np.where(gap < 128, GAP * (np.minimum(gap, OCTAVE) - FIFTH), 0)
    near = over(right & now, np.minimum, 999) - over(~right & now, np.maximum, -999)
    costs += NEAR * np.maximum(FOURTH - near, 0)
    return costs


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
            near = axis == 0 or (abs(height - pitch) <= FIFTH and released <= time)
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
