"""Holds the next event of each variant as arrays: what is drawn, read on and remembered."""

import numpy as np
import torch
from numpy.typing import NDArray

from mood2music.generator.embedding import PAD, EventBatch


class NextEvents:
    """One event of each of n variants.

    tokens, levels: (n, pitches) int64, padded as in EventBatch; durations: (n,) int64, grid steps;
    beats: (n,) int64, as in EventBatch; row, token, level: (t,) of all their tokens, each
    variant's from the lowest up: which variant, the token, and its level, NO_LEVEL where held
    """

    def __init__(
        self,
        tokens: NDArray[np.int64],
        durations: NDArray[np.int64],
        beats: NDArray[np.int64],
        levels: NDArray[np.int64],
    ) -> None:
        """Find `row`, `token` and `level`, which several of the next stages ask for."""
        there = tokens != PAD
        self.tokens, self.levels = tokens, levels
        self.durations, self.beats = durations, beats
        self.row = there.nonzero()[0]
        self.token, self.level = tokens[there], levels[there]

    def batch(self) -> EventBatch:
        """The same as windows of one event."""
        arrays = (self.tokens, self.durations, self.beats, self.levels)
        return EventBatch(*(torch.from_numpy(array)[:, None] for array in arrays))


def in_order(batch: EventBatch) -> list[NextEvents]:
    """The events of windows, all of one length, one after the other."""
    return [
        NextEvents(*(tensor[:, i].numpy() for tensor in batch))
        for i in range(batch.durations.shape[1])
    ]
