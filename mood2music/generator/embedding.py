"""Parts that both representations share: batches of events, sums of pitches, durations."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mood2music.music.events import END, LONGEST, SYMBOLS

# Fills the pitch axis of a batch behind the last pitch of an event; its embedding is zero.
PAD = END
# Fills the time axis behind the last event of a short piece; such events are not scored.
NO_EVENT = 0
DURATIONS = LONGEST + 1
# Places within a quarter note that the networks tell apart.
BEAT = 24


class EventBatch(NamedTuple):
    """Windows of events side by side.

    tokens: (batch, time, pitches) int64, padded with PAD
    durations: (batch, time) int64, grid steps, NO_EVENT behind the end of a piece
    beats: (batch, time) int64, 0 to BEAT - 1: where in its quarter note the event ends, and so
        the next one begins
    """

    tokens: Tensor
    durations: Tensor
    beats: Tensor

    def part(self, start: int | None, stop: int | None) -> "EventBatch":
        """Cut the time axis of all three."""
        return EventBatch(*(tensor[:, start:stop] for tensor in self))


class Time(nn.Module):
    """Embedding of how long an event lasts and of where in the beat it ends."""

    def __init__(self, size: int) -> None:
        """`size`: width of the embedding."""
        super().__init__()
        self.durations = nn.Embedding(DURATIONS, size, padding_idx=NO_EVENT)
        self.beats = nn.Embedding(BEAT, size)

    def forward(self, events: EventBatch) -> Tensor:
        """Give (batch, time, size)."""
        summed: Tensor = self.durations(events.durations) + self.beats(events.beats)
        return summed


class TokenSum(nn.Module):
    """Sum of the embeddings of a chord's tokens; a rest is the zero vector."""

    def __init__(self, size: int) -> None:
        """`size`: width of the embedding."""
        super().__init__()
        self.weight = nn.Parameter(torch.randn(SYMBOLS, size) * size**-0.5)

    def forward(self, tokens: Tensor) -> Tensor:
        """tokens: (..., pitches) int64, padded with PAD -> (..., size)."""
        flat = tokens.reshape(-1, tokens.shape[-1])
        summed = F.embedding_bag(flat, self.weight, mode="sum", padding_idx=PAD)
        return summed.view(*tokens.shape[:-1], self.weight.shape[1])


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
        return logits.index_fill(-1, torch.tensor([NO_EVENT], device=logits.device), -torch.inf)
