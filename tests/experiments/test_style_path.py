"""What is compared with blends of weights computes what it says."""

import copy

import numpy as np
import pytest
import torch

from experiments.style_path.packed import pack, unpack
from experiments.style_path.told import MoodTold, StyleTold, network_told
from experiments.style_path.units import SETS, joined, matched, permuted
from mood2music.generator.event_batch import EventBatch, Recalled
from mood2music.generator.network import EventNetwork, build_network
from mood2music.generator.settings import NetworkSettings

SIZE = {"hidden": 8, "embedding": 6, "dropout": 0.0, "layers": 2}
SETTINGS = NetworkSettings("lstm", "pitchwise", SIZE, False, ["same", "melody"], True, "rated")


def network(seed: int) -> EventNetwork:
    torch.manual_seed(seed)
    return build_network(SETTINGS).eval()


@pytest.fixture(scope="module")
def batch() -> EventBatch:
    shape, draw = (2, 7), torch.Generator().manual_seed(0)

    def codes(most: int, *more: int) -> torch.Tensor:
        return torch.randint(1, most, (*shape, *more), generator=draw)

    tokens = codes(20, 3) + torch.tensor([30, 60, 90])
    recalled = Recalled(codes(90, 2, 3), codes(48, 2), codes(3, 2))
    moods = torch.tensor([3, 5, 2, 1]).repeat(*shape, 1)
    return EventBatch(tokens, codes(48), codes(24), codes(8, 3), codes(16, 2), recalled, moods)


def nats(of: EventNetwork, batch: EventBatch) -> torch.Tensor:
    with torch.no_grad():
        return torch.stack(of.nats(batch))


def test_units_in_another_order_compute_the_same_and_are_found_again(batch: EventBatch) -> None:
    base = network(0)
    sizes = dict(zip(SETS, (6, 8, 8, 8, 8, 64), strict=True))
    order = {name: torch.randperm(size) for name, size in sizes.items()}
    moved = copy.deepcopy(base)
    moved.load_state_dict(permuted(base.state_dict(), order))
    assert not torch.equal(moved.encoder.lstm.weight_hh_l0, base.encoder.lstm.weight_hh_l0)
    torch.testing.assert_close(nats(moved, batch), nats(base, batch))
    back = matched(moved.state_dict(), base.state_dict(), np.random.default_rng(0))
    for name, weight in permuted(moved.state_dict(), back).items():
        assert torch.equal(weight, base.state_dict()[name])


def test_networks_joined_give_the_mean_of_their_logits(batch: EventBatch) -> None:
    first, second = network(0), network(1)
    both = joined(first, second, 0.25)
    read = batch.part(None, -1)
    with torch.no_grad():
        logits = []
        for one in (first, second, both):
            context = one.context(one.encoder(one.embed(read)), read)[:, -1]
            logits.append(one.representation.duration(context, batch.tokens[:, -1])[:, 1:])
    torch.testing.assert_close(logits[2], 0.75 * logits[0] + 0.25 * logits[1])
    torch.testing.assert_close(nats(joined(first, second, 1.0), batch), nats(second, batch))


@pytest.mark.parametrize("way", ["film", "prefix"])
def test_what_is_told_all_along_is_folded_into_weights(way: str, batch: EventBatch) -> None:
    torch.manual_seed(0)
    told = network_told(SETTINGS, way).eval()
    assert isinstance(told, MoodTold)
    usual = told.folded(torch.tensor([3, 5, 2, 1]))
    torch.testing.assert_close(nats(usual, batch), nats(told, batch))
    untold = nats(told.folded(torch.tensor([3, 5, 2, 1]), 0.0), batch)
    assert (untold - nats(told, batch)).abs().max() > 1e-3


def test_a_style_that_is_told_is_folded_into_biases(batch: EventBatch) -> None:
    told = StyleTold(network(0), 3)
    torch.nn.init.normal_(told.style_in)
    torch.nn.init.normal_(told.style_out)
    told.style = 1
    torch.testing.assert_close(nats(told.folded({1: 1.0}), batch), nats(told, batch))
    told.style = None
    torch.testing.assert_close(nats(told.folded({1: 0.0}), batch), nats(told, batch))


def test_a_packed_network_is_the_same_but_for_rounding() -> None:
    base, style = network(0).state_dict(), network(1).state_dict()
    for name, weight in unpack(pack(style, base), base).items():
        far = style[name] - base[name]
        assert (weight - style[name]).norm() <= 0.04 * far.norm() + 1e-6
