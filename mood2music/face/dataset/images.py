"""Joins arrays of small faces, memory maps too, so that they are indexed as one."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from mood2music.face.picture.image import Pixels


class JoinedImages:
    """Several (N, size, size) uint8 arrays under one another, none of them copied into memory."""

    def __init__(self, parts: Sequence["Pixels | JoinedImages"]) -> None:
        """Take the arrays in their order; all have faces of one size."""
        self.parts = parts
        self.ends = np.cumsum([len(part) for part in parts])
        self.shape: tuple[int, ...] = (int(self.ends[-1]), *parts[0].shape[1:])

    def __len__(self) -> int:
        """Count the faces."""
        return self.shape[0]

    def __getitem__(self, rows: npt.NDArray[np.int64]) -> Pixels:
        """Give the faces at `rows` (n,), any order, repetitions too: (n, size, size)."""
        out = np.empty((len(rows), *self.shape[1:]), dtype=np.uint8)
        which = np.searchsorted(self.ends, rows, side="right")
        for number in np.unique(which):
            part = self.parts[number]
            chosen = which == number
            out[chosen] = part[rows[chosen] - (self.ends[number] - len(part))]
        return out

    def __iter__(self) -> Iterator[Pixels]:
        """Give face after face, (size, size) each."""
        for part in self.parts:
            yield from part


Images = Pixels | JoinedImages
