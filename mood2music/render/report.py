"""Writes tables of measurements as report.json, report.csv and aligned text."""

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mood2music.command.text import one_line
from mood2music.files import together

Cell = str | int | float | bool | None
Row = Mapping[str, Cell]

# Rows of one table shown in a terminal; the files have all.
SHOWN = 40


@dataclass(frozen=True)
class Table:
    """Rows that share columns.

    name: what stands in report.csv's first column and is the key in report.json
    columns: those to print, all when empty; the files always have all
    """

    name: str
    rows: Sequence[Row]
    columns: tuple[str, ...] = ()


def write_report(tables: Sequence[Table], folder: Path, facts: Mapping[str, object]) -> Path:
    """Write report.json and report.csv into `folder`, both or none; give report.json's path.

    facts: what was measured and with what; it opens report.json. report.csv has one line a row of
    any table: the table's name, then the columns of all tables, empty where a table has none.
    Numbers that are not finite become null in JSON, which has no word for them.
    """
    content = dict(facts) | {
        table.name: [{k: _plain(v) for k, v in row.items()} for row in table.rows]
        for table in tables
    }
    columns = dict.fromkeys(k for table in tables for row in table.rows for k in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, ["table", *columns], lineterminator="\n")
    writer.writeheader()
    for table in tables:
        writer.writerows({"table": table.name, **row} for row in table.rows)
    with together(folder) as unfinished:
        document = json.dumps(content, indent=2, allow_nan=False) + "\n"
        (unfinished / "report.json").write_text(document, encoding="utf-8")
        # Half a letter of a file's name, which UTF-8 has no bytes for, is written as its number.
        rows = text.getvalue().encode("utf-8", "backslashreplace")
        (unfinished / "report.csv").write_bytes(rows)
    return folder / "report.json"


def as_text(table: Table, most: int = SHOWN) -> str:
    """Align a table in columns, numbers to the right, at most `most` rows.

    >>> print(as_text(Table("moods", [{"path": "a.jpg", "valence": 0.25}])))
    moods
    path   valence
    a.jpg    0.250
    """
    columns = table.columns or tuple(dict.fromkeys(k for row in table.rows for k in row))
    rows = table.rows[:most]
    cells = [[_shown(row.get(column)) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    numbers = [
        any(_is_number(row.get(c)) for row in rows)
        and all(_is_number(row.get(c)) or row.get(c) is None for row in rows)
        for c in columns
    ]
    lines = [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, numbers, strict=True)
        ).rstrip()
        for line in (columns, *cells)
    ]
    if len(table.rows) > most:
        lines.append(f"... and {len(table.rows) - most} more in report.csv")
    return "\n".join((table.name, *lines))


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _shown(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:.3f}" if isinstance(cell, float) else one_line(str(cell))


def _plain(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
