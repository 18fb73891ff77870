"""Events to the context of what follows, by a forward LSTM that is stepped in numpy."""

import torch

from mood2music.generator.embedding import EventBatch
from mood2music.generator.lstm import LSTM
from mood2music.generator.representation import Representation
from mood2music.generator.sampling.choice import Floats
from mood2music.generator.sampling.event_table import EventTable
from mood2music.generator.sampling.next_events import NextEvents
from mood2music.generator.sampling.recurrence import Cell, UpperCell, input_weights


class LSTMReader:
    """A Reader that carries the state on: each event is read once."""

    context: Floats

    def __init__(self, encoder: LSTM, head: Representation) -> None:
        """Take the weights of both."""
        self._encoder, self._head = encoder, head
        self._table = EventTable(head, [input_weights(encoder.lstm, 0)])
        layers = range(1, encoder.lstm.num_layers)
        self._cells = [Cell(encoder.lstm, 0), *(UpperCell(encoder.lstm, i) for i in layers)]

    def start(self, heard: EventBatch) -> None:
        """Read `heard` with torch, which is the quicker for a whole window."""
        with torch.inference_mode():
            _, (h, c) = self._encoder.step(self._head.embed(heard))
        for layer, cell in enumerate(self._cells):
            cell.start(len(heard.tokens))
            cell.h[:], cell.c[:] = h[layer].numpy(), c[layer].numpy()
        self.context = self._cells[-1].h

    def read(self, event: NextEvents) -> None:
        """Step every layer once."""
        x = self._table(event)
        for cell in self._cells:
            x = cell.step(x)
