"""Defines embeddings of the parts of events, which both representations share."""

import torch
from torch import Tensor, nn

from mood2music.generator.event_batch import BEAT, DURATIONS, NO_EVENT, PAD, EventBatch
from mood2music.music.events import LEVELS, SYMBOLS


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
