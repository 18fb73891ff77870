from pathlib import Path

import numpy as np
import pytest
import torch

from mood2music.errors import SettingsError
from mood2music.generator.lstm import LSTM
from mood2music.generator.network import EventNetwork, NetworkSettings, build_network, load, save
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import continue_events, to_batch
from mood2music.generator.settings import LSTMSettings, TransformerSettings
from mood2music.generator.transformer import Transformer
from mood2music.music.events import from_list, to_events
from tests.conftest import tune

SIZES = {"hidden": 16, "embedding": 16, "heads": 2, "feedforward": 32, "dropout": 0.0}


def small(**sizes: int) -> EventNetwork:
    torch.manual_seed(0)
    network = build_network(NetworkSettings("transformer", "pitchwise", {**SIZES, **sizes})).eval()
    assert isinstance(network.encoder, Transformer)
    with torch.no_grad():  # distances start alike; a trained network tells them apart
        network.encoder.distance.normal_()
    return network


def test_it_has_as_many_parameters_as_the_lstm() -> None:
    ours = sum(p.numel() for p in Transformer(TransformerSettings()).parameters())
    theirs = sum(p.numel() for p in LSTM(LSTMSettings()).parameters())
    assert ours == pytest.approx(theirs, rel=0.01)


def test_a_change_to_future_events_never_changes_a_prediction() -> None:
    network = small()
    one = to_events(tune(1))[:30]
    other = from_list([*one.as_list()[:20], *to_events(tune(2))[20:30].as_list()])
    before = network.encoder(network.representation.embed(to_batch([one])))
    after = network.encoder(network.representation.embed(to_batch([other])))
    assert torch.allclose(before[:, :20], after[:, :20], atol=1e-6)
    assert not torch.allclose(before[:, 20], after[:, 20], atol=1e-3)


def test_the_order_of_past_events_matters() -> None:
    encoder = small().encoder
    vectors = torch.randn(1, 3, 16)
    turned = vectors[:, [1, 0, 2]]
    assert not torch.allclose(encoder(vectors)[:, 2], encoder(turned)[:, 2], atol=1e-3)


def test_each_window_of_a_batch_is_read_alone() -> None:
    encoder = small().encoder
    vectors = torch.randn(3, 8, 16)
    alone = torch.cat([encoder(vectors[i : i + 1]) for i in range(3)])
    assert torch.allclose(encoder(vectors), alone, atol=1e-5)


def test_events_beyond_its_distances_are_heard_but_their_order_is_not() -> None:
    encoder = small(distances=3, layers=1).encoder
    vectors = torch.randn(1, 6, 16)
    far, near = vectors[:, [1, 0, 2, 3, 4, 5]], vectors[:, [0, 1, 2, 4, 3, 5]]
    last = encoder(vectors)[:, 5]
    assert torch.allclose(last, encoder(far)[:, 5], atol=1e-6)
    assert not torch.allclose(last, encoder(near)[:, 5], atol=1e-3)
    assert not torch.allclose(last, encoder(vectors[:, 1:])[:, 4], atol=1e-3)


@pytest.mark.parametrize(("sizes", "said"), [({"heads": 3}, "divisor"), ({"distances": 0}, "1 or")])
def test_sizes_that_do_not_fit_are_refused(sizes: dict[str, int], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        small(**sizes)


def test_an_event_vector_of_another_width_is_taken() -> None:
    assert small(embedding=12).encoder(torch.randn(2, 5, 12)).shape == (2, 5, 16)


def test_dropout_can_be_changed_in_every_layer() -> None:
    network = small()
    vectors = torch.randn(1, 6, 16)
    network.train()
    assert torch.allclose(network.encoder(vectors), network.encoder(vectors))
    network.set_dropout(0.5)
    assert {m.p for m in network.encoder.modules() if isinstance(m, torch.nn.Dropout)} == {0.5}
    assert network.settings.encoder["dropout"] == 0.5
    assert not torch.allclose(network.encoder(vectors), network.encoder(vectors))


def test_a_saved_network_predicts_the_same(tmp_path: Path) -> None:
    network = small()
    batch = to_batch([to_events(tune(7))[:33]])
    save(tmp_path / "n.safetensors", network, {})
    back, _ = load(tmp_path / "n.safetensors")
    for ours, theirs in zip(network.nats(batch), back.nats(batch), strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.slow
def test_a_few_steps_of_training_lower_its_loss() -> None:
    network = small()
    batch = to_batch([to_events(tune(seed))[:24] for seed in range(2)])
    optimizer = torch.optim.Adam(network.parameters(), 0.02)
    losses = []
    for _ in range(20):
        loss = torch.stack([part.mean() for part in network.nats(batch)]).sum()
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert losses[-1] < losses[0] / 2


def test_it_writes_on_past_its_window() -> None:
    network = small()
    context = to_events(tune(5))[:20]
    written = [
        continue_events(network, [context], 60, SamplerSettings(), np.random.default_rng(0))[0]
        for _ in range(2)
    ]
    assert len(written[0]) == 60
    assert written[0].as_list() == written[1].as_list()
