"""A folder of music to one event store on disk: three flat arrays and a table of its pieces.

    tokens.npy     (t,) uint8   pitch + 128 when held, all pieces one behind the other
    offsets.npy    (n + 1,) int64   event i has tokens[offsets[i]:offsets[i + 1]]
    durations.npy  (n,) int16   grid steps
    pieces.csv     one row a piece, as PieceRow says
    faults.csv     file and reason of everything that was left out
    store.json     format, grid, quantize, what it was made from

Anyone can open it with numpy alone:
    events of piece p: durations[p.first : p.first + p.events]
"""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.errors import DataError, MusicFileError
from mood2music.music.events import Events, to_events
from mood2music.music.key import find_key
from mood2music.music.near_copies import group_near_copies
from mood2music.music.notes import Notes
from mood2music.music.quantize import quantize

FORMAT = 1


@dataclass(frozen=True)
class PieceRow:
    """One piece of a store. `shift`: semitones that moved it to C major or A minor."""

    file: str
    title: str
    key: str
    shift: int
    tempo: float
    notes: int
    first: int
    events: int
    sha256: str
    group: str


@dataclass(frozen=True)
class Store:
    """An opened store: memory-mapped arrays, the table of pieces, the faults."""

    folder: Path
    tokens: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    durations: NDArray[np.int16]
    pieces: list[PieceRow]
    faults: list[tuple[str, str]]
    about: dict[str, Any]

    def piece(self, row: PieceRow) -> Events:
        """Return the events of one piece, a view into the arrays."""
        first, last = row.first, row.first + row.events
        low, high = self.offsets[first], self.offsets[last]
        return Events(
            self.tokens[low:high], self.offsets[first : last + 1] - low, self.durations[first:last]
        )

    @property
    def fingerprint(self) -> str:
        """A hash of the pieces' contents and the settings they were read with."""
        text = json.dumps([self.about, sorted(row.sha256 for row in self.pieces)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_store(
    folder: Path,
    pieces: Iterable[tuple[str, str, Notes | MusicFileError]],
    grid: int,
    divisors: Sequence[int],
) -> None:
    """Write a store from (file, sha256, notes or what is wrong), whole or not at all."""
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    rows: list[dict[str, Any]] = []
    parts: list[Events] = []
    faults: list[tuple[str, str]] = []
    first = 0
    for file, sha256, notes in pieces:
        if isinstance(notes, MusicFileError):
            faults.append((file, str(notes)))
            continue
        notes = quantize(notes, divisors)
        key = find_key(notes)
        events = to_events(notes.transposed(key.to_c))
        parts.append(events)
        rows.append(
            asdict(
                PieceRow(
                    file, notes.title, key.name, key.to_c, round(notes.tempo, 3), len(notes),
                    first, len(events), sha256, "",
                )
            )
        )  # fmt: skip
        first += len(events)
    groups = group_near_copies(parts, [row["sha256"] for row in rows])
    for row, group in zip(rows, groups, strict=True):
        row["group"] = group
    counts = np.concatenate([np.zeros(0, np.int64), *(part.counts() for part in parts)])
    np.save(unfinished / "offsets.npy", np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
    for name, kind in (("tokens", np.uint8), ("durations", np.int16)):
        arrays = [getattr(part, name) for part in parts]
        np.save(unfinished / f"{name}.npy", np.concatenate([np.zeros(0, kind), *arrays]))
    _write_table(unfinished / "pieces.csv", [field.name for field in fields(PieceRow)], rows)
    faulty = [{"file": file, "reason": reason} for file, reason in faults]
    _write_table(unfinished / "faults.csv", ["file", "reason"], faulty)
    about = {"format": FORMAT, "grid": grid, "quantize": list(divisors)}
    (unfinished / "store.json").write_text(json.dumps(about))
    if (folder / "store.json").is_file():  # another process was faster
        shutil.rmtree(unfinished)
        return
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.replace(folder)


def open_store(folder: Path) -> Store:
    """Open a store. Raises DataError when the folder holds none of this version's format."""
    try:
        about = json.loads((folder / "store.json").read_text())
        if about["format"] != FORMAT:
            raise DataError(f"{folder} has store format {about['format']}, expected {FORMAT}")
        tokens, offsets, durations = (
            np.load(folder / f"{name}.npy", mmap_mode="r")
            for name in ("tokens", "offsets", "durations")
        )
        with (folder / "pieces.csv").open(newline="", encoding="utf-8") as file:
            pieces = [_piece(row) for row in csv.DictReader(file)]
        with (folder / "faults.csv").open(newline="", encoding="utf-8") as file:
            faults = [(row["file"], row["reason"]) for row in csv.DictReader(file)]
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{folder} is no event store: {error}; prepare it again") from error
    return Store(folder, tokens, offsets, durations, pieces, faults, about)


def _piece(row: dict[str, str]) -> PieceRow:
    kinds = {field.name: field.type for field in fields(PieceRow)}
    convert: dict[Any, Any] = {int: int, float: float, str: str}
    return PieceRow(**{name: convert[kinds[name]](value) for name, value in row.items()})


def _write_table(path: Path, names: list[str], rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
