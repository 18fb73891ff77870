"""Mirrors, moves, turns, frames, re-lights, coarsens and covers the faces of a batch."""

import math

import torch
import torch.nn.functional as F

from mood2music.face.network.settings import AugmentSettings
from mood2music.face.training.coarse import coarsen
from mood2music.face.training.tone import drawn, relight

# Rows of a face, as fractions of its height, that hold the eyes and the mouth of a frontal crop.
EYES, MOUTH = (0.2, 0.5), (0.6, 0.95)


def augment(
    faces: torch.Tensor, settings: AugmentSettings, *, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Vary faces (batch, 1, height, width) in [0, 1], each by its own draw; same shape and range.

    One affine map does mirror, shift, zoom and rotation at once, so pixels are blended only once.
    Numbers are drawn on the generator's device.
    """
    if settings.hide:
        faces = _hide(faces, settings.hide, generator)  # first: where eyes and mouth are is known
    moved = relight(_move(faces, settings, generator), settings, generator=generator)
    lit = coarsen(moved, settings, generator=generator)
    return _erase(lit, settings.erase, generator) if settings.erase else lit


def mix(
    faces: torch.Tensor, most: float, *, generator: torch.Generator | None = None
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Lay another face of the batch over each (mixup, Zhang et al. 2018), by a share up to `most`.

    Gives the faces, the others' rows (batch,) and their shares (batch, 1): targets are mixed alike.
    """
    count = len(faces)
    others = drawn(count, faces, generator).view(-1).argsort()
    share = most * drawn(count, faces, generator).view(-1, 1)
    return torch.lerp(faces, faces[others], share.view(-1, 1, 1, 1)), others, share


def _move(
    faces: torch.Tensor, settings: AugmentSettings, generator: torch.Generator | None
) -> torch.Tensor:
    count = faces.shape[0]

    def uniform(bound: float) -> torch.Tensor:
        return (drawn(count, faces, generator).view(-1) * 2 - 1) * bound

    mirror = torch.where(drawn(count, faces, generator).view(-1) < settings.flip, -1.0, 1.0)
    zoom = 1 + uniform(settings.scale)
    if settings.wider:
        # Squared: most crops are framed as the data's are.
        zoom = zoom + settings.wider * drawn(count, faces, generator).view(-1) ** 2
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
    return F.grid_sample(faces, grid, padding_mode="border", align_corners=False)


def _hide(
    faces: torch.Tensor, probability: float, generator: torch.Generator | None
) -> torch.Tensor:
    """Cover the eyes or the mouth with one grey, as glasses, hands and masks do, on some faces."""
    count, _, height, width = faces.shape
    draws = drawn(count, faces, generator, rows=5)
    upper = draws[0] < 0.5
    top = torch.where(upper, EYES[0], MOUTH[0]) + 0.08 * (draws[1] - 0.5)
    bottom = torch.where(upper, EYES[1], MOUTH[1]) + 0.08 * (draws[1] - 0.5)
    down = (torch.arange(height, device=faces.device) + 0.5) / height
    across = (torch.arange(width, device=faces.device) + 0.5) / width
    left = 0.2 * draws[2]
    rows = (down >= top[:, None]) & (down < bottom[:, None])
    columns = (across >= left[:, None]) & (across < 1 - left[:, None])
    chosen = (draws[3] < probability).view(-1, 1, 1, 1)
    hidden = rows[:, None, :, None] & columns[:, None, None, :] & chosen
    return torch.where(hidden, draws[4].view(-1, 1, 1, 1), faces)


def _erase(
    faces: torch.Tensor, probability: float, generator: torch.Generator | None
) -> torch.Tensor:
    """Paint a rectangle of a fifth to a half of each side with one grey, on some of the faces."""
    count, _, height, width = faces.shape
    draws = drawn(count, faces, generator, rows=6)
    tall, wide = 0.2 + 0.3 * draws[0], 0.2 + 0.3 * draws[1]
    top, left = draws[2] * (1 - tall), draws[3] * (1 - wide)
    down = (torch.arange(height, device=faces.device) + 0.5) / height
    across = (torch.arange(width, device=faces.device) + 0.5) / width
    rows = (down >= top[:, None]) & (down < (top + tall)[:, None])
    columns = (across >= left[:, None]) & (across < (left + wide)[:, None])
    hidden = (rows[:, None, :, None] & columns[:, None, None, :]) & (draws[4] < probability).view(
        -1, 1, 1, 1
    )
    return torch.where(hidden, draws[5].view(-1, 1, 1, 1), faces)
