"""A folder or zip of photos comes in; a row a photo, and figures where labels lie by, go out."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from tqdm import tqdm

from mood2music.errors import DataError, InputError
from mood2music.face import metrics
from mood2music.face.detect import DetectSettings, crop, detect
from mood2music.face.image import decode
from mood2music.face.listing import from_folders, listing
from mood2music.face.predict import FaceReader
from mood2music.face.settings import AXES
from mood2music.face.source import TABLES, open_source
from mood2music.mood import Mood

GET = "set photos to a folder or zip of pictures (JPEG, PNG, WebP)"


@dataclass(frozen=True)
class PhotoRow:
    """One photo; without a face valence and arousal are None, and error says why."""

    path: str
    found: bool
    valence: float | None
    arousal: float | None
    error: str = ""


def read_photos(root: Path, reader: FaceReader, settings: DetectSettings) -> list[PhotoRow]:
    """Read the mood of the largest face in every picture under `root`, in the order of the paths.

    For pictures that are faces already (FER2013's 48 x 48) set detector=none. Raises DataError
    when there is no picture; a broken one, or one without a face, becomes a row with its reason.
    """
    margin = settings.margin if settings.detector != "none" else 0.0
    crops, failed = {}, {}
    with open_source(root, GET, "photos") as source:
        names = source.pictures()
        if not names:
            raise DataError(f"no picture in photos={root}: {GET}")
        for name in tqdm(names, desc="photos", unit=" photos", disable=len(names) < 20):
            try:
                pixels = decode(source.read(name), name)
                crops[name] = crop(pixels, detect(pixels, settings, name)[0], margin=margin)
            except (InputError, OSError, KeyError, zipfile.BadZipFile) as error:
                failed[name] = str(error)
    moods = (
        dict(zip(crops, reader.moods(np.stack(list(crops.values()))), strict=True)) if crops else {}
    )
    return [
        PhotoRow(name, True, float(moods[name][0]), float(moods[name][1]))
        if name in moods
        else PhotoRow(name, False, None, None, failed[name])
        for name in names
    ]


def labels(root: Path) -> dict[str, Mood]:
    """Read the labels beside photos: labels.csv, or folders named after expressions (class means).

    Gives {} when there are none. Raises DataError for a labels.csv without path, valence, arousal.
    """
    with open_source(root, GET, "photos") as source:
        tables = [n for n in source.names if PurePosixPath(n).stem == "labels"]
        tables = [n for n in tables if n.lower().endswith(TABLES)]
        pictures, _ = listing(source, tables[0]) if tables else from_folders(source)
    return {picture.path: Mood(picture.valence, picture.arousal) for picture in pictures}


def measure_photos(
    rows: Sequence[PhotoRow], truth: Mapping[str, Mood]
) -> list[dict[str, float | str]]:
    """Measure the rows that have a face and a label: a row an axis and predictor (metrics).

    The constant predictor says the labels' own mean. Gives [] when no row has both.
    """
    both = [row for row in rows if row.found and row.path in truth]
    if not both:
        return []
    true = {a: np.asarray([getattr(truth[row.path], a) for row in both]) for a in AXES}
    read = {a: np.asarray([getattr(row, a) for row in both]) for a in AXES}
    return metrics.beside_constant(true, read)
