"""Events written so far to those that would complete a loop, or an n-gram that was there before."""

import numpy as np
from numpy.typing import NDArray

from mood2music.generator.embedding import DURATIONS, PAD
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.music.events import SYMBOLS


class Repeats:
    """Where an event stood that may not be written next, in each of n variants.

    Two events are the same when their tokens, struck and held alike, and durations are. They are
    compared by a 64-bit hash: the sum of a random number for each token and one for the duration
    (Zobrist 1970).
    """

    def __init__(self, n: int, time: int, sampler: SamplerSettings) -> None:
        """`time`: events that will be added at most, those heard included."""
        rng = np.random.default_rng(0)
        self._numbers = rng.integers(1, 1 << 63, SYMBOLS + DURATIONS, np.uint64)
        self._numbers[PAD] = 0
        self._run, self._ngram = sampler.loop_run, sampler.no_repeat_ngram
        # A run of `lag` events stands times + 1 times in a row when times * lag events in a row are
        # each the same as the one `lag` before: the run's own period divides a lag that is tried.
        longest = max(self._run, time // (sampler.loop_times + 1)) if self._run else 0
        self._lags = np.arange(self._run, longest + 1)
        self._nearly = self._lags * sampler.loop_times - 1
        self._same = np.zeros((n, len(self._lags)), np.int64)
        self._front = longest  # columns before the first event, the same as none
        self._hashes = np.zeros((n, longest + time), np.uint64)
        self._time = 0

    def add(self, tokens: NDArray[np.int64], durations: NDArray[np.int64]) -> None:
        """Take in one event more of each variant: (n, pitches) padded with PAD, (n,)."""
        new = np.add.reduce(self._numbers[tokens], axis=1) + self._numbers[durations + SYMBOLS]
        at = self._front + self._time
        self._hashes[:, at] = new
        if self._run:
            before = self._hashes[:, at - self._front : at - self._run + 1][:, ::-1]
            self._same += 1
            self._same *= before == new[:, None]
        self._time += 1

    def completing(self) -> dict[int, set[int]]:
        """Of the variants that have any, places of events that may not come next: row -> places.

        Places count from the first event. With loop_run=1 and loop_times=2:

            A B A A -> the place of A, whose third in a row would be next
        """
        found: dict[int, set[int]] = {}
        if self._run:
            full = self._same >= self._nearly
            if full.any():
                for row, lag in zip(*full.nonzero(), strict=True):
                    found.setdefault(int(row), set()).add(self._time - int(self._lags[lag]))
        n, count = self._ngram, self._time - self._ngram + 1
        if n and count > 0:
            heard = self._hashes[:, self._front : self._front + self._time]
            same = np.ones((len(heard), count), np.bool_)
            for i in range(n - 1):
                same &= heard[:, i : i + count] == heard[:, [count + i]]
            for row, at in zip(*same.nonzero(), strict=True):
                found.setdefault(int(row), set()).add(int(at) + n - 1)
        return found
