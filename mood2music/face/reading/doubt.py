"""Tells how unsure a reading is, in nats, and what in the picture may be why."""

from collections.abc import Mapping

import numpy as np

from mood2music.face.picture.detect import Box
from mood2music.face.reading.predictor import FacePixels

# Of FER+'s val faces 1 in 100 is darker, in its mean grey of 0 to 1.
DARK = 0.2
# Pixels of the box: training faces were shrunk to 24 at least.
SMALL = 24
# Parts of a crop, as shares of its height and width: rows and columns from, to.
EYES = (0.25, 0.5, 0.17, 0.83)
MOUTH = (0.62, 0.94, 0.25, 0.75)
# Deviation of grey about the mouth to that about the eyes; of FER+'s val faces 1 in 100 has less.
FLAT = 0.4


def entropy(expressions: Mapping[str, float]) -> float | None:
    """Entropy of the expressions' probabilities in nats: 0 sure, ln 8 = 2.08 none likelier.

    The probabilities are how many people would say so, thus it grows with how much people differ,
    too. None when no expressions are told.

    >>> round(entropy({"happiness": 0.5, "neutral": 0.5}), 2)
    0.69
    """
    if not expressions:
        return None
    told = np.maximum(np.array(list(expressions.values())), 1e-9)
    return float(-(told * np.log(told)).sum())


def reasons(crop: FacePixels, box: Box, turned: int) -> list[str]:
    """Say what may make a face hard to read: small, dark, turned, its mouth hidden.

    crop: (size, size) grey in [0, 1]; box: in pixels of the photo; turned: degrees that the photo
    was turned by for the face to stand upright. [] when nothing of it is seen.
    """
    found = []
    if min(box.right - box.left, box.bottom - box.top) < SMALL:
        found.append("the face is small")
    if float(crop.mean()) < DARK:
        found.append("the face is dark")
    if turned:
        found.append("the face is turned")
    if _deviation(crop, MOUTH) < FLAT * _deviation(crop, EYES):
        found.append("the mouth is hidden")
    return found


def _deviation(crop: FacePixels, part: tuple[float, float, float, float]) -> float:
    top, bottom, left, right = (round(edge * len(crop)) for edge in part)
    return float(crop[top:bottom, left:right].std())
