"""Writes the table of a folder of runs: as text, CSV, LaTeX, and rows for a log."""

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mood2music.command.settings import shown
from mood2music.command.text import one_line
from mood2music.files import atomically
from mood2music.study.runs import Run
from mood2music.study.table import PAPER, Results

# Rows that are printed; the files have all.
SHOWN = 60


def as_text(results: Results, most: int = SHOWN) -> str:
    """Align the table: settings, runs, the metric with its spread, then the other figures' means.

    Of the metric: its mean, standard deviation over seeds, half of the 95 % interval, and how far
    behind the best row it is. Behind a figure stands the paper's, where it has one. Columns of
    which nothing is known are left out.
    """
    head = [*(_brief(name, results.settings) for name in results.settings), "runs"]
    for name in results.figures:
        head += _metric_heads(results) if name == results.metric else [name]
        head += [PAPER] if results.compared(name) else []
    lines = [head]
    for place, row in enumerate(results.rows[:most]):
        done = sum(run.finished for run in row.runs)
        cells = [_cut(value) for value in row.values]
        cells.append(str(done) if done == len(row.runs) else f"{done} of {len(row.runs)}")
        theirs = results.printed(row)
        for name in results.figures:
            found = row.figure(name)
            cells.append(number(found.mean))
            if name == results.metric:
                behind = results.behind[place]
                cells += [number(found.sd), number(found.interval), number(behind.mean)]
            if results.compared(name):
                cells.append(number(theirs.get(name, math.nan)))
        lines.append(cells)
    for paper in results.unmatched():
        cells = [
            one_line(shown(paper.settings[name])) if name in paper.settings else "-"
            for name in results.settings
        ]
        cells.append("-")
        for name in results.figures:
            cells += ["-"] * (4 if name == results.metric else 1)
            if results.compared(name):
                cells.append(number(paper.figures.get(name, math.nan)))
        lines.append(cells)
    kept = [
        column
        for column, (title, *cells) in enumerate(zip(*lines, strict=True))
        if title in ("runs", *results.settings) or any(cell != "-" for cell in cells)
    ]
    widths = [max(len(line[column]) for line in lines) for column in kept]
    of_text = len(results.settings)
    printed = [
        "  ".join(
            line[c].ljust(width) if c < of_text else line[c].rjust(width)
            for c, width in zip(kept, widths, strict=True)
        ).rstrip()
        for line in lines
    ]
    if len(results.rows) > most:
        printed.append(f"... and {len(results.rows) - most} rows more in table.csv")
    return "\n".join(printed)


def _cut(value: Any) -> str:
    """A setting as it is typed, a number that a sweeper drew to six digits."""
    return f"{value:.6g}" if isinstance(value, float) else one_line(shown(value))


def failures(runs: Sequence[Run], root: Path) -> list[str]:
    """A line for each run that did not finish: where, how it stands, and why."""
    return [
        f"  {run.folder.relative_to(root).as_posix()}  {run.status}"
        + (f": {one_line(run.reason)}" if run.reason else "")
        for run in runs
        if not run.finished
    ]


def as_rows(results: Results) -> list[dict[str, Any]]:
    """Every row with all figures that its runs have: the mean, _sd and _interval of each.

    And _paper, which the paper printed; its rows that no run is of follow.
    """
    names = dict.fromkeys(n for row in results.rows for run in row.runs for n in run.figures)
    names = dict.fromkeys([*results.figures, *names])
    rows = []
    for place, row in enumerate(results.rows):
        told: dict[str, Any] = dict(zip(results.settings, map(_cell, row.values), strict=True))
        told |= {"runs": len(row.runs), "finished": sum(run.finished for run in row.runs)}
        if results.behind:
            told["behind"] = _cell(results.behind[place].mean)
            told["behind_interval"] = _cell(results.behind[place].interval)
        for name in names:
            found = row.figure(name)
            told[name], told[f"{name}_sd"] = _cell(found.mean), _cell(found.sd)
            told[f"{name}_interval"] = _cell(found.interval)
        rows.append(told | _as_paper(results.printed(row)))
    for paper in results.unmatched():
        cells = {name: _cell(value) for name, value in paper.settings.items()}
        rows.append(cells | {"runs": 0, "finished": 0} | _as_paper(paper.figures))
    return rows


