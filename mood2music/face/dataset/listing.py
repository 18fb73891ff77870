"""Lists the labelled pictures of an open root, by a table or by a folder a class."""

from pathlib import PurePosixPath
from typing import Any

import numpy as np

from mood2music.errors import DataError
from mood2music.face import labels
from mood2music.face.dataset.frame import read_frame
from mood2music.face.dataset.pictures import UNKNOWN, Picture
from mood2music.face.dataset.source import TABLES, Source

GET = (
    "expected labels.csv (path, valence, arousal, expression) or a folder a class (happiness/, "
    "sadness/, ...)"
)
Faults = list[tuple[str, str]]


def listing(source: Source, table: str | None = None) -> tuple[list[Picture], Faults]:
    """List the labelled pictures of one root, and what had to be left out and why.

    A table comes first (`table` names it when several lie there); without one, the name of the
    nearest folder that names an expression gives the class, and AffectNet's class mean its mood.
    Raises DataError when nothing is labelled, or a table lacks a column.
    """
    tables = [n for n in source.names if n.lower().endswith(TABLES)]
    if table is not None:
        tables = [n for n in tables if n == table or n.endswith("/" + table)]
        if not tables:
            raise DataError(f"{source.root} holds no {table}: {GET}")
    if len(tables) > 1:
        named = [n for n in tables if PurePosixPath(n).stem == "labels"]
        if len(named) != 1:
            raise DataError(f"{source.root} holds {len(tables)} tables: set data.labels to one")
        tables = named
    rows, faults = from_table(source, tables[0]) if tables else from_folders(source)
    if not rows:
        first = f" ({faults[0][0]}: {faults[0][1]})" if faults else ""
        raise DataError(f"{source.root} holds no labelled picture{first}: {GET}")
    return rows, faults


def folder_expression(path: str) -> str | None:
    """Give the expression that the nearest folder above a picture names, if any.

    >>> folder_expression("train/happy/1.jpg")
    'happiness'
    """
    folders = reversed(PurePosixPath(path).parts[:-1])
    return next((found for folder in folders if (found := labels.expression(folder))), None)


def from_table(source: Source, name: str) -> tuple[list[Picture], Faults]:
    """List the pictures of the table `name`, and its rows without a picture or a mood.

    Columns votes_neutral ... votes_contempt, when all eight are there, tell what people voted for,
    and with most votes an expression that is not named. Of several rows of one picture the first
    counts. Raises DataError when it is no table, or lacks a column.
    """
    frame = read_frame(source, name)
    missing = {"path", "valence", "arousal"} - set(frame.columns)
    if missing:
        raise DataError(
            f"{name} in {source.root} lacks {', '.join(sorted(missing))}: expected the columns "
            "path, valence, arousal and, if known, expression (0 to 7) and group"
        )
    folder = PurePosixPath(name).parent
    voted = [f"votes_{expression}" for expression in labels.EXPRESSIONS]
    asked = set(voted) <= set(frame.columns)
    known, seen = set(source.names), set()
    pictures, faults = [], []
    for row in frame.to_dict("records"):
        path = str(folder / str(row["path"]))
        valence, arousal = number(row["valence"]), number(row["arousal"])
        votes = tuple(number(row[column]) for column in voted) if asked else ()
        if path not in known:
            faults.append((path, "named in the table, not there"))
        elif not (-1.0 <= valence <= 1.0 and -1.0 <= arousal <= 1.0):
            faults.append((path, f"valence {valence:g}, arousal {arousal:g}: expected -1 to 1"))
        elif not all(0.0 <= vote < np.inf for vote in votes):
            faults.append((path, "its votes are no counts"))
        elif path in seen:
            faults.append((path, "named before in the table"))
        else:
            code = _code(row.get("expression"))
            if code == UNKNOWN and sum(votes) > 0:
                code = int(np.argmax(votes))
            group = _text(row.get("group"))
            pictures.append(Picture(path, valence, arousal, code, group=group, votes=votes))
            seen.add(path)
    return pictures, faults


def from_folders(source: Source) -> tuple[list[Picture], Faults]:
    """List the pictures below folders that name an expression, and those below none."""
    pictures, faults = [], []
    for path in source.pictures():
        name = folder_expression(path)
        if name is None:
            faults.append((path, "no folder above it names an expression"))
            continue
        mood = labels.CLASS_MEANS[name]
        code = labels.EXPRESSIONS.index(name)
        pictures.append(Picture(path, mood.valence, mood.arousal, code))
    return pictures, faults


def number(value: Any) -> float:
    """Turn a table's cell into a float; NaN when it is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return float(np.nan)


def _text(value: Any) -> str:
    """Write a table's cell; "" where it is empty."""
    return "" if value is None or value != value else str(value).strip()


def _code(value: Any) -> int:
    if isinstance(value, str) and (name := labels.expression(value)):
        return labels.EXPRESSIONS.index(name)
    code = number(value)
    return int(code) if code in range(len(labels.EXPRESSIONS)) else UNKNOWN
