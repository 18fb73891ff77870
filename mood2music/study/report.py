"""Runs of one experiment say what their table shows, and what the paper printed of the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mood2music.command.settings import parse
from mood2music.learn.settings import ReportSettings
from mood2music.study.runs import Run


@dataclass(frozen=True)
class PaperRow:
    """settings: by name, those that the paper's figures were printed for; figures: by name."""

    settings: Mapping[str, Any]
    figures: Mapping[str, float]

    def is_of(self, settings: Mapping[str, Any]) -> bool:
        """Whether a row of ours has the settings, whatever others it has.

        >>> PaperRow({"batch": 16}, {}).is_of({"batch": 16, "lr": 0.1})
        True
        """
        return all(name in settings and settings[name] == v for name, v in self.settings.items())


@dataclass(frozen=True)
class Report:
    """by: settings that rows differ in; figures: columns; paper: rows of the paper."""

    by: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    paper: list[PaperRow] = field(default_factory=list)


def read_report(runs: Sequence[Run]) -> Report:
    """Give what the runs that finished were all asked to report, of it what they know.

    Empty where they were asked for different things, or for none: a folder may hold runs of
    several experiments.
    """
    finished = [run for run in runs if run.finished]
    asked = [(run.record.get("settings") or {}).get("report") or {} for run in finished]
    if not asked or any(other != asked[0] for other in asked):
        return Report()
    report = parse(ReportSettings, asked[0], "report")
    known = {name for run in finished for name in run.figures}
    return Report(
        [name for name in report.by if any(run.value(name) is not None for run in finished)],
        [name for name in report.figures if name in known],
        [
            PaperRow(
                {name: value for name, value in row.items() if name in report.by},
                {name: float(value) for name, value in row.items() if name in report.figures},
            )
            for row in report.paper
        ],
    )
