"""Compares a folder of pieces with a folder of real ones: how they measure, and what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from mood2music.errors import DataError
from mood2music.isolate import Isolated
from mood2music.judge.judges import columns, figures, flat, judged
from mood2music.judge.measures import Measures, opening
from mood2music.judge.own_songs import OwnSong, own_over_others, own_songs, read_songs
from mood2music.judge.pieces import read_pieces
from mood2music.judge.telling_apart import FOLDS, tell_apart
from mood2music.music.events import to_events
from mood2music.music.notes import Notes
from mood2music.music.quantize import quantize
from mood2music.study.intervals import mean_of

# Statistics that say how long a piece is and how fast, which was asked for and not composed.
ASKED = ("notes", "events", "seconds", "quarters", "tempo")
# Features that are told, the most telling first.
TOLD = 10
# The group of all pieces, where they are not parted by folder.
ALL = "all"

Cell = str | int | float | None
Row = Mapping[str, Cell]
Features = Mapping[str, float | None]


@dataclass(frozen=True)
class Comparison:
    """The rows of each table; every row names the group of pieces that it is of.

    measures: a row a measure, of the pieces and of the real ones, with 95 % intervals; own_songs:
    motifs shared with the own song over those shared with others; told_apart: a row a classifier;
    signs: a row a feature, the most telling first; bad: path -> reason, of both folders.
    """

    measures: list[Row]
    own_songs: list[Row]
    told_apart: list[Row]
    signs: list[Row]
    bad: dict[str, str]


def compare(folder: Path, beside: Path, passage: int, progress: bool = True) -> Comparison:
    """Measure the first `passage` events of each piece in both folders; shorter pieces whole.

    A piece of less than half a passage is left out: what returns depends on how long one listens.
    Where all pieces lie in folders that `beside` has too (jazz/, pop/), each of these is a group of
    its own. Raises DataError for a folder without music, or where nothing is long enough.
    """
    with Isolated() as child:
        found, bad = read_pieces(folder, child, "pieces", progress)
        real, bad_real = read_pieces(beside, child, "beside", progress)
        songs = own_songs(folder, [beside / name for name in real])
        read = read_songs(songs, child)
    written = {name: cut for name, notes in found.items() if (cut := _passage(notes, passage))}
    others = {name: cut for name, notes in real.items() if (cut := _passage(notes, passage))}
    for option, root, kept in (("pieces", folder, written), ("beside", beside, others)):
        if not kept:
            raise DataError(
                f"{option}={root} has no piece of {passage // 2} events or more: "
                "pass longer ones, or a shorter passage="
            )
    result = Comparison([], [], [], [], {**bad, **{f"beside: {k}": v for k, v in bad_real.items()}})
    for group in _groups(written, others):
        own, of_real = _of(written, group), _of(others, group)
        rows, real_rows = _measured(own), _measured(of_real)
        result.measures.extend({"group": group, **row} for row in _means(rows, real_rows))
        result.own_songs.extend({"group": group, **row} for row in _shared(own, songs, read))
        if min(len(own), len(of_real)) >= FOLDS:
            _tell(group, rows, real_rows, _sources(own, of_real, songs, beside), result)
    return result


def _passage(notes: Notes, events: int) -> Notes | None:
    """Take the first events of a piece on the grid, None of one that is too short."""
    notes = quantize(notes)
    return opening(notes, events) if len(to_events(notes)) * 2 >= events else None


def _groups(written: Mapping[str, Notes], real: Mapping[str, Notes]) -> list[str]:
    def tops(pieces: Mapping[str, Notes]) -> set[str]:
        return {name.partition("/")[0] if "/" in name else "" for name in pieces}

    own = tops(written)
    return sorted(own) if own <= tops(real) - {""} else [ALL]


def _of(pieces: Mapping[str, Notes], group: str) -> dict[str, Notes]:
    return {
        name: notes
        for name, notes in pieces.items()
        if group == ALL or name.startswith(f"{group}/")
    }


def _measured(pieces: Mapping[str, Notes]) -> list[Features]:
    """A row of features a piece: every judge's figures."""
    names = [name for name in figures() if name not in ASKED]
    told = (flat(judged(notes)) for notes in pieces.values())
    return [{name: row[name] for name in names} for row in told]


def _means(written: Sequence[Features], real: Sequence[Features]) -> list[Row]:
    rows: list[Row] = []
    foreign = [name for name in columns(foreign=True) if name in written[0]]
    for name in (*(field.name for field in fields(Measures)), *foreign):
        cells: dict[str, Cell] = {"measure": name}
        for side, values in (("", written), ("real_", real)):
            mean = mean_of([row[name] for row in values])
            cells[f"{side}pieces"] = sum(row[name] is not None for row in values)
            for column, part in (("mean", "value"), ("low", "low"), ("high", "high")):
                cells[f"{side}{column}"] = None if mean is None else getattr(mean, part)
        rows.append(cells)
    return rows


def _shared(
    pieces: Mapping[str, Notes], songs: Mapping[str, OwnSong], read: Mapping[str, Notes]
) -> list[Row]:
    rows: list[Row] = []
    for rhythm in (False, True):
        told = own_over_others(pieces, songs, read, rhythm)
        if told is not None:
            own, others, ratio = told
            rows.append(
                {
                    "motifs": "with rhythm" if rhythm else "intervals",
                    "pieces": sum(name in songs for name in pieces),
                    "own": own,
                    "others": others,
                    "ratio": ratio.value,
                    "low": ratio.low,
                    "high": ratio.high,
                }
            )
    return rows


def _sources(
    written: Mapping[str, Notes],
    real: Mapping[str, Notes],
    songs: Mapping[str, OwnSong],
    beside: Path,
) -> list[str]:
    """Name what each piece comes from: its song, which may be one of the real ones, or itself."""
    by_path: dict[Path | None, str] = {beside / name: name for name in real}
    own = [songs.get(name, OwnSong(name, None, 0.0)) for name in written]
    return [*(by_path.get(song.path, song.name) for song in own), *real]


def _tell(
    group: str,
    written: Sequence[Features],
    real: Sequence[Features],
    sources: Sequence[str],
    result: Comparison,
) -> None:
    told = tell_apart(written, real, sources)
    for name, auc in told.aucs.items():
        result.told_apart.append(
            {
                "group": group,
                "classifier": name,
                "auc": auc.value,
                "low": auc.low,
                "high": auc.high,
                "pieces": len(written),
                "real_pieces": len(real),
            }
        )
    result.signs.extend({"group": group, **vars(sign)} for sign in told.signs[:TOLD])
