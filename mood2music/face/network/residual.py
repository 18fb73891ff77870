"""Defines a small residual network for grey faces of 48 pixels, trained from scratch."""

import torch
import torch.nn.functional as F
from torch import nn

from mood2music.face.network.settings import FaceSettings


class Block(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut (He et al. 2016), each batch-normalised."""

    def __init__(self, inputs: int, outputs: int) -> None:
        """Map `inputs` channels to `outputs`; where they differ the shortcut is a 1 x 1 layer."""
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        self.shortcut: nn.Module = nn.Identity()
        if inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Map (batch, inputs, height, width) to (batch, outputs, height, width)."""
        inner = F.relu(self.first_norm(self.first(maps)))
        return F.relu(self.second_norm(self.second(inner)) + self.shortcut(maps))


class Residual(nn.Module):
    """Two plain convolutions and four residual blocks, halved between; ten weight layers in all.

    `width` channels come out of the stem, then 2, 4, 4 and 4 times as many; maps of a 48 x 48 face
    are 48, 24, 12, 12 and 6 pixels wide and are averaged at the end. 3.5 million weights at 64.
    """

    def __init__(self, outputs: int, width: int = 64, dropout: float = 0.3) -> None:
        """Make the layers, with torch's own random first weights."""
        super().__init__()
        self.stem = nn.Sequential(
            *_convolution(1, width // 2),
            *_convolution(width // 2, width),
        )
        self.blocks = nn.ModuleList(
            [
                Block(width, 2 * width),
                Block(2 * width, 4 * width),
                Block(4 * width, 4 * width),
                Block(4 * width, 4 * width),
            ]
        )
        self.halved = (True, True, False, True)  # before which blocks maps are pooled
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(4 * width, outputs)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Map faces (batch, 1, height, width) to (batch, outputs)."""
        maps = self.stem(faces)
        for halved, block in zip(self.halved, self.blocks, strict=True):
            maps = block(F.max_pool2d(maps, 2) if halved else maps)
        out: torch.Tensor = self.classifier(self.dropout(maps.mean((2, 3))))
        return out


def _convolution(inputs: int, outputs: int) -> list[nn.Module]:
    return [
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    ]


def from_settings(settings: FaceSettings, outputs: int) -> Residual:
    """Build it as model.* asks."""
    return Residual(outputs, settings.width, settings.dropout)
