"""Measure photos, a network or pieces: `python -m mood2music.evaluate pieces=folder`.

Or stand in a paper's table: `python -m mood2music.evaluate benchmark=polymusic`.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from mood2music.command.entrypoint import entrypoint
from mood2music.command.running import running
from mood2music.command.settings import parse
from mood2music.evaluation.benchmark import measure_benchmark
from mood2music.evaluation.network import measure_network
from mood2music.evaluation.photos import measure_photos
from mood2music.evaluation.pieces import measure_beside, measure_pieces
from mood2music.evaluation.settings import EvaluateSettings
from mood2music.evaluation.tables import figures_of, publish
from mood2music.learn import record, run_log
from mood2music.render.report import Table, as_text, write_report
from mood2music.study.sweep import conclude
from mood2music.version import __version__


@entrypoint("evaluate", conclude=conclude)
def main(config: DictConfig) -> None:
    """Measure what was asked, print the tables, write report.json, report.csv and run.json."""
    job = running()
    plain: Any = OmegaConf.to_container(config, resolve=True)
    with record.recorded(job, plain) as run:
        settings = parse(EvaluateSettings, config)
        with run_log.opened(settings.logger, job.folder, plain, job) as log:
            run.tell(wandb=log.id)
            settings.check_files()
            tables = measure(settings, job.folder)
            run.tell(figures=figures_of(tables))
            publish(log, tables)
    facts = {"mood2music": __version__, "settings": asdict(settings)}
    report = write_report(tables, job.folder, facts)
    for table in tables:
        print(as_text(table), end="\n\n")
    print(report)


def measure(settings: EvaluateSettings, folder: Path) -> list[Table]:
    """Give the tables of all that is asked for."""
    tables: list[Table] = []
    if settings.photos is not None:
        tables += measure_photos(Path(settings.photos), settings.face, settings.jobs)
    if settings.network is not None:
        tables += measure_network(
            settings.network, settings.data, settings.events, settings.seed, settings.contexts
        )
    if settings.pieces is not None:
        tables += measure_pieces(Path(settings.pieces), settings.quadrants)
    if settings.pieces is not None and settings.beside is not None:
        tables += measure_beside(Path(settings.pieces), Path(settings.beside), settings.passage)
    if settings.benchmark is not None:
        tables += measure_benchmark(settings.benchmark, settings.data.get("root"), folder)
    return tables


if __name__ == "__main__":
    main()
