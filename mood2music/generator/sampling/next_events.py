"""Holds the next event of each variant as arrays: what is drawn, read on and remembered."""

from typing import NamedTuple

import torch

from mood2music.arrays import Ints
from mood2music.generator.event_batch import PAD, EventBatch, Recalled


class Known(NamedTuple):
    """What is known beside one event of each of n variants, as in EventBatch.

    bars: (n, 2); tokens: (n, kinds, pitches), durations, codes: (n, kinds), as in Recalled; moods:
    (n, 4); harmony, texture: (n, 2)
    """

    bars: Ints
    tokens: Ints
    durations: Ints
    codes: Ints
    moods: Ints
    harmony: Ints
    texture: Ints


class NextEvents:
    """One event of each of n variants.

    tokens, levels: (n, pitches) int64, padded as in EventBatch; durations: (n,) int64, grid steps;
    beats: (n,) int64, as in EventBatch; known: what is known beside, where a network reads it;
    row, token, level: (t,) of all their tokens, each variant's from the lowest up: which variant,
    the token, and its level, NO_LEVEL where held
    """

    def __init__(
        self,
        tokens: Ints,
        durations: Ints,
        beats: Ints,
        levels: Ints,
        known: Known | None = None,
    ) -> None:
        """Find `row`, `token` and `level`, which several of the next stages ask for."""
        there = tokens != PAD
        self.tokens, self.levels = tokens, levels
        self.durations, self.beats = durations, beats
        self.known = known
        self.row = there.nonzero()[0]
        self.token, self.level = tokens[there], levels[there]

    def batch(self) -> EventBatch:
        """The same as windows of one event."""
        arrays = (self.tokens, self.durations, self.beats, self.levels)
        tokens, durations, beats, levels = (torch.from_numpy(array)[:, None] for array in arrays)
        if self.known is None:
            return EventBatch(tokens, durations, beats, levels)
        bars, *recalled, moods, harmony, texture = (
            torch.from_numpy(array)[:, None] for array in self.known
        )
        told = bars, Recalled(*recalled), moods, harmony, texture
        return EventBatch(tokens, durations, beats, levels, *told)


def in_order(batch: EventBatch) -> list[NextEvents]:
    """The events of windows, all of one length, one after the other."""
    return [_event(batch, i) for i in range(batch.durations.shape[1])]


def _event(batch: EventBatch, i: int) -> NextEvents:
    known = None
    if batch.recalled is not None:
        told = batch.bars, *batch.recalled, batch.moods, batch.harmony, batch.texture
        known = Known(*(part[:, i].numpy() for part in told if part is not None))
    parts = (batch.tokens, batch.durations, batch.beats, batch.levels)
    tokens, durations, beats, levels = (tensor[:, i].numpy() for tensor in parts)
    return NextEvents(tokens, durations, beats, levels, known)
