"""Reads the weights of an AlexNet file as a state dict; no code of it runs."""

import pickle
import warnings
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from mood2music.errors import CheckpointError
from mood2music.files import PRETRAINED

# torchvision's ImageNet AlexNet (BSD-3-Clause), convolutions only, half precision.
SHIPPED = PRETRAINED / "imagenet_alexnet.safetensors"
FIRST = "features.0.weight"


def read_alexnet(path: Path) -> dict[str, torch.Tensor]:
    """Read a torchvision AlexNet state dict from .pth or .safetensors, as float32.

    Raises CheckpointError when `path` is missing, no weights file, or another network's.
    """
    if not path.is_file():
        raise CheckpointError(
            f"no weights at {path}: pass model.weights=alexnet-owt-7be5be79.pth as torchvision "
            "publishes it, or model.pretrained=true for the shipped ones"
        )
    try:
        if path.suffix == ".safetensors":
            state = load_file(path)
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of other pickle protocols: read, or refused below
                state = torch.load(path, map_location="cpu", weights_only=True)
        tensors = {name: t.float() for name, t in state.items() if isinstance(t, torch.Tensor)}
    except (
        SafetensorError,
        pickle.UnpicklingError,
        RuntimeError,
        EOFError,
        OSError,
        AttributeError,
        ValueError,
        KeyError,
    ) as error:
        raise CheckpointError(
            f"{path} holds no weights: expected a torchvision state dict (.pth) or .safetensors"
        ) from error
    if FIRST not in tensors or tensors[FIRST].shape[:1] + tensors[FIRST].shape[2:] != (64, 11, 11):
        found = ", ".join(list(tensors)[:3]) or "no tensors"
        raise CheckpointError(
            f"{path} is no AlexNet ({found}): expected {FIRST} of shape (64, 3, 11, 11)"
        )
    return tensors
