"""Weights of an LSTM layer to a program that steps it, in numpy, one event at a time.

Eager `nn.LSTM` spends most of a step at batch 1 on preparing it; here a step is one product of a
matrix and a few operations in place.
"""

import numpy as np
import torch
from torch import nn

from mood2music.generator.sampling.choice import Floats


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
