"""Cuts the crops of a face that are read, and averages each reading with its mirror image's."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mood2music.face.labels import EXPRESSIONS
from mood2music.face.network.settings import AXES
from mood2music.face.picture.detect import SIZE, Box, crop
from mood2music.face.picture.image import Pixels, grey
from mood2music.face.reading.predictor import FacePixels, Predictor

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


def views(pixels: Pixels, box: Box, margin: float, tta: bool, size: int = SIZE) -> FacePixels:
    """Cut the face out as it is, and with `tta` moved and zoomed a little too: (N, size, size).

    pixels: RGB (height, width, 3); values are grey in [0, 1]. The first is the box itself.
    """
    values = grey(pixels)
    moves = MOVES if tta else MOVES[:1]
    return np.stack([crop(values, moved(box, *move), size, margin) for move in moves])


def moved(box: Box, across: float, down: float, zoom: float) -> Box:
    """Move a box by fractions of its sides and scale it about its middle."""
    wide, high = box.right - box.left, box.bottom - box.top
    x, y = (box.left + box.right) / 2 + across * wide, (box.top + box.bottom) / 2 + down * high
    half_wide, half_high = max(0.5, zoom * wide / 2), max(0.5, zoom * high / 2)
    return Box(
        round(x - half_wide), round(y - half_high), round(x + half_wide), round(y + half_high)
    )


# Faces read at once: enough to occupy eight cores, and no gain beyond (experiments/face_speed).
BATCH = 128

Outputs = dict[str, npt.NDArray[np.float32]]


def mirrored(predictors: Sequence[Predictor], faces: FacePixels) -> Outputs:
    """Read faces (N, size, size), grey in [0, 1], one or more; a mood has no side.

    By name, (N,) each: valence and arousal in [-1, 1] and, where a network tells them, the
    probability of each expression; of several networks that tell the same, the mean.
    """
    parts: list[Outputs] = []
    for start in range(0, len(faces), BATCH):
        batch = np.ascontiguousarray(faces[start : start + BATCH], dtype=np.float32)
        both = np.concatenate([batch, batch[:, :, ::-1]])
        told: dict[str, list[npt.NDArray[np.float32]]] = {}
        for predictor in predictors:
            columns = dict(zip(predictor.outputs, predictor(both).T, strict=True))
            part = {axis: columns[axis].clip(-1, 1) for axis in AXES if axis in columns}
            if EXPRESSIONS[0] in columns:
                scores = np.stack([columns[name] for name in EXPRESSIONS])
                odds = np.exp(scores - scores.max(0))
                part |= dict(zip(EXPRESSIONS, odds / odds.sum(0), strict=True))
            for name, row in part.items():
                told.setdefault(name, []).append(row)
        parts.append({n: np.mean(rows, 0).reshape(2, -1).mean(0) for n, rows in told.items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
