"""Measure photos, a network or pieces: `python -m mood2music.evaluate pieces=folder`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

import mood2music
from mood2music.entrypoint import entrypoint
from mood2music.errors import DataError, SettingsError, UnknownNameError
from mood2music.render.report import Cell, Table, as_text, write_report
from mood2music.settings import parse

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

    photos: a folder or zip of pictures, read as `face` says; network: a shipped network's name or
    a checkpoint, scored on `events` events of the pieces of `data` that it was not trained on,
    drawn with `seed`; pieces: a folder of music files.
    """

    photos: str | None = None
    network: str | None = None
    pieces: str | None = None
    events: int = 8192
    seed: int = 0
    face: Any = None
    data: Any = None
    seed: int = 0


@entrypoint("evaluate")
def main(config: DictConfig) -> None:
    """Measure what was asked, print the tables, write report.json and report.csv."""
    settings = parse(EvaluateSettings, config)
    tables: list[Table] = []
    if settings.photos is not None:
        tables += measure_photos(Path(settings.photos), settings.face)
    if settings.network is not None:
        tables += measure_network(settings.network, settings.data, settings.events, settings.seed)
    if settings.pieces is not None:
        tables += measure_pieces(Path(settings.pieces))
    if not tables:
        raise SettingsError(
            "nothing to evaluate: pass photos=folder_or_zip, pieces=folder, or "
            "network=name_or_checkpoint data=midi data.root=folder"
        )
    asked = {name: getattr(settings, name) for name in ("photos", "network", "pieces")}
    facts = {"mood2music": mood2music.__version__, "settings": {**asked, "face": settings.face}}
    folder = Path(HydraConfig.get().runtime.output_dir)
    report = write_report(tables, folder, facts)
    for table in tables:
        print(as_text(table), end="\n\n")
    print(report)


def measure_photos(root: Path, face: Mapping[str, Any]) -> list[Table]:
    """Give one row a picture, a count and, where labels lie beside them, each axis's measures."""
    from mood2music.face import photos
    from mood2music.face.predict import FaceReader, ReadSettings

    settings = parse(ReadSettings, face, "face")
    truth = photos.labels(root)
    rows = photos.read_photos(root, FaceReader.from_settings(settings), settings)
    found = [row for row in rows if row.found]
    count = {
        "photos": len(rows),
        "faces": len(found),
        "labelled": sum(row.path in truth for row in found),
    }
    return [
        Table("photos", [vars(row) for row in rows]),
        Table("photos_counted", [count]),
        *_filled(Table("photos_measured", photos.measure_photos(rows, truth))),
    ]


def measure_network(name: str, data: Mapping[str, Any], count: int, seed: int) -> list[Table]:
    """Give bits an event and a note on pieces not trained on, beside a bigram of those that were."""
    from mood2music.generator import network as networks
    from mood2music.generator.score import measure
    from mood2music.music.prepare import MusicSourceSettings, prepare
    from mood2music.style.networks import locate

    network, header = networks.load(locate(name))
    trained = header["data"]["settings"]
    # The pieces have to be read as the network's own were.
    source = {key: data[key] for key in MusicSourceSettings.__dataclass_fields__ if key in data}
    same = {key: trained[key] for key in ("grid", "quantize")}
    store = prepare(parse(MusicSourceSettings, {**source, **same}, "data"))
    return [Table("network", [dict(row) for row in measure(network, header, store, count, seed)])]


def measure_network(name: str, data: Mapping[str, Any], seed: int = 0) -> list[Table]:
    """Give bits an event and a note on pieces not trained on, of the network and of a bigram.

    The music is read on the grid the network was trained on; `data.include` and `data.exclude`
    choose among the pieces that are scored. Raises UnknownNameError, CheckpointError or DataError.
    """
    from mood2music.generator import network as networks
    from mood2music.generator import score
    from mood2music.generator.task import MusicDataSettings
    from mood2music.music.prepare import prepare

    path = find_network(name)
    wanted = parse(MusicDataSettings, data, "data")
    network, header = networks.load(path)
    trained = header.get("data", {}).get("settings", {})
    wanted.grid = trained.get("grid", wanted.grid)
    wanted.quantize = trained.get("quantize", wanted.quantize)
    store = prepare(wanted)
    # Pieces that were trained on stay: near copies are known by them, and the bigram learns them.
    out = {
        row.file
        for row in score.unseen(store, header)[0]
        if (wanted.include and not _listed(row.file, wanted.include))
        or _listed(row.file, wanted.exclude)
    }
    store = replace(store, pieces=[row for row in store.pieces if row.file not in out])
    return [Table("network", score.measure(network, header, store, wanted.scored, seed))]


def find_network(name: str) -> Path:
    """Give the file of a shipped network ("lstm", "lstm_jazz") or of a checkpoint's path.

    Raises UnknownNameError, naming near ones, for anything else.
    """
    from mood2music.generator.network import ENCODERS
    from mood2music.style.networks import shipped

    known = {path.stem.removesuffix("_base"): path for model in ENCODERS for path in shipped(model)}
    stem = name.removesuffix("_base")
    if stem in known:
        return known[stem]
    if Path(name).suffix == ".safetensors" or Path(name).is_file():
        return Path(name)
    near = get_close_matches(name, known, 3, 0.5)
    hint = f"did you mean {' or '.join(near)}" if near else f"expected {', '.join(known)}"
    raise UnknownNameError(f"network={name}: {hint}, or the path of a checkpoint")


def _listed(file: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(file, pattern) for pattern in patterns)


def measure_pieces(folder: Path) -> list[Table]:
    """Give one row of statistics a piece, their mean, and the files that cannot be read."""
    from mood2music.judge.pieces import pieces_table

    found = pieces_table(folder)
    if not found.rows:
        name, reason = next(iter(found.bad.items()))
        raise DataError(f"none of {len(found.bad)} files in {folder} can be read; {name}: {reason}")
    rows: list[dict[str, Cell]] = [dict(row.as_dict()) for row in found.rows]
    unread = [{"path": path, "reason": reason} for path, reason in found.bad.items()]
    return [
        Table("pieces", rows, SHOWN),
        Table("pieces_mean", [_mean(rows)], ("pieces", *SHOWN[1:3], *SHOWN[4:])),
        *_filled(Table("pieces_unread", unread)),
    ]


def _mean(rows: Sequence[Mapping[str, Cell]]) -> dict[str, Cell]:
    """Mean of every column of numbers, after the count of rows."""
    columns = {
        name: [cell for row in rows if isinstance(cell := row[name], int | float)]
        for name in rows[0]
    }
    means = {name: sum(cells) / len(rows) for name, cells in columns.items() if cells}
    return {"pieces": len(rows), **means}


def _filled(table: Table) -> list[Table]:
    return [table] if table.rows else []


if __name__ == "__main__":
    main()
