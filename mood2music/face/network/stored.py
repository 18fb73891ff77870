"""Loads the networks of a face checkpoint, ready to read faces or to be fine-tuned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from mood2music.command.settings import parse
from mood2music.errors import CheckpointError
from mood2music.face.network.backbone import FaceNetworks, build_networks
from mood2music.face.network.onnx_file import face_size
from mood2music.face.network.settings import FaceSettings, outputs
from mood2music.learn.stored_network import load_network, restore

KIND = "face"


@dataclass(frozen=True)
class Stored:
    """Networks in evaluation mode.

    outputs: what their columns stand for; header: all that the file tells; size: pixels a side of
    the faces that they learnt from.
    """

    networks: FaceNetworks
    outputs: list[str]
    header: dict[str, Any]
    size: int


def load(path: Path) -> Stored:
    """Build and fill the networks of a face checkpoint, strictly.

    Raises CheckpointError when it is none, or its settings and weights do not fit each other.
    """
    networks, header = load_network(path, KIND, _from_header)
    return Stored(networks, outputs(_settings(header)), header, face_size(header))


def _from_header(header: dict[str, Any]) -> FaceNetworks:
    bare = replace(_settings(header), pretrained=False, weights=None, init=None, freeze=False)
    return build_networks(bare)


def _settings(header: dict[str, Any]) -> FaceSettings:
    return parse(FaceSettings, header.get("settings", {}))


def start_from(networks: FaceNetworks, settings: FaceSettings, path: Path) -> None:
    """Fill `networks` with a checkpoint's weights, to go on from.

    An axis is taken from the checkpoint's network of that axis, or from its joint one; of the
    last layer the rows of the axes in both are taken. Raises CheckpointError when the checkpoint
    has another backbone or no network for what is wanted.
    """
    source = load(path)
    theirs: dict[str, torch.nn.Module] = dict(source.networks.networks.items())
    for name, network in networks.networks.items():
        found = theirs.get(name) or theirs.get("joint")
        if found is None:
            raise CheckpointError(
                f"model.init={path} has networks for {', '.join(theirs)}, expected {name} or joint"
            )
        here = [name] if name in source.outputs else outputs(settings)
        there = [name] if found is not theirs.get("joint") else source.outputs
        restore(network, _fit(found, network, there, here), path)


def _fit(
    source: torch.nn.Module, target: torch.nn.Module, there: Sequence[str], here: Sequence[str]
) -> dict[str, torch.Tensor]:
    """Pick rows of the last layer where the outputs differ; the rest is taken as it is.

    Where they differ in number, the last layer is known by that; else it is what comes last.
    """
    fitted = dict(source.state_dict())
    own = target.state_dict()
    last = next(reversed(fitted)).rpartition(".")[0]
    for name, tensor in fitted.items():
        differs = name in own and (
            tensor.shape != own[name].shape
            or (name.rpartition(".")[0] == last and list(there) != list(here))
        )
        if differs and tensor.shape[:1] == (len(there),):
            rows = own[name].clone()
            for row, output in enumerate(here):
                if output in there:
                    rows[row] = tensor[there.index(output)]
            fitted[name] = rows
    return fitted