def as_csv(results: Results) -> str:
    """The same as CSV, empty where nothing is known."""
    rows = as_rows(results)
    text = io.StringIO()
    writer = csv.DictWriter(
        text, list(dict.fromkeys(k for row in rows for k in row)), lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def as_latex(results: Results) -> str:
    r"""A tabular for booktabs: each figure as mean $\pm$ standard deviation, the best row bold.

    The paper's figures are columns and rows as in `as_text`.
    """
    head = [_brief(name, results.settings) for name in results.settings]
    for name in results.figures:
        head += [name, PAPER] if results.compared(name) else [name]
    align = "l" * len(results.settings) + "r" * (len(head) - len(results.settings))
    lines = [
        rf"\begin{{tabular}}{{{align}}}",
        r"\toprule",
        f"{' & '.join(map(_tex, head))} \\\\",
        r"\midrule",
    ]
    for place, row in enumerate(results.rows):
        cells = [_tex(shown(value)) for value in row.values]
        printed = results.printed(row)
        for name in results.figures:
            found = row.figure(name)
            sd = "" if math.isnan(found.sd) else rf" \pm {number(found.sd)}"
            text = "--" if math.isnan(found.mean) else f"${number(found.mean)}{sd}$"
            bold = place == 0 and name == results.metric and text != "--"
            cells.append(rf"$\mathbf{{{text[1:-1]}}}$" if bold else text)
            if results.compared(name):
                cells.append(_tex_number(printed, name))
        lines.append(f"{' & '.join(cells)} \\\\")
    for paper in results.unmatched():
        cells = [_tex(shown(paper.settings.get(name, "--"))) for name in results.settings]
        for name in results.figures:
            cells.append("--")
            if results.compared(name):
                cells.append(_tex_number(paper.figures, name))
        lines.append(f"{' & '.join(cells)} \\\\")
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])


def write(results: Results, folder: Path) -> list[Path]:
    """Write table.csv and table.tex into `folder`, and give their paths."""
    texts = {"table.csv": as_csv(results), "table.tex": as_latex(results)}
    for name, text in texts.items():
        with atomically(folder / name) as unfinished:
            unfinished.write_text(text, encoding="utf-8", errors="backslashreplace")
    return [folder / name for name in texts]


def number(value: float) -> str:
    """Four digits that count; "-" for what is no number.

    >>> number(25.16274), number(0.000123), number(7.0), number(1234567.0), number(float("nan"))
    ('25.16', '0.000123', '7', '1.235e+06', '-')
    """
    if math.isnan(value):
        return "-"
    if float(value).is_integer() and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.4g}"


def _as_paper(figures: Mapping[str, float]) -> dict[str, float]:
    return {f"{name}_{PAPER}": value for name, value in figures.items()}


def _tex_number(figures: Mapping[str, float], name: str) -> str:
    return f"${number(figures[name])}$" if name in figures else "--"


def _metric_heads(results: Results) -> list[str]:
    return [] if results.metric is None else [results.metric, "sd", "95 %", "behind"]


def _brief(name: str, all_names: Sequence[str]) -> str:
    """The last part of a setting's name, where no other has the same."""
    last = name.rpartition(".")[2]
    return name if sum(other.rpartition(".")[2] == last for other in all_names) > 1 else last


def _cell(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return ""
    return value if isinstance(value, int | float | str) else shown(value)


def _tex(text: str) -> str:
    marks = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(marks.get(c, f"\\{c}" if c in "&%$#_{}" else c) for c in text)
