"""Reads the labels that lie beside photos, and measures what was read of the photos by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt

from mood2music.face import metrics
from mood2music.face.dataset.listing import Faults, from_folders, from_table
from mood2music.face.dataset.pictures import UNKNOWN, Picture
from mood2music.face.dataset.source import TABLES, open_source
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.measure import Row, expressions
from mood2music.face.network.settings import AXES
from mood2music.face.reading.doubt import entropy
from mood2music.face.reading.photos import GET, PhotoRow
from mood2music.mood import Mood


@dataclass(frozen=True)
class Labels:
    """What lies beside photos, by the photo's path.

    moods; expressions: AffectNet's codes, of those known; shares: of the votes, (8,), or all for
    the one expression; groups: what the column `group` says; faults: rows of the table left out.
    """

    moods: Mapping[str, Mood]
    faults: Faults
    expressions: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)


def labels(root: Path) -> Labels:
    """Read the labels beside photos: every labels.csv, or folders named after expressions (means).

    Raises DataError for a labels.csv without path, valence, arousal.
    """
    with open_source(root, GET, "photos") as source:
        tables = [n for n in source.names if PurePosixPath(n).stem.lower() == "labels"]
        tables = [n for n in tables if n.lower().endswith(TABLES)]
        pictures: list[Picture] = []
        faults: Faults = []
        for table in tables:
            listed, left_out = from_table(source, table)
            pictures += listed
            faults += left_out
        if not tables:
            pictures = from_folders(source)[0]
    moods = {picture.path: Mood(picture.valence, picture.arousal) for picture in pictures}
    known = [picture for picture in pictures if picture.expression != UNKNOWN]
    return Labels(
        moods,
        faults,
        {picture.path: picture.expression for picture in known},
        {picture.path: _shares(picture) for picture in known},
        {picture.path: picture.group for picture in pictures if picture.group},
    )


def _shares(picture: Picture) -> npt.NDArray[np.float64]:
    counts = np.asarray(picture.votes, dtype=np.float64)
    if not counts.sum() > 0:
        counts = np.eye(len(EXPRESSIONS))[picture.expression]
    shares: npt.NDArray[np.float64] = counts / counts.sum()
    return shares


def measure_photos(rows: Sequence[PhotoRow], truth: Mapping[str, Mood]) -> list[Row]:
    """Measure the rows that have a face and a label: a row an axis and predictor (metrics).

    The constant predictor says the labels' own mean. Gives [] when no row has both.
    """
    both = [row for row in rows if row.found and row.path in truth]
    if not both:
        return []
    true = {a: np.asarray([getattr(truth[row.path], a) for row in both]) for a in AXES}
    read = {a: np.asarray([getattr(row, a) for row in both]) for a in AXES}
    return metrics.beside_constant(true, read)


def measure_expressions(rows: Sequence[PhotoRow], truth: Labels) -> tuple[list[Row], list[Row]]:
    """Measure the expressions told, where labels name some: figures in one row, and confusions.

    The figures are those of `measure.expressions`; surest_half_right: accuracy on the half of the
    photos with the least entropy. A confusion row has the expression that is true, its photos, and
    the share of them that was told each. Gives [] twice when no row has both.
    """
    both = [row for row in rows if row.expressions and row.path in truth.expressions]
    if not both:
        return [], []
    true = np.asarray([truth.expressions[row.path] for row in both])
    shares = np.stack([truth.shares[row.path] for row in both])
    told = _probabilities(both)
    guess = told.argmax(1)
    unsure = np.asarray([entropy(row.expressions) for row in both])
    surest = np.argsort(unsure, kind="stable")[: max(1, len(both) // 2)]
    figures: Row = {
        "photos": len(both),
        **expressions(true, shares, told),
        "surest_half_right": metrics.accuracy(true[surest], guess[surest]),
    }
    confusion: list[Row] = [
        {
            "expression": EXPRESSIONS[one],
            "photos": int((true == one).sum()),
            **{
                f"told_{name}": float(np.mean(guess[true == one] == place))
                for place, name in enumerate(EXPRESSIONS)
            },
        }
        for one in np.unique(true)
    ]
    return [figures], confusion


def measure_groups(rows: Sequence[PhotoRow], truth: Labels) -> list[Row]:
    """Measure each group of photos that the labels name, and the largest gap between groups.

    Each row has group, photos, rmse of valence and of arousal, accuracy of the expressions and
    their mean entropy, the last two where expressions are told. Gives [] without two groups.
    """
    groups: dict[str, list[PhotoRow]] = {}
    for row in rows:
        if row.found and row.path in truth.groups and row.path in truth.moods:
            groups.setdefault(truth.groups[row.path], []).append(row)
    if len(groups) < 2:
        return []
    measured = {group: _of_group(chosen, truth) for group, chosen in sorted(groups.items())}
    gaps: Row = {}
    for name in ("valence_rmse", "arousal_rmse", "accuracy", "entropy"):
        if values := [figures[name] for figures in measured.values() if name in figures]:
            gaps[name] = float(np.ptp(values))
    table: list[Row] = [{"group": group, **figures} for group, figures in measured.items()]
    return [*table, {"group": "largest gap", "photos": sum(map(len, groups.values())), **gaps}]


def _of_group(rows: Sequence[PhotoRow], truth: Labels) -> dict[str, float]:
    figures: dict[str, float] = {"photos": len(rows)}
    for axis in AXES:
        true = np.asarray([getattr(truth.moods[row.path], axis) for row in rows])
        read = np.asarray([getattr(row, axis) for row in rows])
        figures[f"{axis}_rmse"] = metrics.rmse(true, read)
    told = [row for row in rows if row.expressions and row.path in truth.expressions]
    if told:
        classes = np.asarray([truth.expressions[row.path] for row in told])
        figures["accuracy"] = metrics.accuracy(classes, _probabilities(told).argmax(1))
        figures["entropy"] = float(np.mean([entropy(row.expressions) for row in told]))
    return figures


def _probabilities(rows: Sequence[PhotoRow]) -> npt.NDArray[np.float64]:
    return np.asarray([[row.expressions[name] for name in EXPRESSIONS] for row in rows])
