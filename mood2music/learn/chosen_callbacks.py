"""Makes the callbacks that configs/callbacks names, of those that are registered."""

from collections.abc import Mapping
from typing import Any

import lightning as L
from lightning.pytorch.callbacks import (
    Callback,
    EarlyStopping,
    LearningRateMonitor,
    ModelSummary,
)

from mood2music.learn.callback_settings import (
    EarlyStoppingSettings,
    LearningRateSettings,
    ModelSummarySettings,
)
from mood2music.learn.callbacks import MONITOR
from mood2music.registry import find


class Patience(EarlyStopping):
    """Stop as asked of this run: a resumed one has its own patience, and may have lost it before.

    Lightning would take over the patience of the run before, and train a finished one further.
    """

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the epochs without gain, not the patience."""
        super().load_state_dict({**state_dict, "patience": self.patience})

    def on_train_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Stop at once when the patience is lost already."""
        if self.wait_count >= self.patience:
            trainer.should_stop = True


def build(chosen: Mapping[str, Any], metric: str = MONITOR, mode: str = "min") -> list[Callback]:
    """Make the callbacks that were chosen, by the names that they are registered under.

    metric, mode: what chooses the best epoch, and so stops the training early.
    """
    return [
        find("callback", name, "callbacks").build(settings, metric, mode)
        for name, settings in chosen.items()
    ]


def early_stopping(settings: EarlyStoppingSettings, metric: str, mode: str) -> Callback:
    """Stop where the metric no longer gets better."""
    return Patience(
        metric,
        mode=mode,
        min_delta=settings.min_delta,
        patience=settings.patience,
        stopping_threshold=settings.stopping_threshold,
    )


def learning_rate(settings: LearningRateSettings, metric: str, mode: str) -> Callback:
    """Log the learning rate."""
    return LearningRateMonitor(settings.interval)  # type: ignore[arg-type]  # a plain str, checked


def model_summary(settings: ModelSummarySettings, metric: str, mode: str) -> Callback:
    """Print the layers and their parameters."""
    return ModelSummary(settings.max_depth)
