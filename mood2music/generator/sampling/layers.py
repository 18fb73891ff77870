"""Computes the first layer's sums and the LSTM cells of a network in numpy, one event at a time.

Eager `nn.LSTM` spends most of a step at batch 1 on preparing it; here a step is one product of a
matrix and a few operations in place.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from mood2music.arrays import Floats
from mood2music.generator.conditions import (
    CHORD_ROWS,
    CODE_ROW,
    DURATION_ROW,
    FULL,
    NEXT,
    NOW,
    OFTEN,
    RECALL,
    TEXTURE_ROWS,
    Conditions,
)
from mood2music.generator.event_batch import METERS, NO_LEVEL, PAD, SIXTEENTHS
from mood2music.generator.moods import FIRST, ROWS
from mood2music.generator.representation import Representation
from mood2music.generator.sampling.constraints import MOST_PITCHES
from mood2music.generator.sampling.next_events import NextEvents


class Cell:
    """One direction of one LSTM layer and its state.

    Torch has the gates in the order input, forget, cell, output; here the cell gate comes first, so
    that one sigmoid serves the other three.
    """

    def __init__(self, lstm: nn.LSTM, layer: int, reverse: bool = False) -> None:
        """`layer`, `reverse`: which of the weights of `lstm`."""
        self._take(recurrent(lstm, layer, reverse), 0)

    def _take(self, weight: Floats, inputs: int) -> None:
        self._weight, self._inputs = weight, inputs
        self.hidden = weight.shape[1] // 4
        self.start(1)

    def start(self, n: int) -> None:
        """Be at the beginning of `n` sequences."""
        hidden = self.hidden
        # What a step multiplies: the input, where it is not multiplied beforehand, and the output.
        self._both = np.zeros((n, self._inputs + hidden), np.float32)
        self._input, self.h = self._both[:, : self._inputs], self._both[:, self._inputs :]
        self.c = np.zeros((n, hidden), np.float32)
        self._gates = np.empty((n, 4 * hidden), np.float32)
        self._parts = tuple(self._gates[:, hidden * i : hidden * (i + 1)] for i in range(4))
        self._sigmoids = torch.from_numpy(self._gates[:, hidden:])
        self._new = np.empty((n, hidden), np.float32)
        # One sequence is multiplied as a vector: BLAS has a quicker routine for these.
        self._factors = (self._both, self._gates) if n > 1 else (self._both[0], self._gates[0])

    def reset(self) -> None:
        """Be at the beginning of as many sequences again."""
        self.h.fill(0)
        self.c.fill(0)

    def step(self, x: Floats) -> Floats:
        """Read one event. x: (n, 4 hidden), what `input_weights` make of it.

        Gives `h`, (n, hidden), which the next step overwrites.
        """
        both, gates = self._factors
        candidate, input_gate, forget_gate, output_gate = self._parts
        c, new = self.c, self._new
        np.dot(both, self._weight, out=gates)
        self._gates += x
        np.tanh(candidate, out=candidate)
        torch.sigmoid_(self._sigmoids)
        c *= forget_gate
        np.multiply(input_gate, candidate, out=new)
        c += new
        np.tanh(c, out=new)
        return np.multiply(output_gate, new, out=self.h)


class UpperCell(Cell):
    """A layer above the first: its input is another layer's output."""

    def __init__(self, lstm: nn.LSTM, layer: int) -> None:
        """As `Cell`."""
        weight, self._bias = input_weights(lstm, layer)
        self._take(np.concatenate([weight, recurrent(lstm, layer)]), len(weight))

    def step(self, x: Floats) -> Floats:
        """Read the output of the layer below, (n, inputs)."""
        self._input[:] = x
        return super().step(self._bias)


def product(rows: Floats, weight: Floats) -> Floats:
    """Multiply (n, inputs) by (inputs, outputs); a single row as a vector, which is quicker."""
    values: Floats = (rows[0] @ weight)[None] if len(rows) == 1 else rows @ weight
    return values


