"""A folder of runs comes in; what each was asked, how it ended and what it measured go out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mood2music.errors import DataError
from mood2music.learn.record import FINISHED, RECORD, read_record

# What makes two runs of one setting: named so, or the last part of a name.
SEEDS = ("seed",)
# Settings that say how a run is watched or goes on, not what it is.
ASIDE = re.compile(
    r"(hydra|logger|render|report)\b|resume$|out$|play$|trainer\.(progress|threads|keep_last)$"
)


@dataclass(frozen=True)
class Run:
    """A run as its run.json tells of it.

    folder: where that lies; settings: by dotted name; choices: by group, the name of the choice;
    asked: by name, the words of its command line; figures: by name, for example val/loss of the
    best epoch, last/val/loss of the last, or a mean over the pieces written; metric: the name and
    mode ("min", "max") of what the run was optimised for, None where nothing was.
    """

    folder: Path
    status: str
    reason: str
    settings: dict[str, Any]
    choices: dict[str, Any]
    asked: dict[str, str]
    figures: dict[str, float]
    metric: tuple[str, str] | None = None
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def value(self, name: str) -> Any:
        """What a setting or a group was; None for what the run does not know."""
        for told in (self.settings, self.choices, self.asked):
            if name in told:
                return told[name]
        return None

    @property
    def finished(self) -> bool:
        """Whether it came to its end."""
        return self.status == FINISHED


def read_runs(folder: Path) -> list[Run]:
    """Every run in `folder` and below, in the order of their paths' numbers.

    Raises DataError where there is none.
    """
    found = sorted(folder.rglob(RECORD), key=lambda path: _natural(path.parent))
    told = ((path.parent, read_record(path.parent)) for path in found)
    runs = [_run(place, record) for place, record in told if record is not None]
    if not runs:
        raise DataError(f"no run in {folder}: expected a folder with {RECORD} in it or below")
    return runs


def differing(
    runs: Sequence[Run], seeds: Iterable[str] = SEEDS, first: Iterable[str] = ()
) -> list[str]:
    """Name the settings that tell the runs apart: all words of the command lines that differ.

    Others only where those do not tell: what follows from those before it, as a network's layers
    follow from model=, is none. `seeds`: the names, or last parts of names, of what is no
    difference. first: names that are given before all others, whether they tell anything apart or
    not.
    """
    asked = dict.fromkeys(name for run in runs for name in run.asked)
    names = asked | dict.fromkeys(name for run in runs for name in run.settings)
    columns = list(first)
    kept = [tuple(repr(run.value(name)) for name in columns) for run in runs]
    for name in names:
        if ASIDE.match(name) or is_seed(name, seeds) or name in columns:
            continue
        further = [(*key, repr(run.value(name))) for key, run in zip(kept, runs, strict=True)]
        differs = len({key[-1] for key in further}) > 1
        if (name in asked and differs) or len(set(further)) > len(set(kept)):
            columns, kept = [*columns, name], further
    return columns


def is_seed(name: str, seeds: Iterable[str] = SEEDS) -> bool:
    """Whether a setting is a seed.

    >>> is_seed("seed"), is_seed("data.seed"), is_seed("seed_len")
    (True, True, False)
    """
    return any(name == seed or name.endswith(f".{seed}") for seed in seeds)


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested mappings as one, by dotted names.

    >>> flat({"encoder": {"hidden": 16}, "seed": 0})
    {'encoder.hidden': 16, 'seed': 0}
    """
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found


def _run(folder: Path, record: Mapping[str, Any]) -> Run:
    asked = (str(word).lstrip("+").partition("=") for word in record.get("overrides") or [])
    metric = record.get("metric") or {}
    settings = flat(record.get("settings") or {})
    named = metric.get("name") or settings.get("metric")
    return Run(
        folder,
        str(record.get("status") or FINISHED),
        str(record.get("reason") or ""),
        settings,
        dict(record.get("choices") or {}),
        {name: value for name, mark, value in asked if mark},
        _figures(record),
        (str(named), str(metric.get("mode") or settings.get("mode") or "min")) if named else None,
        record,
    )


def _figures(record: Mapping[str, Any]) -> dict[str, float]:
    """All that the run measured: of pieces the mean."""
    names = ("epochs", "seconds", "processor_seconds", "parameters")
    found = {name: record[name] for name in names if name in record}
    for part in ("best", "test", "figures"):
        found |= flat(record.get(part) or {})
    found |= {f"last/{name}": value for name, value in (record.get("last") or {}).items()}
    pieces = [flat(piece) for piece in record.get("pieces") or []]
    for name in dict.fromkeys(name for piece in pieces for name in piece):
        values = [piece[name] for piece in pieces if _is_number(piece.get(name))]
        if values:
            found.setdefault(name, sum(values) / len(values))
    return {name: float(value) for name, value in found.items() if _is_number(value)}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _natural(path: Path) -> list[tuple[int, str]]:
    """A key by which 10 comes behind 9."""
    parts = re.split(r"(\d+)", str(path))
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
