"""Builds by name a network from small grey faces to outputs."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from mood2music.errors import SettingsError
from mood2music.face.network.settings import FaceSettings, outputs
from mood2music.registry import get

# Mean and deviation of grey in ImageNet (mean of its three colours' published figures).
GREY_MEAN, GREY_DEVIATION = 0.449, 0.226
FLAT = 0.02  # deviation that is added to a face's own, so that noise of a flat one stays small


class FaceNetwork(nn.Module):
    """One backbone behind resizing and normalisation: faces in [0, 1] in, outputs out."""

    def __init__(self, backbone: nn.Module, input_size: int, own: bool = False) -> None:
        """Put `backbone`, which takes input_size x input_size pixels, behind the preparation.

        own: each face is normalised by its own mean and deviation.
        """
        super().__init__()
        self.backbone = backbone
        self.input_size, self.own = input_size, own

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Map faces (batch, 1, height, width), grey in [0, 1], to (batch, outputs)."""
        size = (self.input_size, self.input_size)
        if faces.shape[-2:] != size:
            faces = F.interpolate(faces, size=size, mode="bilinear", align_corners=False)
        if self.own:
            centred = faces - faces.mean((1, 2, 3), keepdim=True)
            deviation = ((centred * centred).mean((1, 2, 3), keepdim=True) + 1e-8).sqrt()
            normalised = centred / (deviation + FLAT)
        else:
            normalised = (faces - GREY_MEAN) / GREY_DEVIATION
        out: torch.Tensor = self.backbone(normalised)
        return out


class FaceNetworks(nn.Module):
    """All of a model: one network, or with heads=separate one for each axis, side by side."""

    def __init__(self, networks: dict[str, FaceNetwork]) -> None:
        """Take networks by axis, or one named joint."""
        super().__init__()
        self.networks = nn.ModuleDict(networks)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Map faces (batch, 1, height, width), grey in [0, 1], to (batch, outputs)."""
        return torch.cat([network(faces) for network in self.networks.values()], dim=1)


def build_networks(settings: FaceSettings) -> FaceNetworks:
    """Make the networks of `settings`; their columns are `settings.outputs(settings)`.

    Raises SettingsError for a value out of range, UnknownNameError for a backbone that nobody
    has, CheckpointError for weights that are missing or another network's.
    """
    settings.check()
    columns = outputs(settings)
    own = settings.normalise == "picture"

    def made_of(count: int) -> FaceNetwork:
        return FaceNetwork(_backbone(settings, count), settings.input_size, own)

    if settings.target == "valence_arousal" and settings.heads == "separate":
        made = {axis: made_of(1) for axis in columns}
    else:
        made = {"joint": made_of(len(columns))}
    networks = FaceNetworks(made)
    if settings.freeze:
        for network in made.values():
            _freeze(network.backbone)
    return networks


def _backbone(settings: FaceSettings, count: int) -> nn.Module:
    known = get("backbone", settings.name)
    if known is not None:
        registered: nn.Module = known.build(settings, count)
        return registered
    from mood2music.face.network.timm_backbone import create

    return create(settings.name, count, settings.pretrained, settings.dropout, settings.input_size)


def _freeze(backbone: nn.Module) -> None:
    getter: Any = getattr(backbone, "get_classifier", None)
    head: Any = getter() if getter is not None else getattr(backbone, "classifier", None)
    if not isinstance(head, nn.Module) or not list(head.parameters()):
        raise SettingsError("model.freeze: this backbone has no head of its own to learn")
    for parameter in backbone.parameters():
        parameter.requires_grad = False
    for parameter in head.parameters():
        parameter.requires_grad = True
