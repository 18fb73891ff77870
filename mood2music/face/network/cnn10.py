"""Defines the paper's network of ten layers, from grey faces to one number an output."""

import torch
from torch import nn

from mood2music.face.network.settings import FaceSettings


class CNN10(nn.Module):
    """Ten layers: five convolutions (11x11, 5x5, three 3x3), three poolings, two dense layers.

    Batch normalisation (Ioffe & Szegedy 2015) after each convolution is not counted: without it
    the network needs several times the epochs. `width` channels come out of the first layer,
    twice as many of the second, four times as many of the rest. On 49 x 49 pixels the maps are
    25, 12 (pooled), 6 (pooled) and 3 (pooled) pixels wide; other sizes are averaged to 3 x 3.
    """

    def __init__(self, outputs: int, width: int = 32, dropout: float = 0.3, hidden: int = 256):
        """Make the layers, with torch's own random first weights."""
        super().__init__()
        self.features = nn.Sequential(
            *_convolution(1, width, 11, stride=2),
            nn.MaxPool2d(3, 2),
            *_convolution(width, 2 * width, 5),
            nn.MaxPool2d(2),
            *_convolution(2 * width, 4 * width, 3),
            *_convolution(4 * width, 4 * width, 3),
            *_convolution(4 * width, 4 * width, 3),
            nn.AdaptiveMaxPool2d(3),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(dropout),
            nn.Linear(4 * width * 9, hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(hidden, outputs),
        )

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Map faces (batch, 1, height, width) to (batch, outputs)."""
        out: torch.Tensor = self.classifier(self.features(faces))
        return out


def _convolution(inputs: int, outputs: int, size: int, stride: int = 1) -> list[nn.Module]:
    return [
        nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    ]


def from_settings(settings: FaceSettings, outputs: int) -> CNN10:
    """Build it as model.* asks."""
    return CNN10(outputs, settings.width, settings.dropout, settings.hidden)
