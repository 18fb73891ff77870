"""A sweep that has ended becomes one table: printed, written beside its jobs, and told to wandb."""

from pathlib import Path
from typing import Any

from mood2music.command.running import Running
from mood2music.command.settings import parse
from mood2music.errors import DataError
from mood2music.learn import run_log
from mood2music.learn.settings import LoggerSettings
from mood2music.study.runs import Run, read_runs
from mood2music.study.table import Results, tabulate
from mood2music.study.written import as_rows, as_text, failures, write


def conclude(folder: Path) -> None:
    """Print the table of the sweep in `folder` and every job that did not finish.

    Writes table.csv and table.tex there. Nothing where its jobs left no run.json.
    """
    try:
        runs = read_runs(folder)
    except DataError:
        return
    results = tabulate(runs)
    print("", as_text(results), *_unfinished(runs, folder), sep="\n")
    print(write(results, folder)[0])
    _tell_wandb(runs, results, folder)


def _unfinished(runs: list[Run], folder: Path) -> list[str]:
    told = failures(runs, folder)
    return [f"{len(told)} of {len(runs)} did not finish", *told] if told else []


def _tell_wandb(runs: list[Run], results: Results, folder: Path) -> None:
    """Log the table as a run of the sweep's group, where its jobs were logged."""
    logged = [run for run in runs if run.record.get("wandb")]
    if not logged:
        return
    named = logged[-1].settings
    own: dict[str, Any] = {
        name: named[f"logger.{name}"]
        for name in ("name", "project", "entity", "group", "mode")
        if f"logger.{name}" in named
    }
    job = Running("sweep", folder, [], logged[-1].choices, folder)
    settings = parse(LoggerSettings, own, "logger")
    with run_log.opened(settings, folder, {}, job) as told:
        told.tell({"results": as_rows(results)})
