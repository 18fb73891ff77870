"""The mood that every stage passes on: valence and arousal, each in [-1, 1]."""

import math
from dataclasses import dataclass
from typing import Any

from mood2music.errors import MoodError


@dataclass(frozen=True)
class Mood:
    """A point of Russell's circumplex (1980).

    valence: -1 unpleasant to 1 pleasant; arousal: -1 calm to 1 excited.
    Raises MoodError when either lies outside [-1, 1] or is no number.
    """

    valence: float
    arousal: float

    def __post_init__(self) -> None:
        """Check both axes once, so that all that follows may trust them."""
        for axis in ("valence", "arousal"):
            value = getattr(self, axis)
            # numpy's numbers become Python's, which JSON takes.
            value = value.item() if hasattr(value, "item") else value
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise MoodError(f"mood has {axis} {value!r}, expected a number from -1 to 1")
            object.__setattr__(self, axis, float(value))
            if not (math.isfinite(value) and -1.0 <= value <= 1.0):
                raise MoodError(
                    f"mood has {axis} {value:g}, expected -1 to 1: pass for example mood=[0.4,-0.2]"
                )

    def distance(self, other: "Mood") -> float:
        """Euclidean distance on the valence-arousal plane (0 to 2.83)."""
        return math.hypot(self.valence - other.valence, self.arousal - other.arousal)


def is_pair(value: Any) -> bool:
    """Whether a config's or a page's value is a list of two numbers, as a mood is written."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(number, int | float) for number in value)
    )
