"""Events to the input of a first layer: rows of one table, instead of embedding and product."""

from collections.abc import Sequence

import numpy as np
import torch

from mood2music.generator.embedding import NO_LEVEL
from mood2music.generator.representation import Representation
from mood2music.generator.sampling.choice import Floats
from mood2music.generator.sampling.constraints import MOST_PITCHES
from mood2music.generator.sampling.next_events import NextEvents


class EventTable:
    """What layers make of an event whose vector is a sum of rows, their biases included.

    A linear layer of a sum is the sum of what it makes of each part, and there are few parts: every
    token, duration, place in the beat and level. The dynamics of an event are the mean over its
    struck pitches, so the table has the levels' rows divided by every number that may be drawn.
    """

    def __init__(self, head: Representation, layers: Sequence[tuple[Floats, Floats]]) -> None:
        """`layers`: weights (embedding, width) and bias (width,) of each, laid side by side."""
        summed = head.tables()
        if summed is None:
            raise TypeError(f"vectors of {type(head).__name__} are no sums of rows")
        weight = np.concatenate([w for w, _ in layers], 1)
        tokens, durations, beats, levels = (table.detach().numpy() @ weight for table in summed)
        durations += np.concatenate([b for _, b in layers])  # each event has one duration
        levels[NO_LEVEL] = 0
        counts = np.maximum(np.arange(MOST_PITCHES + 1, dtype=np.float32), 1)[:, None, None]
        shares = (levels / counts).reshape(-1, levels.shape[1])
        sizes = [len(tokens), len(durations), len(beats)]
        self._durations, self._beats, self._levels = np.cumsum(sizes).tolist()
        self._rows = np.concatenate([tokens, durations, beats, shares])
        self._tensor = torch.from_numpy(self._rows)

    def __call__(self, event: NextEvents) -> Floats:
        """Give (n, width of all layers)."""
        n, width = len(event.durations), NO_LEVEL + 1
        timed = (event.durations + self._durations, event.beats + self._beats)
        struck = np.count_nonzero(event.level != NO_LEVEL)
        if n == 1 and struck <= MOST_PITCHES:
            level = event.level + (self._levels + struck * width)
            index = np.concatenate([event.token, level, *timed])
            return np.add.reduce(self._rows[index], axis=0, keepdims=True)
        each = np.arange(n)
        order = np.concatenate([event.row, each, each]).argsort(kind="stable")
        index = np.concatenate([event.token, *timed])[order]
        start = event.row.searchsorted(each) + 2 * each
        bags = torch.from_numpy(index), torch.from_numpy(start)
        summed: Floats = torch.embedding_bag(self._tensor, *bags)[0].numpy()
        counts = np.bincount(event.row * width + event.level, minlength=n * width)
        mean = counts.reshape(n, width).astype(np.float32)
        mean[:, NO_LEVEL] = 0
        mean /= np.maximum(np.add.reduce(mean, axis=1, keepdims=True), 1)
        summed += mean @ self._rows[self._levels : self._levels + width]
        return summed
