import pytest
import torch

from mood2music.generator.event_batch import NO_LEVEL, PAD
from mood2music.generator.heads import LevelHead
from mood2music.music.events import HELD, LEVELS


@pytest.fixture
def head() -> LevelHead:
    torch.manual_seed(0)
    return LevelHead(8).eval()


def test_the_probabilities_of_all_levels_of_a_chord_sum_to_one(head: LevelHead) -> None:
    tokens = torch.tensor([[48, 52 + HELD, 60, PAD]]).expand(LEVELS**2, -1)
    levels = torch.full((LEVELS**2, 4), NO_LEVEL)
    levels[:, 0] = torch.arange(LEVELS**2) // LEVELS
    levels[:, 2] = torch.arange(LEVELS**2) % LEVELS
    with torch.no_grad():
        nats = head.nats(torch.randn(1, 8).expand(LEVELS**2, -1), tokens, levels)
    assert float((-nats).exp().sum()) == pytest.approx(1.0, abs=1e-5)


def test_held_pitches_and_rests_cost_no_level(head: LevelHead) -> None:
    tokens = torch.tensor([[60 + HELD, 64 + HELD], [PAD, PAD]])
    nats = head.nats(torch.randn(2, 8), tokens, torch.full((2, 2), NO_LEVEL))
    assert nats.tolist() == [0.0, 0.0]
