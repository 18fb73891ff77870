"""Finds in AffectNet's folder, in either layout, the 50,000 + 10,000 faces to learn from."""

import io
import json
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from mood2music.command.ranges import at_least
from mood2music.errors import DataError, said_by
from mood2music.face.dataset.frame import read_frame
from mood2music.face.dataset.listing import number
from mood2music.face.dataset.pictures import Faces, Picture, cached, read
from mood2music.face.dataset.source import Source, open_source
from mood2music.face.dataset.split import Shares, uniform
from mood2music.face.labels import EXPRESSIONS
from mood2music.registry import register

log = logging.getLogger(__name__)

GET = (
    "ask for AffectNet at http://mohammadmahoor.com/affectnet/ (free for research), unpack it and "
    "set data.root to the folder with training.csv and validation.csv, or with train_set/ and "
    "val_set/; or use data=drawn"
)
NAME = "AffectNet"  # of the data set, in front of every group
FOLDERS = (
    "",
    "Manually_Annotated_Images",
    "Manually_Annotated/Manually_Annotated_Images",
    "images",
)
COLUMNS = ("subDirectory_filePath", "expression", "valence", "arousal")
ANNOTATION = 4096  # bytes of an array of one number, with room
BOX = ("face_x", "face_y", "face_width", "face_height")


@dataclass
class AffectNetSettings:
    """configs/data/affectnet.yaml.

    train_count, val_count: faces drawn from the training list, without overlap (the paper's 50,000
    and 10,000; all that there are when it holds fewer, in the same proportion); the published
    validation list is the test part.
    """

    name: str = "affectnet"
    root: str | None = None
    train_count: int = 50_000
    val_count: int = 10_000
    batch_size: int = 64

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        at_least(self, "data.", train_count=1, val_count=1, batch_size=1)


def load(settings: AffectNetSettings, seed: int) -> Faces:
    """Read the sampled faces, cached. Raises DataError when the folder is missing or another's."""
    if settings.root is None:
        raise DataError(f"data.root is not set: {GET}")
    settings.check()
    with open_source(Path(settings.root).expanduser(), GET) as source:
        counts = (settings.train_count, settings.val_count)
        key = json.dumps(["affectnet", source.fingerprint(), counts, seed])

        def make() -> Faces:
            training, validation, faults = listing(source)
            chosen = sample(training, *counts, seed)
            tests = [_in_part(picture, "test") for picture in validation]
            return read(chosen + tests, source.read, faults)

        return cached(key, make)


@register("face_data", "affectnet", AffectNetSettings)
def dealt(settings: AffectNetSettings, seed: int) -> tuple[Faces, Shares]:
    """Read the sampled faces; each knows its part."""
    table = load(settings, seed)
    return table, uniform(len(table), 0.0)


def listing(source: Source) -> tuple[list[Picture], list[Picture], list[tuple[str, str]]]:
    """List the training pictures, the validation pictures, and what was left out and why.

    Left out: valence or arousal of -2 (not annotated) or outside [-1, 1], and expressions that
    are none of the eight (8 none, 9 uncertain, 10 no face). Raises DataError for another layout.
    """
    names = set(source.names)
    lists = {part: _find(names, f"{part}.csv") for part in ("training", "validation")}
    if lists["training"] is not None:
        reader: Callable[[str], tuple[list[Picture], list[tuple[str, str]]]]
        reader = lambda part: _from_list(source, names, lists[part])  # noqa: E731
        training, validation = reader("training"), reader("validation")
    else:
        training, validation = _from_set(source, "train_set"), _from_set(source, "val_set")
    if not training[0]:
        raise DataError(f"{source.root} holds no AffectNet face with a valid mood: {GET}")
    return training[0], validation[0], training[1] + validation[1]


