"""Corrects what the shipped network says of the expressions of a face whose mouth is hidden.

It learnt from faces whose mouths are to be seen: behind a cover it tells too few smiles and is too
sure. So its scores are divided and moved (Alexandari, Kundaje & Shrikumar 2020) by what covered
faces of the val part ask for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mood2music.face.labels import EXPRESSIONS
from mood2music.face.reading.hidden import Hidden


@dataclass(frozen=True)
class Correction:
    """What the logarithms of probabilities are divided by, and what is added then, (8,)."""

    temperature: float
    added: tuple[float, ...]


# In the order of EXPRESSIONS, by `python -m experiments.face_cover.calibrate`.
MOUTH = Correction(1.086, (-0.11, 0.78, -0.17, -0.25, -0.56, 0.14, 0.31, -0.15))
MOUTH_AND_EYES = Correction(1.847, (0.46, 0.89, 0.27, 0.20, -0.26, -0.94, 0.25, -0.87))


def corrected(told: Mapping[str, float], hidden: Hidden, most: float) -> dict[str, float]:
    """Give the probabilities `told` of all EXPRESSIONS as they are where the mouth is to be seen.

    hidden: probabilities that parts are hidden; most: above which one counts as such. Hidden eyes
    alone change nothing: behind them the network is as sure as it may be.
    """
    if hidden.mouth <= most:
        return dict(told)
    change = MOUTH_AND_EYES if hidden.eyes > most else MOUTH
    odds = np.log(np.maximum([told[name] for name in EXPRESSIONS], 1e-12)) / change.temperature
    shares = np.exp(odds + np.array(change.added))
    return dict(zip(EXPRESSIONS, (shares / shares.sum()).tolist(), strict=True))
