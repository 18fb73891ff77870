"""Defines AlexNet, in torchvision's order of layers, for grey or colour pictures.

Plain torch, so that reading a photo needs neither timm nor torchvision; `timm_alexnet` puts the
same class into timm's registry.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn

from mood2music.face.network.settings import FaceSettings
from mood2music.learn.stored_network import restore

# Name of the layer, channels, and how many pixels of the input one pixel of its map stands for.
STAGES = (
    ("features.1", 64, 4),
    ("features.4", 192, 8),
    ("features.7", 384, 16),
    ("features.9", 256, 16),
    ("features.11", 256, 16),
)


class AlexNet(nn.Module):
    """AlexNet (Krizhevsky 2014, "one weird trick"), layer by layer as in torchvision.

    num_classes: outputs, 0 for the pooled maps themselves; in_chans: 1 grey, 3 colour;
    classifier: light (maps averaged to 2 x 2, one dense layer of `hidden`, then the outputs) or
    torchvision (6 x 6, two dense layers of 4096). Any input of 63 pixels or more passes.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        in_chans: int = 3,
        classifier: str = "light",
        hidden: int = 128,
        drop_rate: float = 0.5,
    ) -> None:
        """Make the layers, with torch's own random first weights."""
        super().__init__()
        self.num_features = 256
        self.feature_info = [
            {"num_chs": channels, "reduction": reduction, "module": name}
            for name, channels, reduction in STAGES
        ]
        self._head = (classifier, hidden, drop_rate)
        self.features = nn.Sequential(
            nn.Conv2d(in_chans, 64, 11, 4, 2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 192, 5, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(192, 384, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, 3, padding=1),
            nn.ReLU(inplace=True),
            # On ImageNet's 224 pixels ceil_mode changes nothing; on 80 it keeps 2 x 2, not 1 x 1.
            nn.MaxPool2d(3, 2, ceil_mode=True),
        )
        self.avgpool = nn.AdaptiveAvgPool2d(6 if classifier == "torchvision" else 2)
        self.reset_classifier(num_classes)

    def reset_classifier(self, num_classes: int) -> None:
        """Put a new, untrained head of `num_classes` outputs, as timm's own networks do."""
        kind, hidden, rate = self._head
        self.num_classes = num_classes
        self.classifier: nn.Module
        if num_classes == 0:
            self.classifier = nn.Identity()
        elif kind == "torchvision":
            self.classifier = nn.Sequential(
                nn.Dropout(rate),
                nn.Linear(256 * 36, 4096),
                nn.ReLU(inplace=True),
                nn.Dropout(rate),
                nn.Linear(4096, 4096),
                nn.ReLU(inplace=True),
                nn.Linear(4096, num_classes),
            )
        else:
            self.classifier = nn.Sequential(
                nn.Dropout(rate),
                nn.Linear(256 * 4, hidden),
                nn.ReLU(inplace=True),
                nn.Dropout(rate),
                nn.Linear(hidden, num_classes),
            )

    def get_classifier(self) -> nn.Module:
        """Give the head, as timm's own networks do."""
        return self.classifier

    def forward_features(self, pictures: torch.Tensor) -> torch.Tensor:
        """Map pictures (batch, channels, height, width) to maps (batch, 256, h, w)."""
        maps: torch.Tensor = self.features(pictures)
        return maps

    def forward_head(self, maps: torch.Tensor) -> torch.Tensor:
        """Map convolution maps to (batch, outputs)."""
        out: torch.Tensor = self.classifier(torch.flatten(self.avgpool(maps), 1))
        return out

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Map pictures (batch, channels, height, width) to (batch, outputs)."""
        return self.forward_head(self.forward_features(pictures))


def fit_state(state: Mapping[str, torch.Tensor], network: nn.Module) -> dict[str, torch.Tensor]:
    """Fit a torchvision AlexNet state dict, whole or convolutions only, to `network`.

    Dense layers that are missing or of another shape (another number of outputs, the light head)
    keep the network's own first values; everything else is taken over as float32.
    """
    own = network.state_dict()
    fitted = {name: tensor.float() for name, tensor in state.items() if name in own}
    for name, tensor in own.items():
        dense = name.startswith("classifier.")
        if dense and (name not in fitted or fitted[name].shape != tensor.shape):
            fitted[name] = tensor
    return fitted


def sum_colours(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Sum the first convolution's three colour kernels (64, 3, 11, 11) into one for grey.

    A grey picture then gives the maps that it gave when fed to all three channels.
    """
    first = state["features.0.weight"]
    return {**state, "features.0.weight": first.sum(dim=1, keepdim=True)}


def from_settings(settings: FaceSettings, outputs: int) -> AlexNet:
    """Build it for grey pictures as model.* asks, from ImageNet's weights where it asks for them.

    Raises CheckpointError for weights that are missing or another network's.
    """
    network = AlexNet(outputs, 1, settings.classifier, settings.hidden, settings.dropout)
    if settings.weights is not None or settings.pretrained:
        from mood2music.face.network.imagenet import SHIPPED, read_alexnet

        path = Path(settings.weights) if settings.weights is not None else SHIPPED
        restore(network, fit_state(sum_colours(read_alexnet(path)), network), path)
    return network
