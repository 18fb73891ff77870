"""Small pieces, written as (onset, duration, pitch) in quarter notes."""

from collections.abc import Sequence

import numpy as np

from mood2music.music.meter import Meter
from mood2music.music.notes import GRID, Notes, make_notes


def piece(
    rows: Sequence[tuple[float, float, int]], tempo: float = 120.0, meter: Meter = ()
) -> Notes:
    onset, duration, pitch = (np.array(column) for column in zip(*rows, strict=True))
    steps = (onset * GRID).round(), (duration * GRID).round()
    return make_notes(*steps, pitch, [80] * len(rows), tempo, meter=meter)


def line(pitches: Sequence[int], length: float = 1.0, start: float = 0.0) -> Notes:
    """One voice of notes of one length."""
    return piece([(start + i * length, length, pitch) for i, pitch in enumerate(pitches)])
