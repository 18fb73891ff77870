"""Tells how unsure a reading is, in nats, and what in the picture may be why."""

from collections.abc import Mapping

import numpy as np

from mood2music.face.picture.detect import Box
from mood2music.face.reading.hidden import Hidden
from mood2music.face.reading.predictor import FacePixels

# Of FER+'s val faces 1 in 100 is darker, in its mean grey of 0 to 1.
DARK = 0.2
# Pixels of the box: training faces were shrunk to 24 at least.
SMALL = 24


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


def reasons(
    crop: FacePixels, box: Box, turned: int, hidden: Hidden, most: float = 0.5
) -> list[str]:
    """Say what may make a face hard to read: small, dark, turned, its mouth or its eyes hidden.

    crop: (size, size) grey in [0, 1]; box: in pixels of the photo; turned: degrees that the photo
    was turned by for the face to stand upright; most: probability above which a part counts as
    hidden. [] when nothing of it is seen.
    """
    found = []
    if min(box.right - box.left, box.bottom - box.top) < SMALL:
        found.append("the face is small")
    if float(crop.mean()) < DARK:
        found.append("the face is dark")
    if turned:
        found.append("the face is turned")
    if hidden.mouth > most:
        found.append("the mouth is hidden")
    if hidden.eyes > most:
        found.append("the eyes are hidden")
    return found


def is_sure(told: float | None, mouth: float, uncertain: float, most: float) -> bool:
    """Whether a reading can be taken as it is: its entropy is low, and the mouth is to be seen.

    told: the entropy in nats, None where there is none; mouth: probability that it is hidden;
    uncertain, most: what each may be at most. A network tells a hidden mouth's smile by the eyes,
    and does not know what it misses, so that its entropy alone would not do.
    """
    return (told is None or told <= uncertain) and mouth <= most
