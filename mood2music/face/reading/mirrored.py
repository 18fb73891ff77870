"""Predictors and small faces come in; each output, the mean of face and mirror image, goes out."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mood2music.face.labels import EXPRESSIONS
from mood2music.face.network.settings import AXES
from mood2music.face.reading.predictor import FacePixels, Predictor

# Faces read at once: enough to occupy eight cores, and no gain beyond (experiments/face_speed).
BATCH = 128

Outputs = dict[str, npt.NDArray[np.float32]]


def mirrored(predictors: Sequence[Predictor], faces: FacePixels) -> Outputs:
    """Read faces (N, 49, 49), grey in [0, 1], one or more; a mood has no side.

    By name, (N,) each: valence and arousal in [-1, 1] and, where a network tells them, the
    probability of each expression.
    """
    parts: list[Outputs] = []
    for start in range(0, len(faces), BATCH):
        batch = np.ascontiguousarray(faces[start : start + BATCH], dtype=np.float32)
        both = np.concatenate([batch, batch[:, :, ::-1]])
        part: Outputs = {}
        for predictor in predictors:
            columns = dict(zip(predictor.outputs, predictor(both).T, strict=True))
            part |= {axis: columns[axis].clip(-1, 1) for axis in AXES if axis in columns}
            if EXPRESSIONS[0] in columns:
                scores = np.stack([columns[name] for name in EXPRESSIONS])
                odds = np.exp(scores - scores.max(0))
                part |= dict(zip(EXPRESSIONS, odds / odds.sum(0), strict=True))
        parts.append({name: row.reshape(2, -1).mean(0) for name, row in part.items()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
