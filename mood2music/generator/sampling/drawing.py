"""Draws events in numpy from contexts and limits: chord, then duration, then dynamics."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from mood2music.arrays import Floats
from mood2music.generator.embedding import TokenSum
from mood2music.generator.event_batch import DURATIONS, END_OF_PIECE, NO_EVENT, NO_LEVEL, PAD
from mood2music.generator.heads import DurationHead, LevelHead
from mood2music.generator.sampling.choice import SamplerSettings, choose
from mood2music.generator.sampling.constraints import MOST_PITCHES
from mood2music.generator.sampling.layers import product
from mood2music.generator.sampling.limits import Limits, Path
from mood2music.music.events import HELD, LONGEST

# Random numbers that an event takes: one a symbol of its chord, END included, one for its duration,
# one a place of the chord for the dynamics. Always as many, so that each variant keeps its own.
CHORD_DRAWS = MOST_PITCHES + 1
DRAWS = CHORD_DRAWS + 1 + CHORD_DRAWS


class Drawn(NamedTuple):
    """tokens: (n, pitches) int64, padded with PAD; durations: (n,) int64, grid steps or
    END_OF_PIECE; levels: (n, pitches) int64, NO_LEVEL where no pitch is struck.
    """

    tokens: NDArray[np.int64]
    durations: NDArray[np.int64]
    levels: NDArray[np.int64]


class DrawnChords(NamedTuple):
    """tokens: as in Drawn; state: (n, width), the tokens taken in; paths: those of the rows with
    forbidden events.
    """

    tokens: NDArray[np.int64]
    state: Floats
    paths: Mapping[int, list[Path]]


class Drawer(ABC):
    """Durations and dynamics, which both representations draw alike; `chords` is their own.

    `state`, (n, width), is what linear layers make of the context, side by side, and of the tokens
    drawn so far: [the representation's own part, the duration head's, the level head's].
    """

    def __init__(
        self,
        own: Sequence[tuple[nn.Linear, TokenSum]],
        duration: DurationHead,
        level: LevelHead,
    ) -> None:
        """`own`: the layers of the representation's own part."""
        parts = [*own, (duration.context, duration.tokens), (level.context, level.chord)]
        weight = np.concatenate([as_array(linear.weight) for linear, _ in parts])
        self.weight = np.ascontiguousarray(weight.T)
        self.bias = np.concatenate([as_array(linear.bias) for linear, _ in parts])
        self.table = np.concatenate([as_array(tokens.weight) for _, tokens in parts], 1)
        self.table[PAD] = 0
        self.own = sum(linear.out_features for linear, _ in own)
        self._level_part = self.own + duration.context.out_features
        self._duration = np.ascontiguousarray(as_array(duration.out.weight).T)
        self._duration_bias = as_array(duration.out.bias).copy()
        self._duration_bias[NO_EVENT] = -np.inf
        self._level = np.ascontiguousarray(as_array(level.out.weight).T)
        self._level_bias = as_array(level.out.bias)
        self._pitch, self._below = as_array(level.pitch.weight), as_array(level.below.weight)

    def draw(
        self,
        context: Floats,
        limits: Limits,
        sampler: SamplerSettings,
        u: NDArray[np.float64],
    ) -> Drawn:
        """Draw an event a row. context: (n, hidden); u: (n, DRAWS), random in [0, 1)."""
        state = product(context, self.weight)
        state += self.bias
        tokens, state, paths = self.chords(state, context, limits, sampler, u)
        logits = self.duration_logits(state, tokens, limits)
        for row, shut in paths.items():
            chord = tuple(tokens[row][tokens[row] != PAD].tolist())
            for path in shut:
                left = logits[row].copy()
                left[path.steps] = -np.inf
                if path.chord == chord and np.isfinite(left).any():
                    logits[row] = left
        # How long a silence lasts is drawn as safely as pitches are, and what comes back too.
        safely, numbers = tokens[:, 0] == PAD, u[:, CHORD_DRAWS]
        if limits.again is not None:
            safely |= limits.again
        if limits.pace is not None:
            logits += np.where(safely[:, None], 0, limits.pace)
        durations = np.empty(len(tokens), np.intp)
        for rows, settings in ((~safely, sampler.of_rhythm()), (safely, sampler)):
            if rows.any():
                durations[rows] = choose(logits[rows], settings, numbers[rows])
        return Drawn(tokens, durations, self._levels(state, tokens, sampler, u))

    @abstractmethod
    def chords(
        self,
        state: Floats,
        context: Floats,
        limits: Limits,
        sampler: SamplerSettings,
        u: NDArray[np.float64],
    ) -> DrawnChords:
        """Draw a chord a row; may change `state`."""

    def taken_in(self, state: Floats, tokens: NDArray[np.int64]) -> Floats:
        """The state of a context when chords, (n, pitches), have been taken in."""
        summed: Floats = np.add.reduce(self.table[tokens], axis=1)
        summed += state
        return summed

    def duration_logits(
        self, state: Floats, tokens: NDArray[np.int64], limits: Limits, row: int | None = None
    ) -> Floats:
        """Logits (n, DURATIONS) of durations that are allowed; `row`: the one that all n are of."""
        logits = product(np.maximum(state[:, self.own : self._level_part], 0), self._duration)
        logits += self._duration_bias
        if limits.may_end:
            logits[tokens[:, 0] != PAD, END_OF_PIECE] = -np.inf
        else:
            logits[:, END_OF_PIECE] = -np.inf
        longest = limits.longest(tokens, row)
        if longest is not None:
            steps = np.arange(DURATIONS)
            logits[(steps > longest[:, None]) & (steps <= LONGEST)] = -np.inf
        if limits.last is not None and limits.left is not None:
            mine = slice(None) if row is None else slice(row, row + 1)
            whole = np.minimum(limits.left[mine], LONGEST)
            # A chord that may not last as long lasts as it may.
            fits = np.isfinite(logits[np.arange(len(logits)), whole])
            short = np.arange(DURATIONS) != whole[:, None]
            logits[short & (limits.last[mine] & fits)[:, None]] = -np.inf
        return logits

    def share_of(
        self,
        steps: Sequence[int],
        chord: Sequence[int],
        state: Floats,
        limits: Limits,
        sampler: SamplerSettings,
        row: int,
    ) -> float:
        """Probability of the durations `steps` given a chord; state: (width,), the chord in it.

        0 for a chord that holds a pitch past its longest hold, which cannot be drawn.
        """
        tokens = np.array([[*chord, PAD]])
        logits = self.duration_logits(state[None], tokens, limits, row)
        if not np.isfinite(logits).any():
            return 0.0
        if not chord or (limits.again is not None and limits.again[row]):
            return float(probabilities(logits, sampler)[0, list(steps)].sum())
        if limits.pace is not None:
            logits += limits.pace[row]
        return float(probabilities(logits, sampler.of_rhythm())[0, list(steps)].sum())

    def _levels(
        self,
        state: Floats,
        tokens: NDArray[np.int64],
        sampler: SamplerSettings,
        u: NDArray[np.float64],
    ) -> NDArray[np.int64]:
        """Draw a level for each struck pitch, from the lowest up, by the temperature alone."""
        levels = np.full_like(tokens, NO_LEVEL)
        row, place = (tokens < HELD).nonzero()
        if not len(row):
            return levels
        numbers = u[row, CHORD_DRAWS + 1 + place]
        if len(tokens) == 1:
            lower = NO_LEVEL
            for token, at, number in zip(tokens[0, place], place, numbers, strict=True):
                hidden = state[0, self._level_part :] + self._pitch[token]
                hidden += self._below[lower]
                logits = np.maximum(hidden, 0) @ self._level
                logits += self._level_bias
                levels[0, at] = lower = int(pick(logits[None], number[None], sampler)[0])
            return levels
        # For every level that the struck pitch below may turn out to have, all at once.
        hidden = state[row, self._level_part :] + self._pitch[tokens[row, place]]
        hidden = np.maximum(hidden[:, None] + self._below, 0)
        logits = hidden.reshape(-1, hidden.shape[2]) @ self._level
        logits += self._level_bias
        chosen = pick(logits, numbers.repeat(hidden.shape[1]), sampler)
        options = chosen.reshape(hidden.shape[:2]).tolist()
        chain: list[int] = []
        before = -1
        for of, option in zip(row.tolist(), options, strict=True):
            chain.append(option[chain[-1] if of == before else NO_LEVEL])
            before = of
        levels[row, place] = chain
        return levels


def pick(logits: Floats, u: NDArray[np.float64], sampler: SamplerSettings) -> NDArray[np.intp]:
    """Draw one index a row, (n,), by the temperature alone; logits: (n, choices), u: (n,)."""
    if sampler.temperature == 0:
        return np.asarray(logits.argmax(1))
    logits -= np.maximum.reduce(logits, axis=1, keepdims=True)
    if sampler.temperature != 1:
        logits /= np.float32(sampler.temperature)
    sums = np.exp(logits, out=logits).cumsum(1)
    return np.asarray((sums > (u * sums[:, -1])[:, None]).argmax(1))


def probabilities(logits: Floats, sampler: SamplerSettings) -> NDArray[np.float64]:
    """Probabilities of each row before top-k and top-p; of temperature 1 where it is 0."""
    exact = logits.astype(np.float64) / (sampler.temperature or 1)
    weights = np.exp(exact - exact.max(1, keepdims=True))
    return np.asarray(weights / weights.sum(1, keepdims=True))


def as_array(parameter: Tensor) -> Floats:
    """The values of a parameter; not a copy."""
    values: Floats = parameter.detach().numpy()
    return values
