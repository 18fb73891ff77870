"""Makes a command of what an experiment measures, with the settings of the YAML beside it.

    python -m experiments.loops.measure music=folder pieces=8

The YAML has the defaults and their meanings; `--help`, the checks and the one line that a failure
ends in are those of the project's own commands.
"""

import csv
import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig

from mood2music.command.entrypoint import entrypoint
from mood2music.command.settings import parse
from mood2music.files import CONFIGS

S = TypeVar("S")


def measuring(measure: Callable[[S], Any]) -> Callable[[], None]:
    """Wrap a function of one settings dataclass; its module's own YAML has the values."""
    source = Path(inspect.getfile(measure)).resolve()

    def task(config: DictConfig) -> None:
        (schema,) = (kind for name, kind in get_type_hints(measure).items() if name != "return")
        measure(parse(schema, config))

    task.__doc__ = measure.__doc__
    return entrypoint(source.stem, source.parent)(task)


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows of the same columns to a CSV, each as soon as it is there, and name the file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = None
        for row in rows:
            if writer is None:
                writer = csv.DictWriter(file, list(row))
                writer.writeheader()
            writer.writerow(row)
            file.flush()
    print(path)


def composed(*overrides: str) -> DictConfig:
    """Give what `python -m mood2music.train` would train with, in a command of one's own too."""
    around = GlobalHydra.instance().hydra
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(str(CONFIGS), version_base="1.3"):
            return compose("train", list(overrides))
    finally:
        GlobalHydra.instance().hydra = around
