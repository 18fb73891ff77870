"""Measure photos, a network or pieces: `python -m mood2music.evaluate pieces=folder`.

Or stand in a paper's table: `python -m mood2music.evaluate benchmark=polymusic`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from mood2music.command.entrypoint import entrypoint
from mood2music.command.given_files import check_address
from mood2music.command.ranges import at_least, check_seed
from mood2music.command.running import running
from mood2music.command.settings import parse
from mood2music.errors import DataError, SettingsError
from mood2music.learn import record, run_log
from mood2music.learn.settings import LoggerSettings
from mood2music.registry import names
from mood2music.render.report import Cell, Table, as_text, write_report
from mood2music.study.sweep import conclude
from mood2music.version import __version__

# Rows of a table whose numbers are figures of the run.
MOST_ROWS = 20
# What one picture's name ends in.
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")
# The statistics that fit on a terminal's line; the report has all.
SHOWN = (
    "path",
    "notes",
    "events",
    "key",
    "pitch_class_entropy",
    "onsets_per_second",
    "polyphony",
    "longest_repeat",
)


@dataclass
class EvaluateSettings:
    """configs/evaluate.yaml: what to measure, one or several.

    photos: a folder or zip of pictures, read as `face` says, by `jobs` processes (0: one a core,
    where there are a hundred and more); network: a shipped network's name or
    a checkpoint, scored on `events` events of the pieces of `data` that it was not trained on,
    drawn with `seed`, and on fewer with so many events before them as `contexts` say;
    pieces: a folder of music files; quadrants: a judge's file that experiments/quadrants fits, for
    the probabilities of happy, tense, sad and calm of each; beside: a folder of real ones that
    they are compared with, by the first `passage` events of each; benchmark: one of
    configs/benchmark, trained and scored on the data set in `data.root`; plugins: modules that
    register choices;
    logger: where the tables are told of too.
    """

    photos: str | None = None
    network: str | None = None
    pieces: str | None = None
    quadrants: str | None = None
    beside: str | None = None
    passage: int = 400
    events: int = 8192
    contexts: list[int] = field(default_factory=lambda: [32, 64, 128, 256, 512])
    seed: int = 0
    jobs: int = 0
    plugins: list[str] = field(default_factory=list)
    face: Any = None
    data: Any = None
    benchmark: Any = None
    logger: LoggerSettings = field(default_factory=LoggerSettings)

    def check(self) -> None:
        """Raise SettingsError for nothing to do, an unknown name or a value outside its range."""
        from mood2music.face.reading.reader import ReadSettings
        from mood2music.generator.polymusic.settings import PolymusicSettings
        from mood2music.generator.settings import MusicDataSettings
        from mood2music.train_request import data_settings

        asked = (self.photos, self.network, self.pieces, self.benchmark)
        if all(value is None for value in asked):
            raise SettingsError(
                "nothing to evaluate: pass photos=folder_or_zip, pieces=folder, "
                "network=name_or_checkpoint data=midi data.root=folder, or benchmark=polymusic "
                "data.root=folder"
            )
        at_least(self, "", events=1, passage=2, jobs=0)
        if self.beside is not None and self.pieces is None:
            raise SettingsError(f"beside={self.beside} without pieces: pass pieces=folder too")
        if self.quadrants is not None and self.pieces is None:
            raise SettingsError(
                f"quadrants={self.quadrants} without pieces: pass pieces=folder too"
            )
        if any(context < 1 for context in self.contexts):
            raise SettingsError(f"contexts={self.contexts}: expected 1 or more events each")
        self.logger.check()
        check_seed(self.seed)
        face = parse(ReadSettings, self.face or {}, "face")
        if self.photos is not None:
            face.check_detector()
        source = data_settings(self.data)
        if self.network is not None and not isinstance(source, MusicDataSettings):
            raise SettingsError(
                f"data={source.name} with network={self.network}: expected one of "
                f"{', '.join(names('music_data'))}; faces are measured with photos="
            )
        if self.benchmark is not None:
            parse(PolymusicSettings, self.benchmark, "benchmark")

    def check_files(self) -> None:
        """Raise DataError or UnknownNameError where a file, folder or network is not there."""
        from mood2music.style.shipped import locate, shipped
        from mood2music.train_request import check_data_root, data_settings

        for option, path, wanted in (
            ("photos", self.photos, "a folder or zip of pictures"),
            ("pieces", self.pieces, "a folder of music"),
            ("beside", self.beside, "a folder of real music"),
            ("quadrants", self.quadrants, "a judge's file, from experiments/quadrants"),
        ):
            check_address(option, path, DataError)
            if path is not None and not Path(path).exists():
                raise DataError(f"{option}={path}: nothing is there, expected {wanted}")
        if self.photos is not None and Path(self.photos).suffix.lower() in PICTURES:
            raise DataError(
                f"photos={self.photos}: that is one picture, expected a folder or zip of them; "
                f"python -m mood2music.generate photo={self.photos} reads one"
            )
        for option, path in (("pieces", self.pieces), ("beside", self.beside)):
            if path is not None and not Path(path).is_dir():
                raise DataError(f"{option}={path}: expected a folder of music, not a file")
        if self.network is not None:
            if self.network not in {path.stem for path in shipped()}:
                locate(self.network)
            check_data_root(data_settings(self.data))


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


def publish(log: run_log.RunLog, tables: Sequence[Table]) -> None:
    """Show the tables where the run is logged; numbers of those with one row are its summary."""
    for table in tables:
        columns = dict.fromkeys(name for row in table.rows for name in row)
        log.tell({table.name: [{name: row.get(name) for name in columns} for row in table.rows]})
        if len(table.rows) == 1:
            cells = table.rows[0].items()
            numbers = {f"{table.name}/{k}": v for k, v in cells if isinstance(v, int | float)}
            log.summarise(numbers)


def figures_of(tables: Sequence[Table]) -> dict[str, float]:
    """Name the numbers of the tables, for the table of a sweep: pieces_mean/notes.

    Where a table has several rows, each is named after its first word: network/lstm/bits. Tables
    with a row a photo or piece, which nothing names so, and those of faults are left out.
    """
    found: dict[str, float] = {}
    for table in tables:
        if len(table.rows) > MOST_ROWS or any("path" in row for row in table.rows):
            continue
        for row in table.rows:
            words = [cell for cell in row.values() if isinstance(cell, str)]
            name = "/".join([table.name, *(words[:1] if len(table.rows) > 1 else [])])
            for key, cell in row.items():
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    found.setdefault(f"{name}/{key}", cell)
    return found


def measure_photos(root: Path, face: Mapping[str, Any], jobs: int = 1) -> list[Table]:
    """Give one row a picture, a count and, where labels lie beside them, each axis's measures."""
    from mood2music.face.dataset.source import printable
    from mood2music.face.reading import labelled
    from mood2music.face.reading.photos import read_photos
    from mood2music.face.reading.reader import FaceReader, ReadSettings

    settings = parse(ReadSettings, face, "face")
    labels = labelled.labels(root)
    reader = FaceReader.from_settings(settings)
    rows = read_photos(root, reader, settings, labels.moods, jobs)
    found = [row for row in rows if row.found]
    count = {
        "photos": len(rows),
        "faces": len(found),
        "labelled": sum(row.path in labels.moods for row in found),
        "labels_left_out": len(labels.faults),
    }
    figures, confusion = labelled.measure_expressions(rows, labels)
    left_out: list[Mapping[str, Cell]] = [
        {"path": printable(path), "reason": reason} for path, reason in labels.faults
    ]
    return [
        Table("photos", [row.as_row() for row in rows]),
        Table("photos_counted", [count]),
        *_filled(Table("photos_measured", labelled.measure_photos(rows, labels.moods))),
        *_filled(Table("expressions_measured", figures)),
        *_filled(Table("expressions_confused", confusion)),
        *_filled(Table("photos_by_group", labelled.measure_groups(rows, labels))),
        *_filled(Table("labels_left_out", left_out)),
    ]


