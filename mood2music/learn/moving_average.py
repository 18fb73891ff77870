"""Averages the weights of a network over the steps of its training (trainer.ema)."""

from typing import Any

import lightning as L
import torch
from lightning.pytorch.callbacks import (
    Callback,
)
from torch.optim.swa_utils import AveragedModel

from mood2music.learn.task import Task


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
