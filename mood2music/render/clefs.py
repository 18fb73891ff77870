"""Chooses the clef of a soloist, and of each bar of a staff, by the pitches in it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mood2music.render.soloist import RANGES

# music21's names of the clefs: an octave higher or lower than written where an 8 stands at it.
PLAIN = {"right": "G2", "left": "F4", "tenor": "C4"}
FAR = {"right": "treble8va", "left": "bass8vb"}

# A staff changes to its far clef in a bar where nothing lies nearer than this, C6 and C2: two
# ledger lines. It changes back where a pitch would hang below that clef's staff, or above it.
OUTSIDE = {"right": 84, "left": 36}
BACK = {"right": 76, "left": 45}
# Bars that a far clef has to last; one or two are read with ledger lines.
LEAST = 3

# Who reads a bass clef is who plays lower than this; of those cello, trombone and bassoon read a
# tenor clef as well.
DEEP, TENOR = 44, (42, 57, 70)
# Of each clef the lowest and highest pitch on its staff, and what it costs that it is not the one
# that these players read first: the mean square of semitones off the staff. A tune around E4, seven
# above a bass clef's staff, is worth another.
STAFF = {"left": (43, 57, 0), "tenor": (50, 64, 40), "right": (64, 77, 45)}


def solo_clef(pitch: NDArray[np.int64], program: int) -> str:
    """Choose the clef of a soloist's tune, (n,) as it sounds, one at least.

    >>> solo_clef(np.array([48, 55]), 42), solo_clef(np.array([57, 71]), 42)
    ('left', 'tenor')
    """
    if RANGES.get(program, (DEEP, 0))[0] >= DEEP:
        return "right"
    costs = {}
    for name, (low, high, habit) in STAFF.items():
        if name != "tenor" or program in TENOR:
            off = np.maximum(low - pitch, 0) + np.maximum(pitch - high, 0)
            costs[name] = habit + float((off**2).mean())
    return min(costs, key=costs.__getitem__)


def clefs(bars: Sequence[Sequence[int]], staff: str) -> list[str]:
    """Choose a clef a bar; bars: the MIDI pitches in each, none where it rests.

    >>> clefs([[72], [96, 88], [91], [], [60]], "right")
    ['G2', 'treble8va', 'treble8va', 'treble8va', 'G2']
    """
    if staff not in FAR:
        return [PLAIN[staff]] * len(bars)
    sign = 1 if staff == "right" else -1
    far = [False] * len(bars)
    now = False
    for bar, pitches in enumerate(bars):
        if pitches:
            nearest = min(sign * pitch for pitch in pitches)
            now = nearest >= sign * (BACK if now else OUTSIDE)[staff]
        far[bar] = now
    return [
        FAR[staff] if far[bar] and _lasts(far, bar) else PLAIN[staff] for bar in range(len(bars))
    ]


def _lasts(far: Sequence[bool], bar: int) -> bool:
    """Tell whether the run of far bars around this one is long enough."""
    first = last = bar
    while first and far[first - 1]:
        first -= 1
    while last + 1 < len(far) and far[last + 1]:
        last += 1
    return last - first + 1 >= LEAST