def measure_network(
    name: str, data: Mapping[str, Any], count: int, seed: int, contexts: Sequence[int] = ()
) -> list[Table]:
    """Give bits an event and a note on pieces not trained on, beside n-grams of those that were.

    name: a shipped network ("lstm", "lstm_jazz") or a checkpoint; `data.include` and
    `data.exclude` choose among the pieces that are scored; contexts: events that are read before
    those of a second table, none for no such table.
    """
    from mood2music.generator import context_bits, score
    from mood2music.generator import network as networks
    from mood2music.generator.parts import included
    from mood2music.generator.settings import MusicDataSettings
    from mood2music.store.prepare import prepare
    from mood2music.style.shipped import locate, shipped

    styles = {path.stem: path for path in shipped()}
    network, header = networks.load(styles.get(name) or locate(name))
    trained = header.get("data", {}).get("settings", {})
    # The pieces have to be read as the network's own were.
    same = {key: trained[key] for key in ("grid", "quantize") if key in trained}
    store = prepare(parse(MusicDataSettings, {**data, **same}, "data"))
    # Pieces that were trained on stay: near copies are known by them, and n-grams learn them.
    include, exclude = data.get("include") or [], data.get("exclude") or []
    out = {
        row.file for row in score.unseen(store, header)[0] if not included(row, include, exclude)
    }
    store = replace(store, pieces=[row for row in store.pieces if row.file not in out])
    rows = score.measure(network, header, store, count, seed)
    by_context = context_bits.measure(network, header, store, contexts, max(count // 16, 1), seed)
    return [Table("network", [dict(row) for row in rows]), *_filled(Table("contexts", by_context))]


def measure_pieces(folder: Path, quadrants: str | None = None) -> list[Table]:
    """Give one row of statistics a piece, their mean, and the files that cannot be read.

    quadrants: file of a judge whose probabilities are added. Raises CheckpointError for another.
    """
    from mood2music.judge.judges import columns
    from mood2music.judge.pieces import pieces_table
    from mood2music.judge.quadrants import QuadrantJudge, Quadrants

    own = columns(foreign=True)
    more = {}
    if quadrants is not None:
        more["quadrants"] = QuadrantJudge.load(Path(quadrants))
        own += [field.name for field in fields(Quadrants)]
    found = pieces_table(folder, more=more)
    if not found.rows:
        name, reason = next(iter(found.bad.items()))
        raise DataError(f"none of {len(found.bad)} files in {folder} can be read; {name}: {reason}")
    rows: list[dict[str, Cell]] = [dict(row.as_dict()) for row in found.rows]
    unread = [{"path": path, "reason": reason} for path, reason in found.bad.items()]
    return [
        Table("pieces", rows, (*SHOWN, *own)),
        Table("pieces_mean", [_mean(rows)], ("pieces", *SHOWN[1:3], *SHOWN[4:], *own)),
        *_filled(Table("pieces_unread", unread)),
    ]


def measure_beside(folder: Path, beside: Path, passage: int) -> list[Table]:
    """Give what the pieces measure beside real ones, and how surely the two are told apart."""
    from mood2music.judge.beside import compare

    found = compare(folder, beside, passage)
    unread = [{"path": path, "reason": reason} for path, reason in found.bad.items()]
    return [
        Table("beside", found.measures),
        *_filled(Table("beside_own_songs", found.own_songs)),
        *_filled(Table("beside_told_apart", found.told_apart)),
        *_filled(Table("beside_signs", found.signs)),
        *_filled(Table("beside_unread", unread)),
    ]


def measure_benchmark(benchmark: Mapping[str, Any], root: str | None, folder: Path) -> list[Table]:
    """Train and score what a paper's table asks for; checkpoints and logs go into `folder`."""
    from mood2music.generator.polymusic.settings import PolymusicSettings

    parse(PolymusicSettings, benchmark, "benchmark")
    # Lightning takes seconds to import, and only trainings need it.
    from mood2music.generator.polymusic import experiment as polymusic

    tables = polymusic.run(benchmark, Path(root) if root else None, folder)
    return [Table(name, rows) for name, rows in tables.items()]


def _mean(rows: Sequence[Mapping[str, Cell]]) -> dict[str, Cell]:
    """Mean of every column of numbers, of the rows that have one, after the count of rows."""
    columns = {
        name: [cell for row in rows if isinstance(cell := row[name], int | float)]
        for name in rows[0]
    }
    means = {name: sum(cells) / len(cells) for name, cells in columns.items() if cells}
    return {"pieces": len(rows), **means}


def _filled(table: Table) -> list[Table]:
    return [table] if table.rows else []


if __name__ == "__main__":
    main()
