from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch

from mood2music.errors import CheckpointError, SettingsError
from mood2music.generator.polymusic.frames import batch_of
from mood2music.generator.polymusic.network import FrameNetwork, load, save
from mood2music.generator.polymusic.settings import FrameSettings
from mood2music.learn import checkpoint
from tests.generator.polymusic.conftest import roll_of

TINY = FrameSettings(hidden=24, embedding=16, layers=1)
FEW = range(60, 68)
# Every set of the eight pitches.
FRAMES = [
    tuple(p for p, on in zip(FEW, mask, strict=True) if on) for mask in product((0, 1), repeat=8)
]


def drawn(settings: FrameSettings = TINY, lowest: int = 21, highest: int = 108) -> FrameNetwork:
    """A network whose weights are random and large, so that frames differ in probability."""
    torch.manual_seed(1)
    network = FrameNetwork(settings, lowest, highest).eval()
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(torch.randn_like(weight) * 0.5)
    return network


@pytest.mark.parametrize("order", ["low", "high"])
@pytest.mark.parametrize("before", [[], [(60, 64, 67)], [(), (61,), tuple(FEW)]])
def test_the_probabilities_of_all_frames_sum_to_one(
    order: str, before: list[tuple[int, ...]]
) -> None:
    network = drawn(replace(TINY, order=order), 60, 67)
    assert len(set(FRAMES)) == 2**8
    batch = batch_of([roll_of(*before, frame) for frame in FRAMES], [0] * len(FRAMES))
    with torch.no_grad():
        nats = network.nats(batch).view(len(FRAMES), -1)[:, -1]
    probabilities = torch.exp(-nats.double())
    assert probabilities.sum().item() == pytest.approx(1, abs=1e-5)
    assert probabilities.max() > 5 * probabilities.min()


def test_a_frame_of_all_88_pitches_has_a_probability() -> None:
    with torch.no_grad():
        nats = drawn().nats(batch_of([roll_of(range(21, 109), [])], [0]))
    assert nats.shape == (2,)
    assert torch.isfinite(nats).all()


def test_what_comes_later_never_changes_a_frame() -> None:
    network = drawn()
    start = [[60, 64], [62], [59, 67]]
    with torch.no_grad():
        long = network.nats(batch_of([roll_of(*start, [72], [])], [0]))
        other = network.nats(batch_of([roll_of(*start, [40, 41])], [0]))
    assert torch.allclose(long[:3], other[:3], atol=1e-5)
    assert not torch.allclose(long[3], other[3])


def test_a_piece_scores_alike_alone_and_beside_a_longer_one() -> None:
    network = drawn()
    short, long = roll_of([60], [64, 67]), roll_of([40, 52, 55, 61, 70], [41], [43], [45])
    with torch.no_grad():
        alone = network.nats(batch_of([short], [0]))
        beside = network.nats(batch_of([long, short], [0, 0]))
    assert torch.allclose(alone, beside[4:], atol=1e-5)


def test_spelled_from_the_high_end_a_frame_is_its_mirror_from_the_low_end() -> None:
    low, high = drawn(replace(TINY, order="low")), drawn(replace(TINY, order="high"))
    roll = roll_of([60, 64, 71], [21], [], [50, 108])
    with torch.no_grad():
        mirrored = low.nats(batch_of([np.ascontiguousarray(roll[:, ::-1])], [0]))
        assert torch.allclose(high.nats(batch_of([roll], [0])), mirrored, atol=1e-5)
        assert not torch.allclose(low.nats(batch_of([roll], [0])), mirrored, atol=1e-2)


def test_the_same_frames_at_another_place_of_the_bars_score_otherwise() -> None:
    network = drawn()
    with torch.no_grad():
        network.encoder.lstm.weight_hh_l0.zero_()
        network.encoder.lstm.bias_hh_l0[24:48] = -40  # forgets all: only the place can tell
        nats = network.nats(batch_of([roll_of(*[[60]] * 34)], [0]))
    assert torch.allclose(nats[1:17], nats[17:33], atol=1e-4)
    assert not torch.allclose(nats[1:16], nats[2:17], atol=1e-2)


def test_training_drops_what_scoring_keeps() -> None:
    network = drawn(replace(TINY, dropout=0.0, spelling_dropout=0.0, input_dropout=0.5))
    batch = batch_of([roll_of(*[[60, 64, 67]] * 10)], [0])
    with torch.no_grad():
        assert torch.equal(network.nats(batch), network.nats(batch))
        network.train()
        assert not torch.equal(network.nats(batch), network.nats(batch))


def test_a_saved_network_scores_alike(tmp_path: Path) -> None:
    network = drawn()
    save(tmp_path / "net.safetensors", network, {"seed": 7})
    batch = batch_of([roll_of([60], [62, 65])], [0])
    with torch.no_grad():
        assert torch.equal(load(tmp_path / "net.safetensors").nats(batch), network.nats(batch))
    assert checkpoint.read_header(tmp_path / "net.safetensors")["seed"] == 7
    checkpoint.save(tmp_path / "face.safetensors", network.state_dict(), "face", {})
    with pytest.raises(CheckpointError, match="face network, expected polymusic"):
        load(tmp_path / "face.safetensors")


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(SettingsError, match="order=up: expected one of low, high"):
        FrameNetwork(replace(TINY, order="up"))
