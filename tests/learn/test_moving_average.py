"""moving_average.py: averages by hand, step by step."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from mood2music.learn.moving_average import MovingAverage
from mood2music.learn.task import Task


class Line(Task):
    """One weight."""

    def __init__(self) -> None:
        super().__init__()
        self.network = torch.nn.Linear(1, 1, bias=False)


def averaged(decay: float, *values: float) -> tuple[MovingAverage, Line]:
    """Set the weight, as an optimizer would, step by step."""
    task, average = Line(), MovingAverage(decay)
    trainer: Any = SimpleNamespace(global_step=0)
    average.on_fit_start(trainer, task)
    for value in values:
        set_weight(task, value)
        trainer.global_step += 1
        average.on_train_batch_end(trainer, task)
    return average, task


def set_weight(task: Line, value: float) -> None:
    with torch.no_grad():
        task.network.weight.fill_(value)  # type: ignore[union-attr, operator]


def weight(network: torch.nn.Module) -> float:
    return next(network.parameters()).item()


def test_the_average_starts_at_the_first_step_and_follows_with_its_decay() -> None:
    average, _ = averaged(0.5, 1.0, 3.0, 3.0)
    # Decays are the lower of 0.5 and (1 + n) / (10 + n): 2/11, then 3/12.
    expected = 1.0 + (3.0 - 1.0) * 9 / 11
    expected += (3.0 - expected) * 9 / 12
    assert average.averaged is not None
    assert weight(average.averaged.module) == pytest.approx(expected)


def test_what_is_measured_is_the_average_and_training_goes_on_with_the_weights() -> None:
    average, task = averaged(0.5, 1.0, 3.0)
    trainer: Any = None
    average.on_validation_start(trainer, task)
    assert weight(task.network) == pytest.approx(1.0 + 2.0 * 9 / 11)
    average.on_validation_end(trainer, task)
    assert weight(task.network) == 3.0


def test_batches_without_a_step_are_not_averaged_again() -> None:
    average, task = averaged(0.5, 1.0)
    set_weight(task, 5.0)
    average.on_train_batch_end(SimpleNamespace(global_step=1), task)  # type: ignore[arg-type]
    assert average.averaged is not None
    assert weight(average.averaged.module) == 1.0


def test_an_average_goes_on_where_it_stopped() -> None:
    average, task = averaged(0.5, 1.0, 3.0)
    other = MovingAverage(0.5)
    other.load_state_dict(average.state_dict())
    trainer: Any = SimpleNamespace(global_step=2)
    other.on_fit_start(trainer, task)
    assert other.state_dict()["steps"] == 2
    torch.testing.assert_close(other.state_dict(), average.state_dict())
