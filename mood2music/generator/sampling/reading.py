"""A network to its Reader: events in, the context of what comes next out."""

from typing import Protocol

from mood2music.generator.embedding import EventBatch
from mood2music.generator.network import EventNetwork
from mood2music.generator.sampling.choice import Floats
from mood2music.generator.sampling.next_events import NextEvents
from mood2music.generator.sampling.torch_reader import TorchStepper, WindowReader


class Reader(Protocol):
    """context: (n, hidden) float32, what the network makes of the events read; the next `read` may
    overwrite it.
    """

    context: Floats

    def start(self, heard: EventBatch) -> None:
        """Read windows of one length, and forget what was read before them."""

    def read(self, event: NextEvents) -> None:
        """Read one event more of each variant."""


def reader_of(network: EventNetwork) -> Reader:
    """The quickest Reader that there is for a network, with the weights it has now."""
    encoder = network.encoder
    quick = encoder.quick_reader(network.representation)
    if quick is not None:
        return quick
    return TorchStepper(network, encoder) if encoder.recurrent else WindowReader(network)