def sample(pictures: list[Picture], train: int, val: int, seed: int) -> list[Picture]:
    """Draw `train` and `val` pictures without overlap, fewer in proportion when too few."""
    if len(pictures) < 2:
        raise DataError(f"AffectNet's training list holds {len(pictures)} valid faces: {GET}")
    share = min(1.0, len(pictures) / (train + val))
    vals = max(1, int(val * share))
    trains = min(len(pictures) - vals, max(1, round(train * share)))
    if share < 1.0:
        log.warning("AffectNet has %d valid faces: %d + %d taken", len(pictures), trains, vals)
    order = np.random.default_rng(seed).permutation(len(pictures))
    drawn = [_in_part(pictures[i], "train") for i in order[:trains]]
    return drawn + [_in_part(pictures[i], "val") for i in order[trains : trains + vals]]


def _from_list(
    source: Source, names: set[str], table: str | None
) -> tuple[list[Picture], list[tuple[str, str]]]:
    """The original layout: a CSV list of paths, boxes and annotations."""
    if table is None:
        return [], []
    frame = read_frame(source, table, (*COLUMNS, *BOX))
    if missing := set(COLUMNS) - set(frame.columns):
        raise DataError(f"{table} lacks {', '.join(sorted(missing))}: not AffectNet's list; {GET}")
    base = PurePosixPath(table).parent
    pictures, faults = [], []
    boxed = set(BOX) <= set(frame.columns)
    for row in frame.to_dict("records"):
        told = str(row["subDirectory_filePath"])
        path = next((p for f in FOLDERS if (p := str(base / f / told)) in names), None)
        values = [number(row[column]) for column in COLUMNS[1:]]
        reason = _invalid(*values)
        box = [number(row[column]) for column in BOX] if boxed else []
        if not all(math.isfinite(edge) for edge in box):
            reason = reason or "its face box is no number"
        if path is None or reason:
            faults.append((told, reason or "in the list, not there"))
            continue
        expression, valence, arousal = values
        place = None
        if boxed:
            x, y, width, height = (int(edge) for edge in box)
            place = (x, y, x + width, y + height)
        group = f"{NAME}/{path}"
        pictures.append(Picture(path, valence, arousal, int(expression), group=group, box=place))
    return pictures, faults


def _from_set(source: Source, folder: str) -> tuple[list[Picture], list[tuple[str, str]]]:
    """The eight-label release: images/ID.jpg beside annotations/ID_{exp,val,aro}.npy."""
    pictures, faults = [], []
    names = set(source.names)
    for path in source.pictures():
        place = PurePosixPath(path)
        if len(place.parts) < 3 or place.parts[-3:-1] != (folder, "images"):
            continue
        notes = [
            f"{place.parents[1]}/annotations/{place.stem}_{k}.npy" for k in ("exp", "val", "aro")
        ]
        if not set(notes) <= names:
            faults.append((path, "no annotation beside it"))
            continue
        try:
            values = [_annotation(source.read(note)) for note in notes]
        except DataError as error:
            faults.append((path, str(error)))
            continue
        if reason := _invalid(*values):
            faults.append((path, reason))
            continue
        pictures.append(Picture(path, values[1], values[2], int(values[0]), group=f"{NAME}/{path}"))
    return pictures, faults


def _annotation(data: bytes) -> float:
    """Read one number, which the release stores as an array of one string."""
    if len(data) > ANNOTATION:
        raise DataError(f"its annotation has {len(data):,} bytes, expected one number")
    try:
        return float(np.load(io.BytesIO(data), allow_pickle=False))
    # A header of numpy's format may say anything: ValueError, SyntaxError, MemoryError and more.
    except Exception as error:
        raise DataError(f"its annotation cannot be read: {said_by(error)}") from error


def _invalid(expression: float, valence: float, arousal: float) -> str:
    if expression not in range(len(EXPRESSIONS)):
        return f"expression {expression:g} is none of the eight"
    if not (-1 <= valence <= 1 and -1 <= arousal <= 1):
        return f"valence {valence:g}, arousal {arousal:g} is not annotated"
    return ""


def _find(names: set[str], file: str) -> str | None:
    found = sorted((n for n in names if PurePosixPath(n).name == file), key=lambda n: n.count("/"))
    return found[0] if found else None


def _in_part(picture: Picture, part: str) -> Picture:
    mood = picture.valence, picture.arousal
    return Picture(picture.path, *mood, picture.expression, part, picture.group, picture.box)
