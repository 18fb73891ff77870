"""Callbacks keep the best network, average weights, seed each epoch, and stop a training in time.

`build` makes those that configs/callbacks names; `fit` adds the others itself.
"""

import logging
import random
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import lightning as L
import numpy as np
import torch
from lightning.pytorch.callbacks import (
    Callback,
    EarlyStopping,
    LearningRateMonitor,
    ModelSummary,
    TQDMProgressBar,
)
from torch.optim.swa_utils import AveragedModel

from mood2music.command.interrupt import Request
from mood2music.errors import SettingsError
from mood2music.learn.processes import rank
from mood2music.learn.run_log import RunLog
from mood2music.learn.settings import (
    EarlyStoppingSettings,
    LearningRateSettings,
    ModelSummarySettings,
)
from mood2music.learn.task import Task
from mood2music.registry import find

log = logging.getLogger(__name__)

MONITOR = "val/loss"
# Of a line of the progress bar.
WIDTH = 100


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
        """Save the network when the metric is better than ever. Raises SettingsError without it."""
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
        if self.sign * metrics[self.metric] < self.sign * self.best:
            self.best = metrics[self.metric]
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


class MovingAverage(Callback):
    """Averages the weights, step by step; the average is what is measured and kept.

    Exponential with a decay a step (Polyak & Juditsky 1992; Tarvainen & Valpola 2017) that starts
    lower, so that the random first weights are soon forgotten. Lightning's own WeightAveraging puts
    the trained weights back before the best network could be saved, and averages buffers.
    """

    def __init__(self, decay: float) -> None:
        """`decay`: share of the average that stays at each step, 0 to 1."""
        self.decay, self.steps = decay, 0
        self.averaged: AveragedModel | None = None
        self._read: dict[str, Any] = {}

    def mean(
        self, so_far: torch.Tensor, now: torch.Tensor, steps: torch.Tensor | int
    ) -> torch.Tensor:
        """Move `so_far` towards `now`; steps: so many went into it."""
        decay = min(self.decay, float(1 + steps) / float(10 + steps))
        return so_far.lerp(now, 1 - decay)

    def state_dict(self) -> dict[str, Any]:
        """Give the average, so that a resumed run goes on with it."""
        averaged = {} if self.averaged is None else self.averaged.state_dict()
        return {"steps": self.steps, "averaged": averaged}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the average of the run that is resumed."""
        self.steps, self._read = state_dict["steps"], state_dict["averaged"]

    def on_fit_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Begin with the weights as they are, on the device where they are by now."""
        self.averaged = AveragedModel(_network(pl_module), avg_fn=self.mean)
        if self._read:
            self.averaged.load_state_dict(self._read)

    def on_train_batch_end(
        self, trainer: L.Trainer, pl_module: L.LightningModule, *of_the_batch: Any
    ) -> None:
        """Take in the weights when the optimizer has made a step."""
        if self.averaged is not None and trainer.global_step > self.steps:
            self.steps = trainer.global_step
            self.averaged.update_parameters(_network(pl_module))

    def on_validation_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Measure the average."""
        self._exchange(_network(pl_module))

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        """Train on with the weights; BestNetwork, before this one, has saved the average."""
        self._exchange(_network(pl_module))

    def _exchange(self, network: torch.nn.Module) -> None:
        if self.averaged is None:
            return
        pairs = zip(self.averaged.module.parameters(), network.parameters(), strict=True)
        for average, trained in pairs:
            kept = average.data.clone()
            average.data.copy_(trained.data)
            trained.data.copy_(kept)


def _network(task: L.LightningModule) -> torch.nn.Module:
    assert isinstance(task, Task)
    return task.network


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


class Duration(Callback):
    """Say after the first batches about how long an epoch takes, and all of them."""

    FIRST, MEASURED = 1, 10  # batches that warm up, and that are timed

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.batches, self.begun, self.told = 0, 0.0, False

    def on_train_batch_end(self, trainer: L.Trainer, *of_the_batch: Any) -> None:
        """Time one more batch; held-out batches count as training batches do."""
        self.batches += 1
        if self.batches == self.FIRST:
            self.begun = time.monotonic()
        counted = self.batches - self.FIRST
        of_epoch = trainer.num_training_batches
        if self.told or counted < 1 or of_epoch == float("inf"):
            return
        if counted == min(self.MEASURED, int(of_epoch) - self.FIRST):
            self.told = True
            held_out = sum(n for n in trainer.num_val_batches if n != float("inf"))
            epoch = (time.monotonic() - self.begun) / counted * (of_epoch + held_out)
            left = (trainer.max_epochs or 0) - trainer.current_epoch
            log.info("about %s an epoch, %s for %d", in_words(epoch), in_words(epoch * left), left)


def in_words(seconds: float) -> str:
    """Write a time that is about so long.

    >>> in_words(0.4), in_words(75), in_words(5400), in_words(200_000)
    ('0.4 s', '75 s', '1.5 h', '2.3 days')
    """
    for longest, unit, name in (
        (10, 1, ""),
        (120, 1, "s"),
        (7200 / 2, 60, "min"),
        (172_800, 3600, "h"),
    ):
        if seconds < longest:
            return (
                f"{seconds:.1f} s" if not name else f"{seconds / unit:.{int(unit == 3600)}f} {name}"
            )
    return f"{seconds / 86_400:.1f} days"


class Bar(TQDMProgressBar):
    """A progress bar with the losses alone, on a line of at most 100 columns."""

    def __init__(self, metric: str = MONITOR) -> None:
        """`metric`: what is shown beside train/loss and val/loss."""
        super().__init__(refresh_rate=10)
        self.shown = ("train/loss", MONITOR, metric)

    def get_metrics(
        self, trainer: L.Trainer, pl_module: L.LightningModule
    ) -> dict[str, int | str | float | dict[str, float]]:
        """Give what fits."""
        metrics = super().get_metrics(trainer, pl_module)
        return {name: value for name, value in metrics.items() if name in self.shown}

    def init_train_tqdm(self) -> Any:
        """Make the bar of an epoch."""
        return _fitted(super().init_train_tqdm())

    def init_validation_tqdm(self) -> Any:
        """Make the bar of the held-out part."""
        return _fitted(super().init_validation_tqdm())

    def init_test_tqdm(self) -> Any:
        """Make the bar of the test part."""
        return _fitted(super().init_test_tqdm())


def _fitted(bar: Any) -> Any:
    """A bar no wider than the terminal, and never wider than WIDTH."""
    bar.dynamic_ncols = None
    bar.ncols = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    return bar


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
