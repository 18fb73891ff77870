"""Runs become pictures: curves, a line a run through all its settings, one setting's effect."""

import csv
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mood2music.command.settings import shown
from mood2music.files import atomically
from mood2music.study.table import Results, Row
from mood2music.study.written import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Rows that a picture tells apart by colour.
MOST = 10


def draw(results: Results, folder: Path) -> list[Path]:
    """Write what can be drawn, and give the paths; a table without a metric has nothing.

    curves.png: the metric by epoch of each row, from the CSV logs, every seed a line;
    parallel.png: where two or more settings differ; by_NAME.png: where the values of a setting are
    numbers, the metric against it.
    """
    if results.metric is None:
        return []
    pictures: dict[str, Callable[[Axes], None]] = {}
    if any(curve(run.folder, results.metric) for row in results.rows for run in row.runs):
        pictures["curves.png"] = lambda axes: draw_curves(axes, results)
    if len(results.settings) > 1:
        pictures["parallel.png"] = lambda axes: draw_parallel(axes, results)
    for column, name in enumerate(results.settings):
        values = {row.values[column] for row in results.rows if _is_number(row.values[column])}
        if len(values) > 1:
            pictures[f"by_{name.replace('/', '_')}.png"] = _against(results, column)
    return [_written(folder / name, picture) for name, picture in pictures.items()]


def curve(folder: Path, figure: str) -> list[tuple[int, float]]:
    """(epoch, figure) of a training's CSV logs, [] where it has none.

    A run that went on in its folder has begun a log anew there, behind log_1, log_2, ...; one that
    began anew starts at epoch 0, and what lies beside is another's.
    """
    earlier = sorted(folder.glob("log_*"), key=lambda path: (len(path.name), path.name))
    points: list[tuple[int, float]] = []
    for log in (folder / "log", *reversed(earlier)):
        first = points[0][0] if points else math.inf
        if first == 0:
            break
        points = [point for point in _logged(log, figure) if point[0] < first] + points
    return points


def _logged(log: Path, figure: str) -> list[tuple[int, float]]:
    """(epoch, figure) of one log."""
    path = log / "metrics.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get(figure) and row.get("epoch")]
    return [(int(row["epoch"]), float(row[figure])) for row in rows]


def draw_curves(axes: "Axes", results: Results) -> None:
    """A colour a row, a line a seed."""
    assert results.metric is not None
    for place, row in enumerate(results.rows[:MOST]):
        label = _name(results, row)
        for run in row.runs:
            points = curve(run.folder, results.metric)
            if points:
                epochs, values = zip(*points, strict=True)
                axes.plot(epochs, values, color=f"C{place}", alpha=0.7, lw=1.2, label=label)
                label = "_"  # one a row in the legend
    axes.set_xlabel("epoch")
    axes.set_ylabel(results.metric)
    axes.legend(fontsize="small")


def draw_parallel(axes: "Axes", results: Results) -> None:
    """An upright line a setting, the metric as the last; a row is a line through its values."""
    from matplotlib import colormaps

    assert results.metric is not None
    rows = [row for row in results.rows if not math.isnan(row.figure(results.metric).mean)]
    columns = [[row.values[c] for row in rows] for c in range(len(results.settings))]
    columns.append([row.figure(results.metric).mean for row in rows])
    names = [*results.settings, results.metric]
    heights = []
    for place, column in enumerate(columns):
        scale = _scale(column)
        heights.append([scale(value) for value in column])
        for value in {repr(value): value for value in column}.values():
            last = place == len(columns) - 1
            if last and value not in (min(column), max(column)):
                continue
            text = number(value) if last else shown(value)
            axes.annotate(
                text, (place, scale(value)), (4, 2), textcoords="offset points", fontsize=8
            )
        axes.axvline(place, color="0.8", lw=1)
    # The best row is drawn last, and darkest.
    for place in reversed(range(len(rows))):
        share = 0.9 - 0.8 * place / max(len(rows) - 1, 1)
        line = [height[place] for height in heights]
        axes.plot(range(len(names)), line, color=colormaps["viridis_r"](share), lw=1.5)
    axes.set_xticks(range(len(names)), names)
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def draw_against(axes: "Axes", results: Results, column: int) -> None:
    """The metric of every finished run against one setting; a line through the means."""
    assert results.metric is not None
    points = sorted(
        (float(row.values[column]), run.figures[results.metric])
        for row in results.rows
        if _is_number(row.values[column])
        for run in row.runs
        if run.finished and results.metric in run.figures
    )
    places = sorted({x for x, _ in points})
    means = [_mean([y for at, y in points if at == x]) for x in places]
    axes.scatter([x for x, _ in points], [y for _, y in points], s=14, alpha=0.6)
    axes.plot(places, means, lw=1.2)
    # Learning rates are chosen by factors.
    if places and places[0] > 0 and places[-1] >= 50 * places[0]:
        axes.set_xscale("log")
    axes.set_xlabel(results.settings[column])
    axes.set_ylabel(results.metric)


def _against(results: Results, column: int) -> "Callable[[Axes], None]":
    return lambda axes: draw_against(axes, results, column)


def _written(path: Path, picture: "Callable[[Axes], None]") -> Path:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    picture(figure.add_subplot())
    with atomically(path) as unfinished:
        figure.savefig(unfinished)
    return path


def _scale(column: Sequence[Any]) -> Callable[[Any], float]:
    """Where a value stands between 0 and 1: numbers by size, others by their order."""
    if not all(_is_number(value) for value in column):
        ranked = list(dict.fromkeys(map(repr, column)))
        return lambda value: ranked.index(repr(value)) / max(len(ranked) - 1, 1)
    low, high = float(min(column)), float(max(column))
    if low > 0 and high >= 50 * low:
        return lambda value: math.log(value / low) / math.log(high / low)
    return lambda value: float(value - low) / ((high - low) or 1.0)


def _name(results: Results, row: Row) -> str:
    pairs = zip(results.settings, row.values, strict=True)
    return ", ".join(f"{name}={shown(value)}" for name, value in pairs) or "all"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
