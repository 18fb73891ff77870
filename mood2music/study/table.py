"""Runs become one table: a row a setting, mean and spread over its seeds, the best row first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mood2music.errors import SettingsError
from mood2music.registry import near
from mood2music.study.report import PaperRow, Report, read_report
from mood2music.study.runs import SEEDS, Run, differing, is_seed
from mood2music.study.spread import Spread, compare, spread

# Figures that are printed where nothing says which: as many as a terminal is wide for.
FIGURES = 6
# What a run has beside what it measured.
BESIDE = ("epochs", "seconds", "processor_seconds", "parameters")
# Head of a column of what the paper printed.
PAPER = "paper"


@dataclass(frozen=True)
class Row:
    """The runs of one setting: `values` of the table's settings, in their order."""

    values: tuple[Any, ...]
    runs: list[Run]

    def figure(self, name: str) -> Spread:
        """A figure of the finished runs."""
        return spread([run.figures.get(name, math.nan) for run in self.runs if run.finished])

    def by_seed(self, name: str, seeds: Sequence[str]) -> dict[str, float]:
        """A figure of each finished run, by its seeds."""
        return {
            repr([run.value(key) for key in run.settings if is_seed(key, seeds)]): run.figures[name]
            for run in self.runs
            if run.finished and name in run.figures
        }


@dataclass(frozen=True)
class Results:
    """A table.

    settings: the columns that differ; figures: those measured, that of the metric first; mode:
    whether the lowest ("min") or the highest ("max") metric stands first; behind: by row, its
    metric minus that of the best row, by seed where both have the same ones; paper: what the paper
    printed, which stands beside the rows of the same settings.
    """

    settings: list[str]
    figures: list[str]
    mode: str
    rows: list[Row]
    behind: list[Spread]
    paper: list[PaperRow] = field(default_factory=list)

    @property
    def metric(self) -> str | None:
        """What the rows are ordered by; None where nothing says what, and they are as they ran."""
        return self.figures[0] if self.behind else None

    def printed(self, row: Row) -> dict[str, float]:
        """The paper's figures of a row's settings."""
        own = dict(zip(self.settings, row.values, strict=True))
        return {n: v for paper in self.paper if paper.is_of(own) for n, v in paper.figures.items()}

    def unmatched(self) -> list[PaperRow]:
        """Rows of the paper that no run has the settings of."""
        ours = [dict(zip(self.settings, row.values, strict=True)) for row in self.rows]
        return [paper for paper in self.paper if not any(paper.is_of(own) for own in ours)]

    def compared(self, name: str) -> bool:
        """Whether the paper has this figure."""
        return any(name in paper.figures for paper in self.paper)


def tabulate(
    runs: Sequence[Run],
    by: Sequence[str] = (),
    figures: Sequence[str] = (),
    metric: str | None = None,
    mode: str | None = None,
    seeds: Sequence[str] = SEEDS,
) -> Results:
    """Gather runs by the settings `by`, by all that differ where none is named, best first.

    figures: what to show beside the metric, by full name or its last part; metric, mode: what to
    order by, the runs' own where None. Where neither `by` nor `figures` is given, what the runs'
    experiment reports stands first, the paper's figures beside. Raises SettingsError for a name
    that no run has.
    """
    report = Report() if by or figures else read_report(runs)
    figures = figures or report.figures
    known = list(dict.fromkeys(name for run in runs for name in run.figures))
    own = next((run.metric for run in runs if run.metric), None)
    order = _full(metric, known) if metric else own[0] if own and own[0] in known else None
    if order is None and figures:
        order = _full(figures[0], known)
    shown_figures = [_full(name, known) for name in figures]
    if not figures:
        usual = ("epoch", order.replace("val/", "test/") if order else "")
        shown_figures = [name for name in usual if name in known and name != order]
        if order is None:
            shown_figures = [name for name in known if name not in BESIDE][:FIGURES]
    columns = list(by) or differing(runs, seeds, report.by)
    for name in by:
        if all(run.value(name) is None for run in runs):
            others = dict.fromkeys(n for run in runs for n in (*run.asked, *run.settings))
            raise SettingsError(f"by={name}: no run has it, {near(name, list(others))}")
    gathered: dict[str, Row] = {}
    for run in runs:
        values = tuple(run.value(name) for name in columns)
        gathered.setdefault(repr(values), Row(values, [])).runs.append(run)
    rows = list(gathered.values())
    kept_mode = mode or (own[1] if own and order == own[0] else "min")
    if order is not None:
        sign = -1 if kept_mode == "max" else 1
        means = {id(row): row.figure(order).mean for row in rows}
        rows.sort(key=lambda row: (math.isnan(means[id(row)]), sign * means[id(row)]))
    best = rows[0].by_seed(order, seeds) if order else {}
    behind = [compare(row.by_seed(order, seeds), best) for row in rows] if order else []
    ordered = [order] if order else []
    names = [*ordered, *(name for name in dict.fromkeys(shown_figures) if name != order)]
    return Results(columns, names, kept_mode, rows, behind, report.paper)


def _full(name: str, known: Sequence[str]) -> str:
    """A figure by its name or its last part."""
    if name in known:
        return name
    ending = [full for full in known if full.endswith((f".{name}", f"/{name}"))]
    if not ending:
        raise SettingsError(f"figures={name}: no run has it, {near(name, list(known))}")
    return ending[0]
