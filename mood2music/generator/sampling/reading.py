"""A network to its Reader: events in, the context of what comes next out."""

from typing import Protocol

from mood2music.generator.bilstm_attention import BiLSTMAttention
from mood2music.generator.embedding import EventBatch
from mood2music.generator.lstm import LSTM
from mood2music.generator.network import EventNetwork
from mood2music.generator.pitchwise import Pitchwise
from mood2music.generator.sampling.bilstm_reader import BiLSTMReader
from mood2music.generator.sampling.choice import Floats
from mood2music.generator.sampling.lstm_reader import LSTMReader
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
    encoder, head = network.encoder, network.representation
    if isinstance(head, Pitchwise) and isinstance(encoder, LSTM):
        return LSTMReader(encoder, head)
    if isinstance(head, Pitchwise) and isinstance(encoder, BiLSTMAttention):
        return BiLSTMReader(encoder, head)
    if isinstance(encoder, LSTM):
        return TorchStepper(network, encoder)
    return WindowReader(network)
