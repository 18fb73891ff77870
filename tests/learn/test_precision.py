"""precision.py: what auto becomes."""

import pytest

from mood2music.learn import precision
from mood2music.learn.settings import TrainerSettings


@pytest.mark.parametrize(
    ("amx", "fast_in_bf16", "expected"),
    [
        (True, True, "bf16-mixed"),
        (True, False, "32-true"),
        (False, True, "32-true"),
        (False, False, "32-true"),
    ],
)
def test_a_processor_takes_bf16_where_it_and_the_network_gain_by_it(
    monkeypatch: pytest.MonkeyPatch, amx: bool, fast_in_bf16: bool, expected: str
) -> None:
    monkeypatch.setattr(precision, "has_amx", lambda: amx)
    assert precision.chosen(TrainerSettings(accelerator="cpu"), fast_in_bf16) == expected


def test_what_is_asked_for_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "has_amx", lambda: True)
    assert precision.chosen(TrainerSettings(precision="32-true"), True) == "32-true"
    assert precision.chosen(TrainerSettings(precision="bf16-mixed"), False) == "bf16-mixed"


def test_a_gpu_that_is_not_there_gets_no_bf16() -> None:
    assert precision.chosen(TrainerSettings(accelerator="gpu"), True) in ("32-true", "bf16-mixed")
    assert precision.chosen(TrainerSettings(accelerator="mps"), True) == "32-true"
