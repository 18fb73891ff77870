"""A task says which network it trains; a file of weights is read back into that."""

from pathlib import Path

import lightning as L
import torch

from mood2music.learn import checkpoint
from mood2music.learn.stored_network import restore


class Task(L.LightningModule):
    """What `fit` trains.

    network: what the checkpoint holds. The task logs val/loss in `validation_step` or at the end of
    the epoch, and the same figures as test/... in `test_step`.
    """

    network: torch.nn.Module

    def restore(self, path: Path) -> None:
        """Put the weights of a checkpoint into the network. Raises CheckpointError."""
        restore(self.network, checkpoint.load(path)[0], path)

    @property
    def fast_in_bf16(self) -> bool:
        """Whether a processor with AMX trains the network faster in bf16 than in float32."""
        return False

    def compile_layers(self) -> None:
        """Let torch.compile translate the network's forward pass when it is first taken."""
        self.network.compile()
