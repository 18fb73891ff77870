"""Says what may be drawn as the next event: which symbols, held how long, and which repeats not."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Floats
from mood2music.generator.event_batch import DURATIONS, PAD
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.constraints import MOST_PITCHES
from mood2music.music.events import END, HELD, LONGEST, SYMBOLS, Event

# No limit to how long a pitch sounds, in grid steps.
ANY = 1 << 40


class Limits(NamedTuple):
    """Of n variants.

    scores: (n, SYMBOLS) added to the logits of a chord's symbols: -inf where not allowed, and 0 for
    END, always; polyphony: most pitches at once, held ones counted; longest_hold: grid steps that a
    pitch may sound; ages: (n, 128) grid steps since each pitch was struck, None where no event that
    may come can make a hold too long; forbidden: the events that a variant may not draw, by its
    row; may_end: whether the end of the piece may be drawn; left: (n,) grid steps that the next
    event may last, None for any; last: (n,) bool, which of them have to last as long;
    again: (n,) bool, which of them are in a rhythm that comes back, None for none; pace: added to
    the logits of the others' durations, (n, DURATIONS), None for nothing; silence: (n,) grid steps
    that nothing may sound from here on, None for any
    """

    scores: Floats
    polyphony: int
    longest_hold: int
    ages: NDArray[np.int64] | None
    forbidden: dict[int, list[Event]]
    may_end: bool
    left: NDArray[np.int64] | None = None
    last: NDArray[np.bool_] | None = None
    again: NDArray[np.bool_] | None = None
    pace: Floats | None = None
    silence: NDArray[np.int64] | None = None

    def longest(
        self, tokens: NDArray[np.int64], row: int | None = None
    ) -> NDArray[np.int64] | None:
        """Longest durations that chords, (n, pitches), may have: (n,); None where any is allowed.

        row: the variant that all n chords are for; each has its own when not given.
        """
        mine = slice(None) if row is None else slice(row, row + 1)
        if self.left is None and self.ages is None and self.silence is None:
            return None
        longest = np.full(len(tokens), LONGEST)
        if self.left is not None:
            longest = np.minimum(longest, self.left[mine])
        there = (tokens != PAD).any(1)
        if self.silence is not None:
            # A rest that no chord was allowed instead of lasts as shortly as it can.
            rest = np.minimum(longest, np.maximum(self.silence[mine], 1))
            longest = np.where(there, longest, rest)
        if self.ages is not None:
            known = np.broadcast_to(self.ages[mine], (len(tokens), HELD))
            held = (tokens != PAD) & (tokens >= HELD)
            ages = np.take_along_axis(known, tokens % HELD, 1)
            left = self.longest_hold - np.maximum.reduce(ages * held, axis=1, initial=0)
            longest = np.where(there, np.minimum(longest, left), longest)
        return longest

    def sounding(self) -> NDArray[np.bool_] | None:
        """Which variants may not be silent now: (n,); None where all may."""
        return None if self.silence is None or self.silence.all() else self.silence < 1


def free(previous: NDArray[np.int64]) -> Limits:
    """Limits behind events, (n, pitches), and nothing else: only what sounds can be held on."""
    scores = np.zeros((len(previous), SYMBOLS), np.float32)
    scores[:, HELD:END] = -np.inf
    row, place = (previous != PAD).nonzero()
    scores[row, HELD + previous[row, place] % HELD] = 0
    return Limits(scores, MOST_PITCHES, ANY, None, {}, False)


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


# What is left at least of the odds of a choice that leads nowhere but to a forbidden event.
LEAST = 1e-9


@dataclass(frozen=True)
class Path:
    """A chord with forbidden durations, and the choices by which it is drawn.

    chord: its tokens; symbols: the choices in their order, as columns of the logits; steps: the
    durations; tail[j]: probability that a chord that began as this one goes on as it from choice j
    to the end and to one of those durations; tail[len(symbols)] is the durations' alone
    """

    chord: tuple[int, ...]
    symbols: tuple[int, ...]
    steps: list[int]
    tail: NDArray[np.float64]


def turn_away(
    logits: Floats,
    paths: Iterable[Path],
    so_far: tuple[int, ...],
    temperature: float,
    first: int = 0,
) -> None:
    """Take out of one choice's logits, in place, what would lead down the paths.

    logits: (choices,), the columns from `first` on; so_far: the choices before it. Each choice is
    multiplied by the share of what can follow it that is not forbidden, so that all other events
    keep their proportions:

        chords A, B, C with probability 0.6, 0.3, 0.1, half of A's durations forbidden
        -> 0.3, 0.3, 0.1 of 0.7
    """
    shares: dict[int, float] = defaultdict(float)
    place = len(so_far)
    for path in paths:
        if path.symbols[:place] == so_far and len(path.symbols) > place:
            shares[path.symbols[place]] += float(path.tail[place + 1])
    for symbol, share in shares.items():
        logits[symbol - first] += (temperature or 1) * np.log(max(1 - share, LEAST))


def by_chord(events: Iterable[Event]) -> dict[tuple[int, ...], list[int]]:
    """Events as chords with their durations."""
    durations: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for chord, steps in events:
        durations[chord].append(steps)
    return durations
