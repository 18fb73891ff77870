"""Defines what both representations share: batches of events, embeddings, heads of event parts."""

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from mood2music.music.events import END, HELD, LEVELS, LONGEST, SYMBOLS

# Fills the pitch axis of a batch behind the last pitch of an event; its embedding is zero.
PAD = END
# Fills the time axis behind the last event of a short piece; such events are not scored.
NO_EVENT = 0
# The end of a piece is one more event behind its last: a rest of this duration.
END_OF_PIECE = LONGEST + 1
DURATIONS = LONGEST + 2
# In place of a level: a held pitch, or no pitch at all; its embedding is zero.
NO_LEVEL = LEVELS
# Places within a quarter note that the networks tell apart.
BEAT = 24


# Places of a bar that the networks tell apart, in sixteenth notes, and its lengths in eighths.
SIXTEENTHS = 32
EIGHTHS = 16
METERS = 2 * (EIGHTHS + 1)


class Recalled(NamedTuple):
    """What is recalled where the next event is due, of each of `kinds` kinds of memory.

    tokens: (..., kinds, pitches) int64, of the event recalled, padded with PAD; durations:
    (..., kinds) int64, grid steps, of "melody" those until its note is due; codes: (..., kinds)
    int64, how sure it is, 0: nothing is recalled (see `memory.kinds`)
    """

    tokens: Tensor
    durations: Tensor
    codes: Tensor

    def at(self, index: Any) -> "Recalled":
        """Index the leading axes of all three."""
        return Recalled(*(tensor[index] for tensor in self))


class EventBatch(NamedTuple):
    """Windows of events side by side.

    tokens: (batch, time, pitches) int64, padded with PAD
    durations: (batch, time) int64, grid steps; END_OF_PIECE for the end of a piece, NO_EVENT behind
    beats: (batch, time) int64, 0 to BEAT - 1: where in its quarter note the event ends, and so
        the next one begins
    levels: (batch, time, pitches) int64, dynamic level of each struck pitch, NO_LEVEL elsewhere
    bars: (batch, time, 2) int64, place in the bar and meter where the event ends, as `bar_codes`
        gives them; None where nobody asks
    recalled: what is recalled behind each event; None where nobody asks
    moods: (batch, time, 4) int64, codes of the mood, pace and mode that the next event is to have,
        as `moods.codes_of` gives them; None where nobody asks
    harmony: (batch, time, 2) int64, codes of the chord that the next event stands on and of the one
        behind it, as `changes` has them; None where nobody asks
    texture: (batch, time, 2) int64, codes of how full the bar is that the next event begins in, as
        `music.texture` has them; None where nobody asks
    scored: (batch, time) bool, which events training's loss is taken of; None: all
    """

    tokens: Tensor
    durations: Tensor
    beats: Tensor
    levels: Tensor
    bars: Tensor | None = None
    recalled: Recalled | None = None
    moods: Tensor | None = None
    harmony: Tensor | None = None
    texture: Tensor | None = None
    scored: Tensor | None = None

    def part(self, start: int | None, stop: int | None) -> "EventBatch":
        """Cut the time axis of all."""
        return self.rows((slice(None), slice(start, stop)))

    def rows(self, index: Any) -> "EventBatch":
        """Index the leading axes of all."""
        return EventBatch(
            self.tokens[index],
            self.durations[index],
            self.beats[index],
            self.levels[index],
            None if self.bars is None else self.bars[index],
            None if self.recalled is None else self.recalled.at(index),
            None if self.moods is None else self.moods[index],
            None if self.harmony is None else self.harmony[index],
            None if self.texture is None else self.texture[index],
            None if self.scored is None else self.scored[index],
        )


