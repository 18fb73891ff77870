"""settings.py: what a training cannot be asked."""

from dataclasses import replace

import pytest

from mood2music.errors import SettingsError
from mood2music.learn.optimizer_settings import OptimizerSettings
from mood2music.learn.settings import LoggerSettings, TrainerSettings


@pytest.mark.parametrize("name", ["log_images", "log_model"])
def test_what_only_wandb_takes_is_refused_without_it(name: str) -> None:
    asked = replace(LoggerSettings(), **{name: True})  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=rf"^logger\.{name}: only logger=wandb does, found csv"):
        asked.check()
    replace(asked, name="wandb").check()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (TrainerSettings(epochs=0), "trainer.epochs=0: expected 1 or more"),
        (TrainerSettings(precision="8"), "trainer.precision=8: expected one of"),
        (OptimizerSettings(lr=0), "optimizer.lr=0: expected above 0"),
        (OptimizerSettings(name="sdg"), "optimizer.name=sdg"),
    ],
)
def test_a_value_outside_its_range_is_refused_by_name(
    settings: TrainerSettings | OptimizerSettings, said: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        settings.check()
    assert str(refused.value).startswith(said)
