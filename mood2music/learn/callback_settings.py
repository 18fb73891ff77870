"""States what a user can ask of the callbacks of a training, configs/callbacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mood2music.command.ranges import at_least, one_of
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.registry import find, names, near, register

INTERVALS = ("step", "epoch")


@register("callback", "early_stopping", build="mood2music.learn.chosen_callbacks:early_stopping")
@dataclass
class EarlyStoppingSettings:
    """Stop when held-out loss has not fallen.

    patience: epochs without a lower one; min_delta: less than this is no fall; stopping_threshold:
    a loss that is low enough to stop at.
    """

    patience: int = 10
    min_delta: float = 0.0
    stopping_threshold: float | None = None

    def check(self, place: str = "callbacks.early_stopping.") -> None:
        """Raise SettingsError for a value outside its range."""
        at_least(self, place, patience=1, min_delta=0)


@register("callback", "learning_rate", build="mood2music.learn.chosen_callbacks:learning_rate")
@dataclass
class LearningRateSettings:
    """Log the learning rate. interval: step or epoch."""

    interval: str = "step"

    def check(self, place: str = "callbacks.learning_rate.") -> None:
        """Raise SettingsError for another interval."""
        one_of(self, place, interval=INTERVALS)


@register("callback", "model_summary", build="mood2music.learn.chosen_callbacks:model_summary")
@dataclass
class ModelSummarySettings:
    """Print the layers and their parameters. max_depth: of layers within layers, -1: all."""

    max_depth: int = 2

    def check(self, place: str = "callbacks.model_summary.") -> None:
        """Raise SettingsError for a value outside its range."""
        at_least(self, place, max_depth=-1)


def callback_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Read configs/callbacks: settings by a callback's name, null for one to leave out.

    Raises SettingsError for an unknown name, and as `parse` does.
    """
    known = names("callback")
    for name in given:
        if name not in known:
            raise SettingsError(
                f"callbacks.{name}: there is no such callback, {near(str(name), known)}"
            )
    return {
        name: parse(find("callback", name, "callbacks").settings, settings, f"callbacks.{name}")
        for name, settings in given.items()
        if settings is not None
    }
