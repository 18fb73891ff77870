"""Defines what both representations share: batches of events, embeddings, heads of event parts."""

from typing import NamedTuple

import torch
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


class EventBatch(NamedTuple):
    """Windows of events side by side.

    tokens: (batch, time, pitches) int64, padded with PAD
    durations: (batch, time) int64, grid steps; END_OF_PIECE for the end of a piece, NO_EVENT behind
    beats: (batch, time) int64, 0 to BEAT - 1: where in its quarter note the event ends, and so
        the next one begins
    levels: (batch, time, pitches) int64, dynamic level of each struck pitch, NO_LEVEL elsewhere
    """

    tokens: Tensor
    durations: Tensor
    beats: Tensor
    levels: Tensor

    def part(self, start: int | None, stop: int | None) -> "EventBatch":
        """Cut the time axis of all four."""
        return EventBatch(*(tensor[:, start:stop] for tensor in self))


def multi_hot(tokens: Tensor, weight: Tensor) -> Tensor:
    """Which tokens each event has, in the type that a product with `weight` is worked out in.

    tokens: (..., pitches) int64, padded with PAD -> (..., SYMBOLS), 1 for a token, PAD's is 0. A
    product of such rows costs a fraction of looking vectors up, forward and backward.
    """
    return _rows(tokens, SYMBOLS, weight).index_fill_(
        -1, torch.tensor([PAD], device=tokens.device), 0
    )


def _rows(index: Tensor, width: int, weight: Tensor) -> Tensor:
    """(..., k) int64 -> (..., width), 1 where an index points."""
    kind = index.device.type
    autocast = torch.is_autocast_enabled(kind)
    dtype = torch.get_autocast_dtype(kind) if autocast else weight.dtype
    rows = torch.zeros(*index.shape[:-1], width, dtype=dtype, device=index.device)
    return rows.scatter_(-1, index, 1.0)


class Time(nn.Module):
    """Embedding of how long an event lasts and of where in the beat it ends."""

    def __init__(self, size: int) -> None:
        """`size`: width of the embedding."""
        super().__init__()
        self.durations = nn.Embedding(DURATIONS, size, padding_idx=NO_EVENT)
        self.beats = nn.Embedding(BEAT, size)

    def forward(self, events: EventBatch) -> Tensor:
        """Give (batch, time, size)."""
        durations = _rows(events.durations[..., None], DURATIONS, self.durations.weight)
        beats = _rows(events.beats[..., None], BEAT, self.beats.weight)
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
        share = torch.stack([(levels == level).sum(-1) for level in range(LEVELS)], -1).float()
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
        logits = self._logits(base[event], tokens[event, place], below)
        each = F.cross_entropy(logits, levels[event, place], reduction="none")
        return each.new_zeros(len(tokens)).index_add(0, event, each)

    def _logits(self, base: Tensor, pitch: Tensor, below: Tensor) -> Tensor:
        return at_least_float32(self.out(torch.relu(base + self.pitch(pitch) + self.below(below))))
