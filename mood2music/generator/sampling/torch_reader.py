"""Events to the context of what follows, by torch: for the networks without a numpy program."""

from typing import Any

import torch

from mood2music.generator.embedding import EventBatch
from mood2music.generator.encoder import Encoder
from mood2music.generator.network import EventNetwork
from mood2music.generator.sampling.choice import Floats
from mood2music.generator.sampling.next_events import NextEvents


class TorchStepper:
    """A Reader that carries the state of a recurrent encoder on, whatever the representation."""

    context: Floats

    def __init__(self, network: EventNetwork, encoder: Encoder) -> None:
        """`encoder`: that of the network."""
        self._network, self._encoder = network, encoder

    def start(self, heard: EventBatch) -> None:
        """Read `heard` from the beginning."""
        self._state: Any = None
        self._read(heard)

    def read(self, event: NextEvents) -> None:
        """Step the encoder."""
        self._read(event.batch())

    def _read(self, events: EventBatch) -> None:
        with torch.inference_mode():
            vectors = self._network.representation.embed(events)
            context, self._state = self._encoder.step(vectors, self._state)
        self.context = context.numpy()


class WindowReader:
    """A Reader that reads the last `context` events of any encoder anew behind each event."""

    context: Floats

    def __init__(self, network: EventNetwork) -> None:
        """`network`: of any kind."""
        self._network, self._context = network, network.encoder.context

    def start(self, heard: EventBatch) -> None:
        """Read the last events of `heard`."""
        with torch.inference_mode():
            self._read(self._network.representation.embed(heard.part(-self._context, None)))

    def read(self, event: NextEvents) -> None:
        """Move the window on by one event."""
        with torch.inference_mode():
            new = self._network.representation.embed(event.batch())
            self._read(torch.cat([self._vectors, new], 1)[:, -self._context :])

    def _read(self, vectors: torch.Tensor) -> None:
        self._vectors = vectors
        self.context = self._network.encoder(vectors)[:, -1].numpy()
