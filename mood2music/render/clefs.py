"""Chooses the clef of each bar of a staff by the pitches in it."""

from collections.abc import Sequence

# music21's names of the clefs: an octave higher or lower than written where an 8 stands at it.
PLAIN = {"right": "G2", "left": "F4"}
FAR = {"right": "treble8va", "left": "bass8vb"}

# A staff changes to its far clef in a bar where nothing lies nearer than this, C6 and C2: two
# ledger lines. It changes back where a pitch would hang below that clef's staff, or above it.
OUTSIDE = {"right": 84, "left": 36}
BACK = {"right": 76, "left": 45}
# Bars that a far clef has to last; one or two are read with ledger lines.
LEAST = 3


def clefs(bars: Sequence[Sequence[int]], staff: str) -> list[str]:
    """Choose a clef a bar; bars: the MIDI pitches in each, none where it rests.

    >>> clefs([[72], [96, 88], [91], [], [60]], "right")
    ['G2', 'treble8va', 'treble8va', 'treble8va', 'G2']
    """
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
