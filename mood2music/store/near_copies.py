"""Groups pieces that are near copies, so that no tune stands on both sides of a split."""

import tempfile
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mood2music.music.events import HELD, Events

# Two pieces are near copies when a quarter of the shorter one's melodic shingles stand in the
# other; a shingle is 12 intervals of the top line, so long that scales and cadences rarely meet.
SHINGLE = 12
SHARED = 0.25
MANY = 20

_POWERS = np.array([263**i % (1 << 61) for i in range(SHINGLE)], np.uint64)
# Shingles held in memory until they go to disk, sorted, and those compared at a time: one that
# MANY pieces share makes ten pairs a piece.
RUN = 1 << 18
RANGE = 1 << 16
# Values, spread evenly by hashing, at which a sorted run can be taken apart again.
_CUTS = np.arange(1, 4096, dtype=np.uint64) << np.uint64(52)
_RECORD = np.dtype([("value", np.uint64), ("piece", np.int32)])


class NearCopies:
    """Compares pieces that come one after another; memory does not grow with their number.

    Shingles go to a temporary file in sorted runs; `groups` then takes all runs together, one
    range of values at a time.
    """

    def __init__(self, run: int = RUN) -> None:
        """`run`: shingles that are held in memory at a time."""
        self._run = run
        self._sizes: list[int] = []
        self._waiting: list[NDArray[np.void]] = []
        self._count = 0
        # Of each run, where in the file it and its parts between the cuts begin, and its end.
        self._edges: list[NDArray[np.int64]] = []
        self._written = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115

    def __enter__(self) -> "NearCopies":
        """Give itself; the temporary file goes at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the temporary file."""
        self._file.close()

    def add(self, piece: Events) -> None:
        """Take the next piece."""
        values = shingles(piece)
        records = np.empty(len(values), _RECORD)
        records["value"], records["piece"] = values, len(self._sizes)
        self._sizes.append(len(values))
        self._waiting.append(records)
        self._count += len(records)
        if self._count >= self._run:
            self._write()

    def groups(self, names: Sequence[str]) -> list[str]:
        """Name each piece's group after the smallest of `names` in it; most are groups of one.

        names: one a piece, in the order they came; the same name twice is the same content.
        Transposition does not matter: intervals of the highest struck pitches are compared.
        """
        self._write()
        sizes = np.array(self._sizes, np.int64)
        pairs, shared = self._shared()
        first, second = np.divmod(pairs, max(len(sizes), 1))
        near = shared >= SHARED * np.minimum(sizes[first], sizes[second])
        by_content: dict[str, int] = {}  # the same content is a copy whatever its shingles
        same = [by_content.setdefault(name, i) for i, name in enumerate(names)]
        one = np.concatenate([first[near], np.arange(len(same))])
        other = np.concatenate([second[near], np.array(same, np.int64)])
        group = _connected(one, other, len(sizes))
        smallest: dict[int, str] = {}
        for i, name in zip(group, names, strict=True):
            smallest[i] = min(name, smallest.get(i, name))
        return [smallest[i] for i in group]

    def _write(self) -> None:
        if not self._count:
            return
        records = np.concatenate(self._waiting)
        # Stable: pieces of one value stay in the order they came.
        records = records[np.argsort(records["value"], kind="stable")]
        self._file.write(records.tobytes())
        inner = np.searchsorted(np.ascontiguousarray(records["value"]), _CUTS)
        self._edges.append(self._written + np.r_[0, inner, len(records)])
        self._written += len(records)
        self._waiting, self._count = [], 0

    def _shared(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs of pieces, first * pieces + second, and how many shingles each pair shares."""
        pairs, counts = np.zeros(0, np.int64), np.zeros(0, np.int64)
        for records in self._by_value():
            found, times = np.unique(_pairs(records, len(self._sizes)), return_counts=True)
            pairs, where = np.unique(np.concatenate([pairs, found]), return_inverse=True)
            counts = np.bincount(where, np.concatenate([counts, times])).astype(np.int64)
        return pairs, counts

    def _by_value(self) -> Iterator[NDArray[np.void]]:
        """Yield all records in ranges of their values, each sorted and about RANGE long."""
        parts = len(_CUTS) + 1
        step = max(1, parts * min(RANGE, self._run) // max(self._written, 1))
        for first in range(0, parts, step):
            taken = []
            for edges in self._edges:
                low, high = int(edges[first]), int(edges[min(first + step, parts)])
                self._file.seek(low * _RECORD.itemsize)
                data = self._file.read((high - low) * _RECORD.itemsize)
                taken.append(np.frombuffer(data, _RECORD))
            records = np.concatenate([np.zeros(0, _RECORD), *taken])
            yield records[np.argsort(records["value"], kind="stable")]


def shingles(piece: Events) -> NDArray[np.uint64]:
    """Hash every 12 intervals in a row of the top line that are not all alike: (m,), distinct."""
    # One up, so that 0 is left for nothing struck.
    pitches = np.where(piece.tokens < HELD, piece.tokens + np.uint8(1), 0).astype(np.int64)
    starts = piece.offsets[:-1][piece.counts() > 0]
    tops = np.maximum.reduceat(pitches, starts) if len(starts) else pitches
    steps = np.diff(tops[tops > 0])
    if len(steps) < SHINGLE:
        return np.zeros(0, np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(steps + 128, SHINGLE)
    varied = windows[(windows != windows[:, :1]).any(axis=1)]
    values = np.sort((varied.astype(np.uint64) * _POWERS).sum(1, dtype=np.uint64))
    distinct: NDArray[np.uint64] = values[np.diff(values, prepend=~values[:1]) != 0]
    return distinct


def _pairs(records: NDArray[np.void], pieces: int) -> NDArray[np.int64]:
    """Each two pieces (first * pieces + second) once a shingle that they share.

    Where many pieces share a shingle each is paired with the next alone: copies of one tune still
    hang together, and the work stays linear.
    """
    _, counts = np.unique(records["value"], return_counts=True)
    length = np.repeat(counts, counts)
    records, length = records[length > 1], length[length > 1]
    value, piece = records["value"], records["piece"].astype(np.int64)
    few = length <= MANY
    found = []
    for gap in range(1, min(MANY, len(value))):
        same = value[gap:] == value[:-gap]
        if gap > 1:
            same &= few[gap:]
        found.append(piece[:-gap][same] * pieces + piece[gap:][same])
    return np.concatenate([np.zeros(0, np.int64), *found])


def _connected(one: NDArray[np.int64], other: NDArray[np.int64], pieces: int) -> list[int]:
    """Number the groups in which pieces hang together, of pairs (one, other): each piece's."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(pieces, pieces))
    return connected_components(pairs, directed=False)[1].tolist()  # type: ignore[no-any-return]
