"""Keeps pieces in one event store on disk: four flat arrays and a table of pieces, and opens it.

    tokens.npy     (t,) uint8   pitch + 128 when held, all pieces one behind the other
    offsets.npy    (n + 1,) int64   event i has tokens[offsets[i]:offsets[i + 1]]
    durations.npy  (n,) int16   grid steps
    levels.npy     (t,) uint8   dynamic level of each token's note, 0 to 7, softest first
    pieces.csv     one row a piece, as PieceRow says
    faults.csv     file and reason of everything that was left out
    store.json     format; grid: steps in a quarter note; quantize: its parts, as data.quantize

Anyone can open it with numpy and csv alone. The third event of the piece in `row`:
    i = int(row["first"]) + 2
    here = tokens[offsets[i]:offsets[i + 1]]
    pitches, held, quarters = here % 128, here >= 128, durations[i] / grid
"""

import csv
import hashlib
import json
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.brief import brief
from mood2music.errors import DataError, MusicFileError
from mood2music.music.events import Events
from mood2music.music.meter import as_text, from_text, places
from mood2music.store.growing_array import GrowingArray
from mood2music.store.near_copies import NearCopies
from mood2music.store.piece import Piece

FORMAT = 5

_ARRAYS = {"tokens": "<u1", "offsets": "<i8", "durations": "<i2", "levels": "<u1"}
# Seconds after which an unfinished store is nobody's: writing one takes minutes at most.
_LEFT = 86400


@dataclass(frozen=True, slots=True)
class PieceRow:
    """One piece of a store: a row of pieces.csv, whose columns have these names.

    file: path below the root, with "/", or a work of the corpus; title: from the file, else its
    name; key: the piece's own ("Eb major"); shift: semitones that moved it to C major or A minor;
    tempo: quarter notes a minute; meter: its time signatures as `meter.as_text` writes them, "" for
    none; meter_found: 1 where the file states none and it was found from the notes; seconds:
    playing time; notes: pitched notes; drums: notes of drums, left out; first, events: its events
    are first to first + events - 1; sha256: of the file, or of a work's name; group: near copies
    have the same (see `near_copies`).
    """

    file: str
    title: str
    key: str
    shift: int
    tempo: float
    meter: str
    meter_found: int
    seconds: float
    notes: int
    drums: int
    first: int
    events: int
    sha256: str
    group: str

    @property
    def name(self) -> str:
        """Leading digits of the SHA-256: what checkpoints and indexes call the piece."""
        return self.sha256[:16]


