"""chosen_callbacks.py: callbacks are made by their names, those of plug-ins too."""

from dataclasses import dataclass

import pytest
from lightning.pytorch.callbacks import EarlyStopping

from mood2music import registry
from mood2music.errors import SettingsError
from mood2music.learn.callback_settings import callback_settings
from mood2music.learn.chosen_callbacks import build
from mood2music.registry import names, register


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
