"""Writes numbers that come part by part to one .npy file, with no more than a part in memory."""

from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import ArrayLike, DTypeLike


class GrowingArray:
    """A one-dimensional .npy file that is written from its start to its end."""

    def __init__(self, path: Path, dtype: DTypeLike) -> None:
        """Begin an empty array of `dtype` at `path`."""
        self._file = path.open("wb")
        self._dtype = np.dtype(dtype)
        self._count = 0
        self._header = self._write_header()

    def append(self, values: ArrayLike) -> None:
        """Add values (m,) behind those that are there."""
        part = np.ascontiguousarray(values, self._dtype)
        self._file.write(part.data)
        self._count += len(part)

    def __len__(self) -> int:
        """Count the values."""
        return self._count

    def __enter__(self) -> "GrowingArray":
        """Give itself, to be closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Say in the header how many values there are, and close."""
        with self._file:
            self._file.seek(0)
            if self._write_header() != self._header:
                raise AssertionError("numpy wrote a longer header for a longer array")

    def _write_header(self) -> int:
        # numpy leaves room in the header for the first axis to grow.
        head = np.lib.format.header_data_from_array_1_0(np.zeros(0, self._dtype))
        head["shape"] = (self._count,)
        np.lib.format.write_array_header_1_0(self._file, head)
        return self._file.tell()
