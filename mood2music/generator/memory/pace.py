"""Keeps a piece as dense as its song: where it moves quicker, longer events are likelier."""

import numpy as np

from mood2music.arrays import Floats
from mood2music.music.events import LONGEST, Event, strikes

# What is left of an event's weight behind each one more; by which power of a duration it is
# likelier for each e-fold that the piece is denser than its song, and the most.
FADING, SLOWED, SLOWEST = 0.98, 3.0, 0.8
_LOG_LENGTHS = np.log(np.maximum(np.arange(LONGEST + 1), 1))


class Pace:
    """How often a piece has struck something, event by event."""

    def __init__(self, wait: float) -> None:
        """wait: grid steps from one onset of the song to the next, in the mean, 0 for unknown."""
        self._wait = wait
        self._struck = self._time = 0.0  # onsets and grid steps, the early ones faded

    def add(self, event: Event) -> None:
        """Take in one event."""
        chord, duration = event
        self._struck = self._struck * FADING + strikes(chord)
        self._time = self._time * FADING + duration

    @property
    def slower(self) -> float:
        """By which power of how long it lasts a duration is likelier."""
        if not self._wait or not self._struck or not self._time:
            return 0.0
        denser = np.log(self._struck * self._wait / self._time)
        return float(np.clip(SLOWED * denser, -SLOWEST, SLOWEST))

    def logits(self) -> Floats:
        """What is added to the logit of every duration in grid steps, (LONGEST + 1,)."""
        return (self.slower * _LOG_LENGTHS).astype(np.float32)
