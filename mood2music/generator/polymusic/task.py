"""Defines what Lightning trains for the paper's table, weights averaged on the way."""

from typing import Any

import lightning as L
import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel

from mood2music.generator.polymusic.frames import FrameBatch, ScoredPieces
from mood2music.generator.polymusic.network import FrameNetwork
from mood2music.learn import optimizer as optim
from mood2music.learn.settings import OptimizerSettings


class FrameTask(L.LightningModule):
    """Logs train/loss and val/loss, nats a frame; val/loss is of the averaged weights."""

    def __init__(self, network: FrameNetwork, optimizer: OptimizerSettings, average: float) -> None:
        """`average`: decay a step of the running mean of the weights (Polyak & Juditsky 1992,
        exponential as in Tarvainen & Valpola 2017), 0 for the weights as they are. It starts
        lower, so that the mean soon forgets the random weights.
        """
        super().__init__()
        self.network, self.optimizer = network, optimizer

        def mean(so_far: Tensor, now: Tensor, steps: Tensor | int) -> Tensor:
            return so_far.lerp(now, 1 - min(average, float(1 + steps) / float(10 + steps)))

        self.averaged = AveragedModel(network, avg_fn=mean)

    @property
    def best(self) -> FrameNetwork:
        """The network that is scored and saved."""
        network: Any = self.averaged.module
        assert isinstance(network, FrameNetwork)
        return network

    def training_step(self, batch: FrameBatch, index: int) -> Tensor:
        """Mean nats a frame of one batch."""
        nats = self.network.nats(batch)
        self.log("train/loss", nats.mean(), prog_bar=True, on_step=False, on_epoch=True,
                 batch_size=len(nats))  # fmt: skip
        return nats.mean()

    def optimizer_step(self, *args: Any, **kwargs: Any) -> None:
        """Step, then bring the mean of the weights up to date."""
        super().optimizer_step(*args, **kwargs)
        self.averaged.update_parameters(self.network)

    def validation_step(self, batch: FrameBatch, index: int) -> None:
        """Log the held-out figure, weighted by frames."""
        nats = self.best.nats(batch)
        self.log("val/loss", nats.mean(), prog_bar=True, batch_size=len(nats))

    def configure_optimizers(self) -> Any:
        """Make the optimizer and, when asked for, its schedule by step."""
        steps = int(self.trainer.estimated_stepping_batches)
        return optim.configure(self.network.parameters(), self.optimizer, steps)


@torch.no_grad()
def score(network: FrameNetwork, pieces: ScoredPieces) -> list[Tensor]:
    """Give the nats of each piece's frames, the first included: (frames,) a piece, by length."""
    network.eval()
    scored: list[Tensor] = []
    for batch in pieces:
        scored += torch.split(network.nats(batch).double(), batch.real.sum(1).tolist())
    return scored
