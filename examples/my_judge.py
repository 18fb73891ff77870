"""Adds a judge of how wide a melody leaps: plugins=my_judge metric=leap."""

from dataclasses import dataclass

import numpy as np

from mood2music.music.notes import Notes
from mood2music.registry import register


@dataclass(frozen=True)
class Leaps:
    """leap: mean semitones from a note to the next; None for fewer than two notes."""

    leap: float | None


@register("judge", "leaps", Leaps)
def leaps(notes: Notes) -> Leaps:
    """Measure a piece."""
    steps = np.abs(np.diff(notes.pitch.astype(int)))
    return Leaps(float(steps.mean()) if len(steps) else None)
