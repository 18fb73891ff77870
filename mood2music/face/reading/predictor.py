"""What maps small faces to a network's outputs, whatever runs it."""

from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

FacePixels = npt.NDArray[np.float32]


class Predictor(Protocol):
    """Face networks in evaluation mode, whatever runs them.

    outputs: what the columns stand for (valence, arousal, expressions); source: the file they
    came from.
    """

    outputs: list[str]
    source: Path

    def __call__(self, faces: FacePixels) -> npt.NDArray[np.float32]:
        """Map faces (N, 49, 49), grey in [0, 1], to (N, outputs)."""
        ...
