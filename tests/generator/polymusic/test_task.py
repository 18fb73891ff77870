import pytest
import torch

from mood2music.generator.polymusic.frames import ScoredPieces, batch_of
from mood2music.generator.polymusic.network import FrameNetwork
from mood2music.generator.polymusic.settings import FrameSettings
from mood2music.generator.polymusic.task import FrameTask, score
from mood2music.learn.settings import OptimizerSettings
from tests.generator.polymusic.conftest import roll_of

TINY = FrameSettings(hidden=8, embedding=8)


def made(average: float) -> FrameTask:
    torch.manual_seed(0)
    return FrameTask(FrameNetwork(TINY), OptimizerSettings(), average)


def step(task: FrameTask, value: float) -> None:
    """Set every weight, as an optimizer would, and bring the mean up to date."""
    with torch.no_grad():
        for weight in task.network.parameters():
            weight.fill_(value)
    task.averaged.update_parameters(task.network)


def test_the_mean_starts_at_the_first_step_and_follows_with_its_decay() -> None:
    task = made(average=0.5)
    for value in (1.0, 3.0, 3.0):
        step(task, value)
    # Decays are the lower of 0.5 and (1 + n) / (10 + n): 2/11, then 3/12.
    expected = 1.0 + (3.0 - 1.0) * 9 / 11
    expected += (3.0 - expected) * 9 / 12
    assert task.best.start[0].item() == pytest.approx(expected)


def test_without_averaging_the_weights_are_the_last() -> None:
    task = made(average=0.0)
    for value in (1.0, 3.0):
        step(task, value)
    assert task.best.start[0].item() == 3.0


def test_every_piece_is_scored_with_all_its_frames() -> None:
    network = FrameNetwork(TINY)
    rolls = [roll_of(*[[60 + n]] * n) for n in (3, 1, 2)]
    scored = score(network, ScoredPieces(rolls, size=2))
    assert [len(nats) for nats in scored] == [1, 2, 3]
    with torch.no_grad():
        alone = network.eval().nats(batch_of([rolls[0]], [0]))
    assert torch.allclose(scored[2], alone.double(), atol=1e-5)
