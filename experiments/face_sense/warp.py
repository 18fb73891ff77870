"""A small face comes in; the same face with another expression, bent by hand-made maps, goes out.

Faces are grey, (height, width) uint8, framed as FER2013's are: eyes at .38 of the height and .3 and
.7 of the width, the mouth at .79. Crude, but of the same person: pixels move, and an open mouth is
a dark ellipse.
"""

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Face = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float64]

EYES, EYE_HEIGHT, MOUTH = (0.3, 0.7), 0.38, 0.79
SMILE, WIDE, OPEN = 0.07, 1.6, 0.14  # what looks like the expression, and not like a mask


def smiling(face: Face, amount: float = SMILE) -> Face:
    """Bend the mouth: its corners move up by `amount` of the height, down when it is below 0."""
    y, x = _places(face)
    bend = (((x - 0.5) / 0.22) ** 2 - 0.45).clip(-0.45, 1.2)
    near = np.exp(-(((y - MOUTH) / 0.14) ** 4)) * np.exp(-(((x - 0.5) / 0.36) ** 6))
    return _whole(_moved(face, amount * bend * near))


def wide_eyed(face: Face, factor: float = WIDE) -> Face:
    """Enlarge the eyes upwards and downwards, `factor` times in their middle."""
    y, x = _places(face)
    shift = np.zeros(face.shape)
    for eye in EYES:
        near = np.exp(-((((y - EYE_HEIGHT) / 0.11) ** 2 + ((x - eye) / 0.16) ** 2) ** 2))
        shift -= (y - EYE_HEIGHT) * (1 - 1 / factor) * near
    return _whole(_moved(face, shift))


def open_mouthed(face: Face, gape: float = OPEN) -> Face:
    """Lower the lower lip and the chin by `gape` of the height, behind a dark opening."""
    y, x = _places(face)
    below = 1 / (1 + np.exp(-(y - MOUTH) / 0.01))
    near = np.exp(-(((x - 0.5) / 0.24) ** 4)) * ((1.05 - y) / 0.25).clip(0, 1)
    moved = _moved(face, -gape * below * near)
    outside = ((y - MOUTH - gape / 2) / (gape / 2)) ** 2 + ((x - 0.5) / 0.13) ** 2 - 1
    hole = 1 / (1 + np.exp((outside / 0.15).clip(-50, 50)))
    return _whole(moved * (1 - hole) + hole * 0.25 * np.median(face))


def _places(face: Face) -> tuple[Plane, Plane]:
    """Rows and columns, 0 to 1."""
    high, wide = face.shape
    y, x = np.mgrid[:high, :wide]
    return y / (high - 1), x / (wide - 1)


def _moved(face: Face, shift: Plane) -> Plane:
    """Take each pixel from `shift` of the height further down; the border is repeated."""
    y, x = _places(face)
    high, wide = face.shape
    places = [(y + shift) * (high - 1), x * (wide - 1)]
    moved: Plane = ndimage.map_coordinates(face.astype(float), places, order=1, mode="nearest")
    return moved


def _whole(values: Plane) -> Face:
    return values.round().clip(0, 255).astype(np.uint8)
