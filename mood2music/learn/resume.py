"""A run that goes on takes up what an earlier one left, or says why it cannot."""

import shutil
from pathlib import Path

import lightning as L
import torch

from mood2music.errors import CheckpointError
from mood2music.files import atomically

LAST = "last.ckpt"


def take_over(earlier: Path, path: Path) -> None:
    """Begin with the best network of the run that is resumed, which may stay the best."""
    if earlier.is_file() and earlier.resolve() != path.resolve():
        with atomically(path) as unfinished:
            shutil.copyfile(earlier, unfinished)


def check_resume(path: Path, task: L.LightningModule) -> None:
    """Raise CheckpointError unless `path` is a last.ckpt of a run of the same network."""
    if not path.is_file():
        raise CheckpointError(f"resume={path}: no such file, expected a run's last.ckpt")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
        shapes = {name: tuple(tensor.shape) for name, tensor in state.items()}
    except Exception as error:  # torch, zipfile and pickle each raise their own
        raise CheckpointError(f"resume={path}: not a run's last.ckpt") from error
    if shapes != {name: tuple(tensor.shape) for name, tensor in task.state_dict().items()}:
        raise CheckpointError(
            f"resume={path} is a run of another network: repeat that run's options"
        )
