import numpy as np
import pytest
import torch

from mood2music.generator.encoder import CONTEXT
from mood2music.generator.event_batch import EventBatch
from mood2music.generator.network import EventNetwork, NetworkSettings, build_network
from mood2music.generator.sampling.continuation import to_batch
from mood2music.generator.sampling.next_events import in_order
from mood2music.generator.sampling.reading import (
    KEPT,
    BiLSTMReader,
    LSTMReader,
    TorchStepper,
    WindowReader,
    reader_of,
)
from mood2music.music.events import to_events
from tests.conftest import tune
from tests.generator.test_network import SMALL, small


def transformer() -> EventNetwork:
    torch.manual_seed(0)
    sizes = {"hidden": 16, "embedding": 16, "heads": 2, "feedforward": 32, "layers": 2}
    return build_network(NetworkSettings("transformer", "pitchwise", sizes)).eval()


def music(n: int) -> EventBatch:
    return to_batch([to_events(tune(seed, 110))[:120] for seed in range(n)])


def read_on(network: EventNetwork, batch: EventBatch, start: int) -> list[tuple[int, np.ndarray]]:
    """How many events were read, and the context then, for each place from `start` on."""
    reader = reader_of(network)
    reader.start(batch.part(None, start))
    contexts = [(start, reader.context.copy())]
    for at, event in enumerate(in_order(batch.part(start, None)), start=start + 1):
        reader.read(event)
        contexts.append((at, reader.context.copy()))
    return contexts


@pytest.mark.parametrize("n", [1, 4])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_a_stepped_lstm_gives_the_contexts_of_torch(n: int, layers: int) -> None:
    torch.manual_seed(0)
    network = build_network(
        NetworkSettings("lstm", "pitchwise", {**SMALL, "layers": layers})
    ).eval()
    batch = music(n)
    with torch.no_grad():
        whole = network.encoder(network.representation.embed(batch)).numpy()
    for at, context in read_on(network, batch, 20):
        assert np.allclose(context, whole[:, at - 1], atol=1e-5)


@pytest.mark.parametrize("n", [1, 4])
def test_a_bidirectional_network_gives_the_contexts_of_torch_for_the_events_in_sight(
    n: int,
) -> None:
    network, batch = small("bilstm_attention"), music(n)
    reader = reader_of(network)
    assert isinstance(reader, BiLSTMReader)
    reader.start(batch.part(None, 20))
    lengths = []
    for at, event in enumerate(in_order(batch.part(20, None)), start=21):
        reader.read(event)
        lengths.append(reader.length)
        window = network.representation.embed(batch.part(at - reader.length, at))
        with torch.no_grad():
            assert np.allclose(reader.context, network.encoder(window)[:, 0].numpy(), atol=1e-5)
    assert lengths[:44] == list(range(21, CONTEXT + 1))
    assert (min(lengths[44:]), max(lengths)) == (KEPT + 1, CONTEXT)


@pytest.mark.parametrize(
    "network",
    [small("bilstm_attention", "chord"), transformer()],
    ids=["bilstm_attention chord", "transformer"],
)
def test_other_networks_read_their_window_anew(network: EventNetwork) -> None:
    batch = music(2)
    for at, context in read_on(network, batch, 20)[::25]:
        window = network.representation.embed(batch.part(max(0, at - CONTEXT), at))
        with torch.no_grad():
            assert np.allclose(context, network.encoder(window)[:, -1].numpy(), atol=1e-5)


def test_an_lstm_with_a_chord_vocabulary_is_stepped() -> None:
    network, batch = small("lstm", "chord"), music(2)
    with torch.no_grad():
        whole = network.encoder(network.representation.embed(batch)).numpy()
    for at, context in read_on(network, batch, 20):
        assert np.allclose(context, whole[:, at - 1], atol=1e-5)


def test_each_network_has_its_reader() -> None:
    readers = {
        ("lstm", "pitchwise"): LSTMReader,
        ("bilstm_attention", "pitchwise"): BiLSTMReader,
        ("lstm", "chord"): TorchStepper,
        ("bilstm_attention", "chord"): WindowReader,
    }
    for names, kind in readers.items():
        assert isinstance(reader_of(small(*names)), kind)
    assert isinstance(reader_of(transformer()), WindowReader)


@pytest.mark.parametrize("name", ["lstm", "bilstm_attention"])
def test_a_reader_that_starts_anew_has_forgotten(name: str) -> None:
    reader, batch = reader_of(small(name)), music(3)
    reader.start(batch.part(None, 30))
    first = reader.context.copy()
    for event in in_order(batch.part(30, 35)):
        reader.read(event)
    reader.start(batch.rows((slice(1), slice(30))))
    assert np.allclose(reader.context, first[:1], atol=1e-6)


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("name", ["lstm", "bilstm_attention"])
def test_contexts_are_of_single_precision(name: str, n: int) -> None:
    network = small(name)
    for _, context in read_on(network, music(n), 118):
        assert (context.dtype, context.shape[0]) == (np.float32, n)
