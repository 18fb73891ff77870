"""Takes detail from faces as small pictures, lenses and JPEG files do, each by its own draw."""

import math
from functools import cache

import torch
import torch.nn.functional as F

from mood2music.face.network.settings import AugmentSettings
from mood2music.face.training.tone import drawn

SMALLEST = 24  # pixels a side of a face that is made coarse, at least
# Luminance steps of JPEG at quality 50 (ITU-T T.81, table K.1), row by row.
STEPS = (
    (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56), (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip


def coarsen(
    faces: torch.Tensor, settings: AugmentSettings, *, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Blur, shrink and enlarge, and compress some of the faces.

    faces: (batch, 1, height, width) in [0, 1]; the same comes back.
    """
    count = len(faces)
    if settings.blur:
        share = (drawn(count, faces, generator) * settings.blur).view(-1, 1, 1, 1)
        faces = torch.lerp(faces, _soft(faces), share)
    if settings.coarse:
        chosen = drawn(count, faces, generator).view(-1, 1, 1, 1) < settings.coarse
        faces = torch.where(chosen, _shrunk(faces), faces)
    if settings.jpeg:
        chosen, size = drawn(count, faces, generator), drawn(count, faces, generator)
        # From .2 to 1.2 of the table: qualities of about 90 to 42.
        packed = compressed(faces, 0.2 + size.view(-1))
        faces = torch.where((chosen < settings.jpeg).view(-1, 1, 1, 1), packed, faces)
    return faces


def _shrunk(faces: torch.Tensor) -> torch.Tensor:
    """Shrink and enlarge again; each quarter of the batch to a size of its own."""
    step = (faces.shape[-1] - SMALLEST) / 4
    back = []
    for place, part in enumerate(faces.chunk(4)):
        side = max(1, round(SMALLEST + place * step))
        small = F.interpolate(part, size=(side, side), mode="bilinear", antialias=True)
        back.append(F.interpolate(small, size=faces.shape[-2:], mode="bilinear"))
    return torch.cat(back)


def compressed(faces: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Round the cosine coefficients of 8 x 8 blocks as JPEG does.

    faces: (batch, 1, height, width) in [0, 1]; scale: (batch,) factors of the table of quality 50.
    """
    count, _, height, width = faces.shape
    padded = F.pad(faces, (0, -width % 8, 0, -height % 8), mode="replicate")
    blocks = padded.unfold(2, 8, 8).unfold(3, 8, 8) * 255 - 128
    basis, table = _tables(faces.device, faces.dtype)
    steps = table * scale.view(-1, 1, 1, 1, 1, 1)
    coefficients = (basis @ blocks @ basis.T / steps).round() * steps
    back = (basis.T @ coefficients @ basis + 128) / 255
    whole = back.transpose(3, 4).reshape(count, 1, *padded.shape[-2:])
    return whole[..., :height, :width].clamp(0.0, 1.0)


@cache
def _tables(device: torch.device, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    """The cosine transform and the steps, on a device once: each copy would wait for the GPU."""
    return _cosines().to(device, dtype), torch.tensor(STEPS).to(device, dtype)


def _cosines() -> torch.Tensor:
    """The orthonormal cosine transform of eight numbers, (8, 8)."""
    row, column = torch.arange(8.0).view(-1, 1), torch.arange(8.0)
    table = torch.cos(math.pi * (column + 0.5) * row / 8) / 2
    table[0] /= math.sqrt(2)
    return table


def _soft(faces: torch.Tensor) -> torch.Tensor:
    """Blur by the binomial kernel of five pixels, which is near a Gaussian of deviation one."""
    padded = F.pad(faces, (2, 2, 2, 2), mode="replicate")
    return _weighed(_weighed(padded, -1), -2)


def _weighed(faces: torch.Tensor, side: int) -> torch.Tensor:
    """Sum five neighbours along a side, weighed 1, 4, 6, 4, 1; four pixels fewer are left."""
    count = faces.shape[side] - 4
    one, two, three, four, five = (faces.narrow(side, start, count) for start in range(5))
    return (one + five + 4 * (two + four) + 6 * three) / 16
