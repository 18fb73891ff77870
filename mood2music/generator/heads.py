"""Defines what predicts the durations and the levels of events in both representations."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mood2music.generator.embedding import TokenSum
from mood2music.generator.event_batch import DURATIONS, NO_EVENT, NO_LEVEL
from mood2music.music.events import HELD, LEVELS


class Nats(NamedTuple):
    """Negative log-likelihood of events in nats, (n,) each; the product of three is exact.

    chords: of the pitches; durations: given the pitches; levels: given the pitches, summed over
    those struck.
    """

    chords: Tensor
    durations: Tensor
    levels: Tensor


def at_least_float32(logits: Tensor) -> Tensor:
    """Give 16-bit logits as float32, others as they are: a log-softmax of 16 bits is too coarse."""
    return logits.float() if logits.dtype in (torch.bfloat16, torch.float16) else logits


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
