"""callbacks.py: averages by hand, what is chosen by name, how long a run takes, and its bar."""

import logging
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from lightning.pytorch.callbacks import EarlyStopping

from mood2music import registry
from mood2music.errors import SettingsError
from mood2music.learn import callbacks
from mood2music.learn.callbacks import Bar, Duration, MovingAverage, build, in_words
from mood2music.learn.settings import callback_settings
from mood2music.learn.task import Task
from mood2music.registry import names, register


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.44, "0.4 s"), (75, "75 s"), (600, "10 min"), (5400, "1.5 h"), (200_000, "2.3 days")],
)
def test_a_time_is_told_in_the_unit_that_fits(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_a_run_says_once_how_long_it_takes(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = iter(range(0, 1000, 2))  # two seconds a batch
    monkeypatch.setattr(callbacks.time, "monotonic", lambda: float(next(now)))
    trainer: Any = SimpleNamespace(
        num_training_batches=90, num_val_batches=[10], max_epochs=9, current_epoch=0
    )
    duration = Duration()
    with caplog.at_level(logging.INFO):
        for _ in range(11):
            assert not caplog.messages
            duration.on_train_batch_end(trainer)
        # The clock is read at the end of the first batch and of the eleventh: 2 s for 10.
        duration.on_train_batch_end(trainer)
    assert caplog.messages == [f"about {in_words(20)} an epoch, {in_words(180)} for 9"]


def test_the_bar_is_no_wider_than_a_hundred_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    bar = Bar()
    bar._trainer = SimpleNamespace(sanity_checking=False)  # type: ignore[assignment]
    shown = bar.init_train_tqdm()
    shown.total = 1000
    shown.set_postfix(dict.fromkeys(("train/loss", "val/loss", "val/chord_bits"), 123.456789))
    assert 60 < len(str(shown)) <= 100
    shown.close()


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


def test_every_callback_with_settings_is_built_by_its_name() -> None:
    chosen = callback_settings({name: {} for name in names("callback")})
    assert [type(made).__name__ for made in build(chosen)] == [
        "Patience", "LearningRateMonitor", "ModelSummary",
    ]  # fmt: skip
    assert build(callback_settings({"early_stopping": None})) == []


def test_a_callback_of_a_plugin_is_made_from_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    names("callback")
    monkeypatch.setitem(registry._choices, "callback", dict(registry._choices["callback"]))

    @dataclass
    class LeastSettings:
        delta: float = 0.5

    @register("callback", "least", LeastSettings)
    def least(settings: LeastSettings, metric: str, mode: str) -> EarlyStopping:
        return EarlyStopping(metric, settings.delta, mode=mode)

    (made,) = build(callback_settings({"least": {"delta": 0.25}}), "val/accuracy", "max")
    assert isinstance(made, EarlyStopping)
    assert (made.monitor, made.min_delta, made.mode) == ("val/accuracy", 0.25, "max")
    with pytest.raises(SettingsError, match=r"callbacks\.least\.dleta: .* did you mean delta"):
        callback_settings({"least": {"dleta": 1}})


def test_an_unknown_callback_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match=r"callbacks\.early_stoping: .* mean early_stopping"):
        callback_settings({"early_stoping": {}})
