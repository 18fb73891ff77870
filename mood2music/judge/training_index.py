"""Indexes the pieces that a network was trained on: hashes and names, no music.

A file of checkpoint kind "novelty" (mood2music/learn/checkpoint.py): three tensors of bytes, each
an xz stream, and in the header the grid, the divisors, and how shingles were cut.
    hashes    <u2, the shingles of all pieces one behind the other, BREAK behind each piece
    quarters  <u2, quarter notes that each MARK events of a piece last, the last part shorter
    pieces    JSON, [[file, first digits of the SHA-256, events], ...]
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.brief import brief
from mood2music.errors import CheckpointError
from mood2music.judge.shingles import BITS, BREAK, SHINGLE, shingles
from mood2music.music.events import Events
from mood2music.store.event_store import PieceRow, Store

KIND = "novelty"
FILE = "novelty.safetensors"  # of its name beside the weights that it belongs to
MOST_BYTES = 100_000_000  # of one part, unpacked: a few of them may stand for gigabytes
MARK = 32  # events from one noted place in quarters to the next: a place is told to a bar or two


@dataclass(frozen=True)
class IndexedPiece:
    """file: path in its folder; name: first digits of its SHA-256; events: how many it has."""

    file: str
    name: str
    events: int


@brief
@dataclass(frozen=True)
class TrainingIndex:
    """Shingles of many pieces, and where each piece begins.

    hashes: (h,) uint16, a piece's events - 1 shingles, at least none, and BREAK behind them
    quarters: (q,) uint16, for each piece ceil(events / MARK) lengths in quarter notes
    grid, divisors: how the pieces were read, as a network's header says it
    """

    pieces: tuple[IndexedPiece, ...]
    hashes: NDArray[np.uint16]
    quarters: NDArray[np.uint16]
    grid: int
    divisors: tuple[int, ...]

    def place(self, hash_at: int) -> tuple[IndexedPiece, int, float]:
        """From a place in `hashes` to the piece, the event in it, and about which quarter note.

        The quarter is interpolated between two that are MARK events apart.
        """
        events = np.array([piece.events for piece in self.pieces], np.int64)
        first = np.cumsum(_room(events)) - _room(events)
        i = int(np.searchsorted(first, hash_at, side="right")) - 1
        event = hash_at - int(first[i])
        marks = -(-events // MARK)
        begin = int(marks[:i].sum())
        quarters = np.cumsum(self.quarters[begin : begin + int(marks[i])], dtype=np.int64)
        at = np.minimum(np.arange(len(quarters) + 1) * MARK, events[i])
        return self.pieces[i], event, float(np.interp(event, at, [0, *quarters]))

    def names(self) -> set[str]:
        """What its pieces are called in a network's header."""
        return {piece.name for piece in self.pieces}


def build_index(store: Store, rows: Sequence[PieceRow]) -> TrainingIndex:
    """Index some pieces of a store."""
    return make_index(
        [(IndexedPiece(row.file, row.name, row.events), store.piece(row)) for row in rows],
        store.about["quantize"],
    )


def make_index(
    pieces: Sequence[tuple[IndexedPiece, Events]], divisors: Sequence[int]
) -> TrainingIndex:
    """Index pieces, at least one, that are at hand as events of one grid."""
    gap = np.array([BREAK], np.uint16)
    hashes = [part for _, events in pieces for part in (shingles(events), gap)]
    return TrainingIndex(
        tuple(piece for piece, _ in pieces),
        np.concatenate([np.zeros(0, np.uint16), *hashes]),
        np.concatenate([np.zeros(0, np.uint16), *(_quarters(e) for _, e in pieces)]),
        pieces[0][1].grid,
        tuple(divisors),
    )


def join_indexes(indexes: Sequence[TrainingIndex]) -> TrainingIndex:
    """Make one index of several, at least one, of pieces that were all read alike."""
    return TrainingIndex(
        tuple(piece for index in indexes for piece in index.pieces),
        np.concatenate([index.hashes for index in indexes]),
        np.concatenate([index.quarters for index in indexes]),
        indexes[0].grid,
        indexes[0].divisors,
    )


def save_index(path: Path, index: TrainingIndex) -> None:
    """Write an index, whole or not at all."""
    from mood2music.learn import checkpoint

    pieces = json.dumps([[p.file, p.name, p.events] for p in index.pieces], ensure_ascii=False)
    state = {
        "hashes": _pack(index.hashes.astype("<u2").tobytes()),
        "quarters": _pack(index.quarters.astype("<u2").tobytes()),
        "pieces": _pack(pieces.encode()),
    }
    header = {"grid": index.grid, "quantize": list(index.divisors), "cut": [SHINGLE, BITS, MARK]}
    checkpoint.save(path, state, KIND, header)


def load_index(path: Path) -> TrainingIndex:
    """Read an index. Raises CheckpointError for anything else, and for one cut another way."""
    from mood2music.learn import checkpoint

    state, header = checkpoint.load(path, KIND)
    if header.get("cut") != [SHINGLE, BITS, MARK]:
        raise CheckpointError(
            f"{path} was cut with {header.get('cut')}, this version reads "
            f"{[SHINGLE, BITS, MARK]}: build it again (experiments/novelty/build.py)"
        )
    try:
        packed = {name: _unpack(state[name].numpy().tobytes()) for name in state}
        index = TrainingIndex(
            tuple(IndexedPiece(*piece) for piece in json.loads(packed["pieces"])),
            np.frombuffer(packed["hashes"], "<u2").astype(np.uint16, copy=False),
            np.frombuffer(packed["quarters"], "<u2").astype(np.uint16, copy=False),
            int(header["grid"]),
            tuple(header["quantize"]),
        )
        events = np.array([piece.events for piece in index.pieces], np.int64)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{path} is a damaged index: {error}; build it again") from error
    sizes = (int(_room(events).sum()), int((-(-events // MARK)).sum()))
    if sizes != (len(index.hashes), len(index.quarters)):
        raise CheckpointError(f"{path} is a damaged index: sizes differ; build it again")
    return index


def _room(events: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many hashes a piece of so many events takes, with the BREAK behind it."""
    return np.maximum(events - SHINGLE + 1, 0) + 1


def _quarters(events: Events) -> NDArray[np.uint16]:
    """Quarter notes from each MARK events to the next, rounded so that errors do not add up."""
    steps = np.concatenate([[0], np.cumsum(events.durations, dtype=np.int64)])
    at = np.minimum(np.arange(-(-len(events) // MARK) + 1) * MARK, len(events))
    return np.diff(np.rint(steps[at] / events.grid)).astype(np.uint16)


def _pack(data: bytes) -> Any:
    """Bytes to a tensor of their xz stream, with settings for 16-bit numbers (lp, pb)."""
    import lzma

    import torch

    filters = [
        {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 0, "lp": 1, "pb": 1}
    ]
    packed = lzma.compress(data, lzma.FORMAT_XZ, filters=filters)
    return torch.frombuffer(bytearray(packed), dtype=torch.uint8)


def _unpack(data: bytes) -> bytes:
    """Unpack one part. Raises ValueError for damaged ones and those of more than MOST_BYTES."""
    import lzma

    unpacker = lzma.LZMADecompressor()
    try:
        unpacked = unpacker.decompress(data, MOST_BYTES)
    except lzma.LZMAError as error:
        raise ValueError(str(error)) from error
    if not unpacker.eof:
        raise ValueError(f"a part is cut short or has more than {MOST_BYTES:,} bytes")
    return unpacked
