"""Says how long events are to last: as its song's, and in the rhythm of the last bars."""

from collections import deque

import numpy as np

from mood2music.arrays import Floats
from mood2music.music.events import LONGEST, Event, strikes

# A piece stays as dense as its song: what is left of an event's weight behind each one more, by
# which power of a duration it is likelier for each e-fold that the piece is denser, and the most.
FADING, SLOWED, SLOWEST = 0.98, 3.0, 0.8
# Bars whose rhythm is remembered.
BARS = 4
_LOG_LENGTHS = np.log(np.maximum(np.arange(LONGEST + 1), 1))


class Pace:
    """When a piece has struck something, event by event."""

    def __init__(self, wait: float, steady: float) -> None:
        """Begin before the first bar.

        wait: grid steps from one onset of the song to the next, in the mean, 0 for unknown; steady:
        logits by which a duration is likelier that ends where something was struck in all of the
        last BARS bars, than one that ends where nothing was
        """
        self._wait, self._steady = wait, steady
        self._struck = self._time = 0.0  # onsets and grid steps, the early ones faded
        self._bars: deque[set[int]] = deque(maxlen=BARS + 1)

    def begin(self) -> None:
        """Begin a bar."""
        self._bars.append(set())

    def add(self, event: Event, into: int) -> None:
        """Take in one event of the last bar, which begins `into` grid steps behind its line."""
        chord, duration = event
        onset = strikes(chord)
        if onset:
            self._bars[-1].add(into)
        self._struck = self._struck * FADING + onset
        self._time = self._time * FADING + duration

    @property
    def slower(self) -> float:
        """By which power of how long it lasts a duration is likelier."""
        if not self._wait or not self._struck or not self._time:
            return 0.0
        denser = np.log(self._struck * self._wait / self._time)
        return float(np.clip(SLOWED * denser, -SLOWEST, SLOWEST))

    def logits(self, into: int, long: int) -> Floats:
        """What is added to the logit of every duration in grid steps, (LONGEST + 1,).

        into: where the event begins, behind the line of the last bar; long: that bar.
        """
        logits = self.slower * _LOG_LENGTHS
        before = list(self._bars)[:-1]
        if self._steady and before:
            struck = np.zeros(long)
            for bar in before:
                struck[[place for place in bar if place < long]] += self._steady / len(before)
            logits += struck[(into + np.arange(LONGEST + 1)) % long]
        return logits.astype(np.float32)
