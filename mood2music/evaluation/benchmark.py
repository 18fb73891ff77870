"""Trains and scores what a paper's table asks for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mood2music.command.settings import parse
from mood2music.render.report import Table


def measure_benchmark(benchmark: Mapping[str, Any], root: str | None, folder: Path) -> list[Table]:
    """Train and score what a paper's table asks for; checkpoints and logs go into `folder`."""
    from mood2music.generator.polymusic.settings import PolymusicSettings

    parse(PolymusicSettings, benchmark, "benchmark")
    # Lightning takes seconds to import, and only trainings need it.
    from mood2music.generator.polymusic import experiment as polymusic

    tables = polymusic.run(benchmark, Path(root) if root else None, folder)
    return [Table(name, rows) for name, rows in tables.items()]
