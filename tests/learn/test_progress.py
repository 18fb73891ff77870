"""progress.py: how long a run takes, and its bar."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest

from mood2music.learn import progress
from mood2music.learn.progress import Bar, Duration, in_words


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
    monkeypatch.setattr(progress.time, "monotonic", lambda: float(next(now)))
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
