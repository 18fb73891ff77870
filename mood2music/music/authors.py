"""Tells for each note who wrote it: the song (its seed), the base network, the style, or a rule."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Author(IntEnum):
    """One value a note, in arrays of uint8: (n,) in the order of the notes.

    ACCOMPANIMENT: of a pattern that was asked for, laid under what was written.
    """

    SEED = 0
    BASE = 1
    STYLE = 2
    ACCOMPANIMENT = 3


def count(authors: NDArray[np.uint8]) -> dict[str, int]:
    """Count the notes of each author.

    >>> count(np.array([0, 1, 1], np.uint8))
    {'seed': 1, 'base': 2, 'style': 0, 'accompaniment': 0}
    """
    return {author.name.lower(): int((authors == author).sum()) for author in Author}
