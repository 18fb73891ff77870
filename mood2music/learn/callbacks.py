"""Callbacks keep the best network, seed each epoch, and stop a training in time."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lightning as L
import numpy as np
import torch
from lightning.pytorch.callbacks import Callback, EarlyStopping

from mood2music.command.interrupt import Request
from mood2music.learn.run_log import RunLog

MONITOR = "val/loss"


class BestNetwork(Callback):
    """Keep the best network as a plain checkpoint (safetensors), beside Lightning's resume file."""

    def __init__(
        self, path: Path, save: Callable[[Path, dict[str, float]], None], told: RunLog
    ) -> None:
        """`save(path, metrics)` writes the network as it stands; `told` hears of the best epoch."""
        self.path, self.save, self.told, self.best = path, save, told, float("inf")
        self.metrics: dict[str, float] = {}

    def state_dict(self) -> dict[str, Any]:
        """Give the best figures, by which a resumed run chooses on."""
        return {"best": self.best, "metrics": self.metrics}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the best figures of the run that is resumed."""
        self.best, self.metrics = state_dict["best"], state_dict["metrics"]

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Save the network when held-out loss has fallen."""
        if trainer.sanity_checking:
            return
        # train/loss is not in yet: the epoch's mean is taken behind its validation.
        metrics = {
            name: float(value)
            for name, value in trainer.callback_metrics.items()
            if not name.startswith("train/")
        }
        if metrics.get(MONITOR, float("inf")) < self.best:
            self.best = metrics[MONITOR]
            self.metrics = {**metrics, "epoch": float(trainer.current_epoch)}
            self.save(self.path, self.metrics)
        self.told.summarise(self.metrics)


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
        spread = np.random.SeedSequence([self.seed, trainer.current_epoch])
        (drawn,) = (int(word) for word in spread.generate_state(1))
        torch.manual_seed(drawn)
        np.random.seed(drawn)  # noqa: NPY002  # what uses it is not ours to change
        random.seed(drawn)


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
