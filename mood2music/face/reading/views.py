"""A face's box in a picture comes in; the crops of it that are read go out."""

import numpy as np

from mood2music.face.picture.detect import Box, crop
from mood2music.face.picture.image import Pixels, grey
from mood2music.face.reading.predictor import FacePixels

# Across, down and zoom, as fractions of the box: where else a detector might have put it.
MOVES = (
    (0.0, 0.0, 1.0),
    (-0.04, 0.0, 1.0),
    (0.04, 0.0, 1.0),
    (0.0, -0.04, 1.0),
    (0.0, 0.04, 1.0),
    (0.0, 0.0, 0.92),
    (0.0, 0.0, 1.08),
)


def views(pixels: Pixels, box: Box, margin: float, tta: bool) -> FacePixels:
    """Cut the face out as it is, and with `tta` moved and zoomed a little too: (N, 49, 49).

    pixels: RGB (height, width, 3); values are grey in [0, 1]. The first is the box itself.
    """
    values = grey(pixels)
    moves = MOVES if tta else MOVES[:1]
    return np.stack([crop(values, moved(box, *move), margin=margin) for move in moves])


def moved(box: Box, across: float, down: float, zoom: float) -> Box:
    """Move a box by fractions of its sides and scale it about its middle."""
    wide, high = box.right - box.left, box.bottom - box.top
    x, y = (box.left + box.right) / 2 + across * wide, (box.top + box.bottom) / 2 + down * high
    half_wide, half_high = max(0.5, zoom * wide / 2), max(0.5, zoom * high / 2)
    return Box(
        round(x - half_wide), round(y - half_high), round(x + half_wide), round(y + half_high)
    )
