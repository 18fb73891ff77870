"""A batch of faces comes in, the same faces mirrored, moved, turned and re-lit go out."""

import math

import torch
import torch.nn.functional as F

from mood2music.face.settings import AugmentSettings


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
    return ((moved - mean) * contrast + mean + brightness).clamp(0.0, 1.0)