def input_weights(lstm: nn.LSTM, layer: int, reverse: bool = False) -> tuple[Floats, Floats]:
    """Weights (inputs, 4 hidden) and bias (4 hidden,) of what a layer makes of its input."""
    end = f"_l{layer}{'_reverse' if reverse else ''}"
    bias = getattr(lstm, f"bias_ih{end}") + getattr(lstm, f"bias_hh{end}")
    return _ordered(getattr(lstm, f"weight_ih{end}")), _ordered(bias)


def recurrent(lstm: nn.LSTM, layer: int, reverse: bool = False) -> Floats:
    """Weights (hidden, 4 hidden) of what a layer makes of its own last output."""
    return _ordered(getattr(lstm, f"weight_hh_l{layer}{'_reverse' if reverse else ''}"))


def _ordered(rows: torch.Tensor) -> Floats:
    """Transpose gate rows (4 hidden, ...), the cell gate's put first."""
    input_gate, forget_gate, candidate, output_gate = rows.detach().chunk(4)
    return np.ascontiguousarray(
        torch.cat([candidate, input_gate, forget_gate, output_gate]).numpy().T
    )


class EventTable:
    """What layers make of an event whose vector is a sum of rows, their biases included.

    A linear layer of a sum is the sum of what it makes of each part, and there are few parts: every
    token, duration, place in the beat and level. The dynamics of an event are the mean over its
    struck pitches, so the table has the levels' rows divided by every number that may be drawn.
    """

    def __init__(
        self,
        head: Representation,
        layers: Sequence[tuple[Floats, Floats]],
        conditions: Conditions | None = None,
    ) -> None:
        """`layers`: weights (embedding, width) and bias (width,) of each, laid side by side.

        conditions: what is added to an event's vector of what is known beside it.
        """
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
        self._known = None if conditions is None else KnownTable(conditions, weight)

    def __call__(self, event: NextEvents) -> Floats:
        """Give (n, width of all layers)."""
        n, width = len(event.durations), NO_LEVEL + 1
        timed = (event.durations + self._durations, event.beats + self._beats)
        struck = np.count_nonzero(event.level != NO_LEVEL)
        if n == 1 and struck <= MOST_PITCHES:
            level = event.level + (self._levels + struck * width)
            index = np.concatenate([event.token, level, *timed])
            rows: Floats = np.add.reduce(self._rows[index], axis=0, keepdims=True)
            return rows if self._known is None else self._known.added(rows, event)
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
        return summed if self._known is None else self._known.added(summed, event)


class KnownTable:
    """Adds what layers make of what is known beside an event."""

    def __init__(self, conditions: Conditions, weight: Floats | None = None) -> None:
        """`weight`: (size, width) of the layers; None adds the vectors themselves."""
        rows = conditions.table().numpy()
        self._rows: Floats = np.ascontiguousarray(rows if weight is None else rows @ weight)
        self._bars, self._moods = conditions.bars is not None, conditions.moods is not None
        self._harmony = conditions.harmony is not None
        self._texture = conditions.texture is not None
        self._kinds = conditions.kinds

    def added(self, sums: Floats, event: NextEvents) -> Floats:
        """Add to (n, width), in place, the rows of each variant."""
        known = event.known
        assert known is not None
        first = 0
        index: list[NDArray[np.int64]] = []
        if self._bars:
            index.append(known.bars + np.array([0, SIXTEENTHS]))
            first = SIXTEENTHS + METERS
        if self._moods:
            index.append(known.moods + (first + np.array(FIRST)))
            first += ROWS
        if self._harmony:
            index.append(known.harmony + (first + np.array([NOW, NEXT])))
            first += CHORD_ROWS
        if self._texture:
            index.append(known.texture + (first + np.array([OFTEN, FULL])))
            first += TEXTURE_ROWS
        if self._kinds:
            kinds = first + np.arange(self._kinds) * RECALL
            index += [known.durations + (kinds + DURATION_ROW), known.codes + (kinds + CODE_ROW)]
            recalled = known.tokens + kinds[:, None]
        for row, summed in enumerate(sums):
            rows = [part[row] for part in index]
            if self._kinds:
                rows.append(recalled[row][known.tokens[row] != PAD])
            summed += np.add.reduce(self._rows[np.concatenate(rows)], axis=0)
        return sums
