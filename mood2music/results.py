"""Read runs back as one table: `python -m mood2music.results FOLDER by=optimizer.lr`."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from omegaconf import DictConfig

from mood2music.command.entrypoint import entrypoint
from mood2music.command.overrides import literal
from mood2music.command.ranges import one_of
from mood2music.command.settings import parse
from mood2music.errors import DataError, SettingsError


@dataclass
class ResultsSettings:
    """configs/results.yaml: which runs to read, and what to show of them.

    folder: of runs, a sweep's say; by: settings that make a row, [] for all that differ; figures:
    columns beside the metric; metric, mode: what the rows are ordered by, None for the runs' own;
    seeds: settings that a row's runs may differ in; pictures: whether to draw; out: a folder for
    the files, None for that of the runs.
    """

    folder: str | None = None
    by: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    metric: str | None = None
    mode: str | None = None
    seeds: list[str] = field(default_factory=lambda: ["seed"])
    pictures: bool = True
    out: str | None = None

    def check(self) -> None:
        """Raise SettingsError without a folder, or for an unknown mode."""
        if self.folder is None:
            raise SettingsError(
                "no folder of runs: python -m mood2music.results outputs/sweeps/..., or any folder "
                "with runs below it"
            )
        if self.mode is not None:
            one_of(self, "", mode=("min", "max"))


@entrypoint("results")
def command(config: DictConfig) -> None:
    """Print what differs between runs, their figures over seeds, best first; write and draw it."""
    from mood2music.study.runs import read_runs
    from mood2music.study.table import tabulate
    from mood2music.study.written import as_text, failures, write

    settings = parse(ResultsSettings, config)
    folder = Path(str(settings.folder)).expanduser()
    if not folder.is_dir():
        raise DataError(f"folder={folder}: no such folder, expected one of runs")
    runs = read_runs(folder)
    results = tabulate(
        runs, settings.by, settings.figures, settings.metric, settings.mode, settings.seeds
    )
    print(as_text(results))
    if unfinished := failures(runs, folder):
        print(f"{len(unfinished)} of {len(runs)} did not finish", *unfinished, sep="\n")
    out = Path(settings.out).expanduser() if settings.out else folder
    written = write(results, out)
    if settings.pictures:
        from mood2music.study.draw import draw

        written += draw(results, out)
    print(*written, sep="\n")


def main() -> None:
    """Take the first word without a = as the folder."""
    for place, word in enumerate(sys.argv[1:], 1):
        if not word.startswith(("-", "~")) and "=" not in word:
            sys.argv[place] = f"folder={literal(word)}"
            break
    command()


if __name__ == "__main__":
    main()