@brief
@dataclass(frozen=True)
class Store:
    """An opened store: memory-mapped arrays, the table of pieces, the faults."""

    folder: Path
    tokens: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    durations: NDArray[np.int16]
    levels: NDArray[np.uint8]
    pieces: list[PieceRow]
    faults: list[tuple[str, str]]
    about: dict[str, Any]

    def piece(self, row: PieceRow) -> Events:
        """Return the events of one piece, a view into the arrays."""
        first, last = row.first, row.first + row.events
        low, high = self.offsets[first], self.offsets[last]
        return Events(
            self.tokens[low:high],
            self.offsets[first : last + 1] - low,
            self.durations[first:last],
            self.levels[low:high],
            grid=self.about["grid"],
            meter=from_text(row.meter),
        )

    @cached_property
    def _bar_places(self) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.bool_]]:
        place = np.zeros(len(self.durations), np.int16)
        length = np.ones(len(self.durations), np.int16)
        compound = np.zeros(len(self.durations), np.bool_)
        for row in self.pieces:
            own = slice(row.first, row.first + row.events)
            ends = np.cumsum(self.durations[own], dtype=np.int64)
            found = places(from_text(row.meter), ends, self.about["grid"])
            place[own], length[own], compound[own] = found
        return place, length, compound

    def bar_places(self) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.bool_]]:
        """Say where in its bar each event of the store ends and the next begins: (events,) each.

        Grid steps since the bar line, steps of the bar, whether it is compound: `meter.places`.
        Computed once.
        """
        return self._bar_places

    @property
    def fingerprint(self) -> str:
        """A hash of the pieces' contents and the settings they were read with."""
        text = json.dumps([self.about, sorted(row.sha256 for row in self.pieces)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_store(
    folder: Path,
    pieces: Iterable[tuple[str, str, Piece | MusicFileError]],
    grid: int,
    divisors: Sequence[int],
) -> None:
    """Write a store from (file, sha256, piece or what is wrong), whole or not at all.

    One piece at a time is in memory. Where another process has put a store meanwhile, that stays.
    """
    unfinished = _begin(folder)
    try:
        rows, faults = _write_arrays(unfinished, pieces)
        _write_table(unfinished / "pieces.csv", list(_KINDS), rows)
        _write_table(unfinished / "faults.csv", ["file", "reason"], faults)
        about = {"format": FORMAT, "grid": grid, "quantize": list(divisors)}
        (unfinished / "store.json").write_text(json.dumps(about))
        _put(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def open_store(folder: Path) -> Store:
    """Open a store. Raises DataError when the folder holds none of this version's format."""
    try:
        about = json.loads((folder / "store.json").read_text())
        if about["format"] != FORMAT:
            raise DataError(f"{folder} has store format {about['format']}, expected {FORMAT}")
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        with (folder / "pieces.csv").open(newline="", encoding="utf-8") as file:
            pieces = [_piece(row) for row in csv.DictReader(file)]
        with (folder / "faults.csv").open(newline="", encoding="utf-8") as file:
            faults = [(row["file"], row["reason"]) for row in csv.DictReader(file)]
        events, tokens = len(arrays["durations"]), len(arrays["tokens"])
        if (len(arrays["offsets"]), int(arrays["offsets"][-1])) != (events + 1, tokens) or (
            len(arrays["levels"]) != tokens or sum(row.events for row in pieces) != events
        ):
            raise ValueError("its arrays and its table differ in length")
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, csv.Error) as error:
        raise DataError(f"{folder} is no event store: {error}; prepare it again") from error
    return Store(folder=folder, **arrays, pieces=pieces, faults=faults, about=about)


def _write_arrays(
    folder: Path, pieces: Iterable[tuple[str, str, Piece | MusicFileError]]
) -> tuple[Iterator[tuple[Any, ...]], list[tuple[str, str]]]:
    """Write the arrays; give the rows of both tables."""
    rows: list[PieceRow] = []
    faults: list[tuple[str, str]] = []
    with ExitStack() as stack:
        copies = stack.enter_context(NearCopies())
        tokens, offsets, durations, levels = (
            stack.enter_context(GrowingArray(folder / f"{name}.npy", kind))
            for name, kind in _ARRAYS.items()
        )
        offsets.append([0])
        for file, sha256, piece in pieces:
            if isinstance(piece, MusicFileError):
                faults.append((file, str(piece)))
                continue
            events = piece.events
            rows.append(
                PieceRow(
                    file, piece.title, piece.key, piece.shift, piece.tempo,
                    as_text(events.meter), int(piece.meter_found), piece.seconds,
                    piece.notes, piece.drums, len(durations), len(events), sha256, "",
                )
            )  # fmt: skip
            offsets.append(events.offsets[1:] + len(tokens))
            tokens.append(events.tokens)
            levels.append(events.levels)
            durations.append(events.durations)
            copies.add(events)
        groups = copies.groups([row.sha256 for row in rows])
    table = zip(rows, groups, strict=True)
    return ((*_cells(row)[:-1], group) for row, group in table), faults


def _begin(folder: Path) -> Path:
    """Make a folder of this run beside `folder`; those that killed runs left go after a day."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f".{folder.name}.*"):
        if left.stat().st_mtime < time.time() - _LEFT:
            shutil.rmtree(left, ignore_errors=True)
    unfinished = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    unfinished.mkdir()
    return unfinished


def _put(unfinished: Path, folder: Path) -> None:
    """Rename the folder into its place, unless a store that opens was put there meanwhile."""
    while True:
        try:
            unfinished.replace(folder)
            return
        except OSError:
            if not folder.exists():
                raise
        try:
            open_store(folder)
            return
        except DataError:
            shutil.rmtree(folder, ignore_errors=True)


def _piece(row: dict[str, str]) -> PieceRow:
    return PieceRow(**{name: _KINDS[name](value) for name, value in row.items()})


_KINDS: dict[str, Any] = {field.name: field.type for field in fields(PieceRow)}
_cells = attrgetter(*_KINDS)


def _write_table(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows(rows)
