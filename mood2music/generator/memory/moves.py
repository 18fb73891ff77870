"""Says how a bar is moved where it comes back higher or lower: by semitones, or along the scale."""

import numpy as np
from numpy.typing import NDArray

from mood2music.music.events import HELD

# Semitones that a bar comes back higher by: to the keys nearby, and by an octave.
SEMITONES = (*range(-7, 0), *range(1, 8), -12, 12)
# Steps of the scale of C major or A minor, which the networks' pieces are in: a tonal sequence.
DEGREES = (*range(-5, 0), *range(1, 6))
_WHITE = np.array([0, 2, 4, 5, 7, 9, 11])


def _table() -> NDArray[np.int64]:
    pitch = np.arange(HELD)
    octave, tone = np.divmod(pitch, 12)
    degree = np.searchsorted(_WHITE, tone, "right") - 1
    raised = tone - _WHITE[degree]
    rows = [pitch, *(pitch + by for by in SEMITONES)]
    for by in DEGREES:
        far = octave * 7 + degree + by
        rows.append(far // 7 * 12 + _WHITE[far % 7] + raised)
    table = np.array(rows)
    return np.where((table >= 0) & (table < HELD), table, -1)


# (moves, 128): where each pitch comes to, -1 for nowhere; move 0 leaves all where they are.
MOVES = _table()
