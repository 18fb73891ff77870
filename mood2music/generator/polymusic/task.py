"""Defines what Lightning trains for the paper's table, by nats a frame."""

from typing import Any

import torch
from torch import Tensor

from mood2music.generator.polymusic.frames import FrameBatch, ScoredPieces
from mood2music.generator.polymusic.network import FrameNetwork
from mood2music.learn import optimizer as optim
from mood2music.learn.optimizer_settings import OptimizerSettings
from mood2music.learn.processes import gathered, share, to_learn
from mood2music.learn.task import Task


class FrameTask(Task):
    """Logs train/loss and val/loss, nats a frame."""

    def __init__(self, network: FrameNetwork, optimizer: OptimizerSettings) -> None:
        """`network`: what to train."""
        super().__init__()
        self.network: FrameNetwork = network
        self.optimizer = optimizer

    def training_step(self, batch: FrameBatch, index: int) -> Tensor:
        """Mean nats a frame of one batch."""
        nats = self._nats(batch)
        self.log("train/loss", nats.mean(), prog_bar=True, on_step=False, on_epoch=True,
                 batch_size=len(nats))  # fmt: skip
        return to_learn(nats.mean())

    def validation_step(self, batch: FrameBatch, index: int) -> None:
        """Log the held-out figure, weighted by frames."""
        nats = self._nats(batch)
        self.log("val/loss", nats.mean(), prog_bar=True, batch_size=len(nats))

    def _nats(self, batch: FrameBatch) -> Tensor:
        """Nats of all frames of a batch, of which each process scores its share."""
        mine = share(batch)
        return gathered(self.network.nats(mine.batch), mine.counts)

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
