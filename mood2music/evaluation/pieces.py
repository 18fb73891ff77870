"""Measures pieces, each and in the mean, and beside real ones."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from mood2music.errors import DataError
from mood2music.evaluation.tables import filled
from mood2music.render.report import Cell, Table

# The statistics that fit on a terminal's line; the report has all.
SHOWN = (
    "path",
    "notes",
    "events",
    "key",
    "pitch_class_entropy",
    "onsets_per_second",
    "polyphony",
    "longest_repeat",
)


def measure_pieces(folder: Path, quadrants: str | None = None) -> list[Table]:
    """Give one row of statistics a piece, their mean, and the files that cannot be read.

    quadrants: file of a judge whose probabilities are added. Raises CheckpointError for another.
    """
    from mood2music.judge.judges import columns
    from mood2music.judge.pieces import pieces_table
    from mood2music.judge.quadrants import QuadrantJudge, Quadrants

    own = columns(foreign=True)
    more = {}
    if quadrants is not None:
        more["quadrants"] = QuadrantJudge.load(Path(quadrants))
        own += [field.name for field in fields(Quadrants)]
    found = pieces_table(folder, more=more)
    if not found.rows:
        name, reason = next(iter(found.bad.items()))
        raise DataError(f"none of {len(found.bad)} files in {folder} can be read; {name}: {reason}")
    rows: list[dict[str, Cell]] = [dict(row.as_dict()) for row in found.rows]
    unread = [{"path": path, "reason": reason} for path, reason in found.bad.items()]
    return [
        Table("pieces", rows, (*SHOWN, *own)),
        Table("pieces_mean", [_mean(rows)], ("pieces", *SHOWN[1:3], *SHOWN[4:], *own)),
        *filled(Table("pieces_unread", unread)),
    ]


def measure_beside(folder: Path, beside: Path, passage: int) -> list[Table]:
    """Give what the pieces measure beside real ones, and how surely the two are told apart."""
    from mood2music.judge.beside import compare

    found = compare(folder, beside, passage)
    unread = [{"path": path, "reason": reason} for path, reason in found.bad.items()]
    return [
        Table("beside", found.measures),
        *filled(Table("beside_own_songs", found.own_songs)),
        *filled(Table("beside_told_apart", found.told_apart)),
        *filled(Table("beside_signs", found.signs)),
        *filled(Table("beside_unread", unread)),
    ]


def _mean(rows: Sequence[Mapping[str, Cell]]) -> dict[str, Cell]:
    """Mean of every column of numbers, of the rows that have one, after the count of rows."""
    columns = {
        name: [cell for row in rows if isinstance(cell := row[name], int | float)]
        for name in rows[0]
    }
    means = {name: sum(cells) / len(cells) for name, cells in columns.items() if cells}
    return {"pieces": len(rows), **means}
