"""Mirrors, moves, turns and re-lights the faces of a batch."""

import math

import torch
import torch.nn.functional as F

from mood2music.face.network.settings import AugmentSettings


def augment(
    faces: torch.Tensor, settings: AugmentSettings, *, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Vary faces (batch, 1, height, width) in [0, 1], each by its own draw; same shape and range.

    One affine map does mirror, shift, zoom and rotation at once, so pixels are blended only once.
    """
    count = faces.shape[0]

    def uniform(bound: float) -> torch.Tensor:
        return (torch.rand(count, generator=generator).to(faces) * 2 - 1) * bound

    mirror = torch.where(
        torch.rand(count, generator=generator).to(faces) < settings.flip, -1.0, 1.0
    )
    zoom = 1 + uniform(settings.scale)
    angle = uniform(math.radians(settings.rotation))
    # affine_grid's coordinates run from -1 to 1, so a shift by a fraction of the width is doubled.
    across, down = uniform(2 * settings.shift), uniform(2 * settings.shift)
    cosine, sine = angle.cos() * zoom, angle.sin() * zoom
    rows = torch.stack(
        [
            torch.stack([mirror * cosine, -sine, across], dim=1),
            torch.stack([mirror * sine, cosine, down], dim=1),
        ],
        dim=1,
    )
    grid = F.affine_grid(rows, list(faces.shape), align_corners=False)
    moved = F.grid_sample(faces, grid, padding_mode="border", align_corners=False)
    contrast = (1 + uniform(settings.contrast)).view(-1, 1, 1, 1)
    brightness = uniform(settings.brightness).view(-1, 1, 1, 1)
    mean = moved.mean(dim=(1, 2, 3), keepdim=True)
    lit = ((moved - mean) * contrast + mean + brightness).clamp(0.0, 1.0)
    if settings.blur:
        share = (torch.rand(count, generator=generator).to(faces) * settings.blur).view(-1, 1, 1, 1)
        lit = torch.lerp(lit, _soft(lit), share)
    return _erase(lit, settings.erase, generator) if settings.erase else lit


def _soft(faces: torch.Tensor) -> torch.Tensor:
    """Blur by the binomial kernel of five pixels, which is near a Gaussian of deviation one."""
    kernel = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]).to(faces) / 16
    padded = F.pad(faces, (2, 2, 2, 2), mode="replicate")
    return F.conv2d(F.conv2d(padded, kernel.view(1, 1, 1, 5)), kernel.view(1, 1, 5, 1))


def _erase(
    faces: torch.Tensor, probability: float, generator: torch.Generator | None
) -> torch.Tensor:
    """Paint a rectangle of a fifth to a half of each side with one grey, on some of the faces."""
    count, _, height, width = faces.shape
    draws = torch.rand(6, count, generator=generator).to(faces)
    tall, wide = 0.2 + 0.3 * draws[0], 0.2 + 0.3 * draws[1]
    top, left = draws[2] * (1 - tall), draws[3] * (1 - wide)
    down = (torch.arange(height).to(faces) + 0.5) / height
    across = (torch.arange(width).to(faces) + 0.5) / width
    rows = (down >= top[:, None]) & (down < (top + tall)[:, None])
    columns = (across >= left[:, None]) & (across < (left + wide)[:, None])
    hidden = (rows[:, None, :, None] & columns[:, None, None, :]) & (draws[4] < probability).view(
        -1, 1, 1, 1
    )
    return torch.where(hidden, draws[5].view(-1, 1, 1, 1), faces)