def bar_codes(
    place: NDArray[np.int64], length: NDArray[np.int64], compound: NDArray[np.bool_], grid: int
) -> NDArray[np.int64]:
    """Place in the bar and meter as a network reads them: (n, 2).

    place, length: (n,) grid steps, as `Events.bar_places` gives them; compound: (n,), as in 6/8.
    """
    sixteenth = np.minimum(place * 4 // grid, SIXTEENTHS - 1)
    eighths = np.minimum(length * 2 // grid, EIGHTHS)
    return np.stack([sixteenth, eighths + (EIGHTHS + 1) * compound], -1)


def multi_hot(tokens: Tensor, weight: Tensor) -> Tensor:
    """Which tokens each event has, in the type that a product with `weight` is worked out in.

    tokens: (..., pitches) int64, padded with PAD -> (..., SYMBOLS), 1 for a token, PAD's is 0. A
    product of such rows costs a fraction of looking vectors up, forward and backward.
    """
    return one_hot(tokens, SYMBOLS, weight).index_fill_(
        -1, torch.tensor([PAD], device=tokens.device), 0
    )


def one_hot(index: Tensor, width: int, weight: Tensor) -> Tensor:
    """(..., k) int64 -> (..., width), 1 where an index points; typed for products with `weight`."""
    kind = index.device.type
    autocast = torch.is_autocast_enabled(kind)
    dtype = torch.get_autocast_dtype(kind) if autocast else weight.dtype
    count = index.shape[:-1].numel()
    rows = torch.zeros(count * width, dtype=dtype, device=index.device)
    # Numbers of one flat array: a scatter along the last axis takes five times as long on a CPU.
    first = torch.arange(0, count * width, width, device=index.device)
    at = index.reshape(count, -1) + first[:, None]
    return rows.index_fill_(0, at.flatten(), 1.0).view(*index.shape[:-1], width)


class Time(nn.Module):
    """Embedding of how long an event lasts and of where in the beat it ends."""

    def __init__(self, size: int) -> None:
        """`size`: width of the embedding."""
        super().__init__()
        self.durations = nn.Embedding(DURATIONS, size, padding_idx=NO_EVENT)
        self.beats = nn.Embedding(BEAT, size)

    def forward(self, events: EventBatch) -> Tensor:
        """Give (batch, time, size)."""
        durations = one_hot(events.durations[..., None], DURATIONS, self.durations.weight)
        beats = one_hot(events.beats[..., None], BEAT, self.beats.weight)
        # NO_EVENT's vector is zero and is not learnt.
        durations[..., NO_EVENT] = 0
        summed: Tensor = durations @ self.durations.weight + beats @ self.beats.weight
        return summed


class Nats(NamedTuple):
    """Negative log-likelihood of events in nats, (n,) each; the product of three is exact.

    chords: of the pitches; durations: given the pitches; levels: given the pitches, summed over
    those struck.
    """

    chords: Tensor
    durations: Tensor
    levels: Tensor


class LevelMean(nn.Module):
    """Mean embedding of an event's dynamic levels; zero where nothing is struck."""

    def __init__(self, size: int) -> None:
        """`size`: width of the embedding."""
        super().__init__()
        self.weight = nn.Parameter(nn.init.normal_(torch.empty(LEVELS + 1, size), std=size**-0.5))

    def forward(self, levels: Tensor) -> Tensor:
        """levels: (..., pitches) int64, NO_LEVEL where none is -> (..., size)."""
        count = self.weight.new_zeros(*levels.shape[:-1], LEVELS + 1)
        one = count.new_ones(()).expand(levels.shape)
        share = count.scatter_add_(-1, levels, one)[..., :LEVELS]
        share = share / share.sum(-1, keepdim=True).clamp(min=1)
        mean: Tensor = share @ self.weight[:LEVELS]
        return mean


def at_least_float32(logits: Tensor) -> Tensor:
    """Give 16-bit logits as float32, others as they are: a log-softmax of 16 bits is too coarse."""
    return logits.float() if logits.dtype in (torch.bfloat16, torch.float16) else logits


class TokenSum(nn.Module):
    """Sum of the embeddings of a chord's tokens; a rest is the zero vector."""

    def __init__(self, size: int) -> None:
        """`size`: width of the embedding."""
        super().__init__()
        self.weight = nn.Parameter(nn.init.normal_(torch.empty(SYMBOLS, size), std=size**-0.5))

    def forward(self, tokens: Tensor) -> Tensor:
        """tokens: (..., pitches) int64, padded with PAD -> (..., size)."""
        summed: Tensor = multi_hot(tokens, self.weight) @ self.weight
        return summed


class DurationHead(nn.Module):
    """Duration of an event, given the context and the pitches chosen for it."""

    def __init__(self, hidden: int) -> None:
        """`hidden`: width of the context vector."""
        super().__init__()
        self.context = nn.Linear(hidden, hidden)
        self.tokens = TokenSum(hidden)
        self.out = nn.Linear(hidden, DURATIONS)

    def forward(self, context: Tensor, tokens: Tensor) -> Tensor:
        """context: (n, hidden), tokens: (n, pitches) -> logits (n, DURATIONS), by grid steps."""
        logits: Tensor = self.out(torch.relu(self.context(context) + self.tokens(tokens)))
        logits = at_least_float32(logits)
        return logits.index_fill(-1, torch.tensor([NO_EVENT], device=logits.device), -torch.inf)


class LevelHead(nn.Module):
    """Dynamic level of each struck pitch, from the lowest up.

    Given the context, the whole chord, the pitch itself and the level of the struck pitch below.
    """

    WIDTH = 64

    def __init__(self, hidden: int) -> None:
        """`hidden`: width of the context vector."""
        super().__init__()
        self.context = nn.Linear(hidden, self.WIDTH)
        self.chord = TokenSum(self.WIDTH)
        self.pitch = nn.Embedding(HELD, self.WIDTH)
        self.below = nn.Embedding(LEVELS + 1, self.WIDTH)
        self.out = nn.Linear(self.WIDTH, LEVELS)

    def nats(self, context: Tensor, tokens: Tensor, levels: Tensor) -> Tensor:
        """context: (n, hidden), tokens and levels: (n, pitches) -> nats (n,), 0 without a pitch."""
        struck = tokens < HELD
        event, place = struck.nonzero(as_tuple=True)
        places = torch.arange(tokens.shape[1], device=tokens.device)
        lower = torch.where(struck, places, -1).cummax(1).values
        lower = F.pad(lower, (1, -1), value=-1)[event, place]
        below = torch.where(lower < 0, NO_LEVEL, levels[event, lower.clamp(min=0)])
        base = self.context(context) + self.chord(tokens)
        logits = self._logits(base.index_select(0, event), tokens[event, place], below)
        each = F.cross_entropy(logits, levels[event, place], reduction="none")
        return each.new_zeros(len(tokens)).index_add(0, event, each)

    def _logits(self, base: Tensor, pitch: Tensor, below: Tensor) -> Tensor:
        return at_least_float32(self.out(torch.relu(base + self.pitch(pitch) + self.below(below))))
