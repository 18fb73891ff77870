"""Callbacks keep the best network, seed each epoch, show examples, and stop a training in time.

`fit` adds them itself; those that configs/callbacks names are `chosen_callbacks`.
"""

import logging
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lightning as L
import numpy as np
import torch
from lightning.pytorch.callbacks import Callback

from mood2music.command.interrupt import Request
from mood2music.errors import SettingsError
from mood2music.learn.processes import rank
from mood2music.learn.run_log import RunLog

log = logging.getLogger(__name__)

MONITOR = "val/loss"


class BestNetwork(Callback):
    """Keep the best network as a plain checkpoint (safetensors), beside Lightning's resume file."""

    def __init__(
        self,
        path: Path,
        save: Callable[[Path, dict[str, float]], None],
        told: RunLog,
        metric: str = MONITOR,
        mode: str = "min",
    ) -> None:
        """`save(path, metrics)` writes the network as it stands; `told` hears of the best epoch.

        metric, mode: the held-out figure that chooses it, and whether the lowest ("min") or the
        highest ("max") is best.
        """
        self.path, self.save, self.told = path, save, told
        self.metric, self.sign = metric, 1 if mode == "min" else -1
        self.best = self.sign * float("inf")
        self.metrics: dict[str, float] = {}
        self.last: dict[str, float] = {}

    def state_dict(self) -> dict[str, Any]:
        """Give the best figures, by which a resumed run chooses on, and the last ones."""
        return {"best": self.best, "metrics": self.metrics, "last": self.last}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the figures of the run that is resumed."""
        self.best, self.metrics = state_dict["best"], state_dict["metrics"]
        self.last = state_dict.get("last", {})

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Save the network when the metric is better than ever; say when it is no number any more.

        Raises SettingsError without it.
        """
        if self.metric not in trainer.callback_metrics:
            known = (name for name in trainer.callback_metrics if name.startswith("val/"))
            raise SettingsError(f"metric={self.metric}: expected one of {', '.join(sorted(known))}")
        if trainer.sanity_checking:
            return
        # train/loss is not in yet: the epoch's mean is taken behind its validation.
        metrics = {
            name: float(value)
            for name, value in trainer.callback_metrics.items()
            if not name.startswith("train/")
        }
        value = metrics[self.metric]
        before = self.last.get(self.metric, 0.0)
        if self.metrics and math.isfinite(before) and not math.isfinite(value):
            # Early stopping ends the training here, and says nothing.
            log.warning(
                "%s is %s in epoch %d, the best network is that of epoch %d: lower optimizer.lr, "
                "or check the data",
                self.metric, value, trainer.current_epoch, self.metrics["epoch"],
            )  # fmt: skip
        if self.sign * value < self.sign * self.best:
            self.best = value
            self.metrics = {**metrics, "epoch": float(trainer.current_epoch)}
            if trainer.is_global_zero:
                self.save(self.path, self.metrics)
        self.told.summarise(self.metrics)

    def on_train_epoch_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Take the epoch's figures, and the training figures of the best: they are in by now."""
        self.last = {name: float(value) for name, value in trainer.callback_metrics.items()}
        if self.metrics.get("epoch") == trainer.current_epoch:
            told = {name: value for name, value in self.last.items() if name.startswith("train/")}
            self.metrics.update(told)


class Seeds(Callback):
    """Seed each epoch by its number, so that dropout of a resumed run is the unbroken one's."""

    def __init__(self, seed: int) -> None:
        """`seed`: of the whole run."""
        self.seed = seed

    def on_train_batch_start(
        self, trainer: L.Trainer, pl_module: L.LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Seed torch, numpy and Python before an epoch's first batch."""
        # Not on_train_epoch_start: Lightning leaves it out in the first epoch of a resumed run.
        if batch_idx:
            return
        # Processes that train together leave out different units.
        apart = [rank()] if rank() else []
        spread = np.random.SeedSequence([self.seed, trainer.current_epoch, *apart])
        (drawn,) = (int(word) for word in spread.generate_state(1))
        torch.manual_seed(drawn)
        np.random.seed(drawn)  # noqa: NPY002  # what uses it is not ours to change
        random.seed(drawn)


class Stop(Callback):
    """Stop between two batches when a signal has asked for it."""

    def __init__(self, request: Request) -> None:
        """`request`: what a signal leaves word in."""
        self.request = request

    def on_train_batch_end(self, *of_the_batch: Any) -> None:
        """Stop here."""
        self.request.obey()

    def on_validation_batch_end(self, *of_the_batch: Any) -> None:
        """Stop here."""
        self.request.obey()

    def on_test_batch_end(self, *of_the_batch: Any) -> None:
        """Stop here."""
        self.request.obey()


class Examples(Callback):
    """Show wandb the first batch of each run, as the task draws it."""

    def __init__(self, told: RunLog) -> None:
        """`told`: the log that shows them."""
        self.told = told

    def on_train_batch_end(
        self,
        trainer: L.Trainer,
        pl_module: L.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """Show them once."""
        examples = getattr(pl_module, "examples", None)
        if trainer.global_step == 1 and examples is not None:
            self.told.show("train/examples", examples(batch))
