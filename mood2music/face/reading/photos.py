"""Reads a folder or zip of photos: a row a photo, and figures where labels lie by."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from tqdm import tqdm

from mood2music.errors import DataError, InputError
from mood2music.face import metrics
from mood2music.face.dataset.listing import Faults, from_folders, from_table
from mood2music.face.dataset.source import TABLES, open_source, printable
from mood2music.face.network.settings import AXES
from mood2music.face.picture.detect import find_faces
from mood2music.face.picture.image import decode_photo
from mood2music.face.reading.reader import FaceReader, ReadSettings
from mood2music.face.reading.views import views
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


@dataclass(frozen=True)
class Labels:
    """Moods that lie beside photos, by the photo's path; faults: rows of the table left out."""

    moods: Mapping[str, Mood]
    faults: Faults


def read_photos(
    root: Path, reader: FaceReader, settings: ReadSettings, also: Collection[str] = ()
) -> list[PhotoRow]:
    """Read the mood of the largest face in every picture under `root`, in the order of the paths.

    A picture is what is called one, in whatever case, or stands in `also`. For pictures that are
    faces already (FER2013's 48 x 48) set detector=none. Raises DataError when there is no picture;
    a broken one, or one without a face, becomes a row with its reason.
    """
    settings.check()
    crops, failed = {}, {}
    with open_source(root, GET, "photos") as source:
        names = sorted({*source.pictures(), *also})
        if not names:
            raise DataError(f"no picture in photos={root}: {GET}")
        for name in tqdm(names, desc="photos", unit=" photos", disable=len(names) < 20):
            try:
                photo = decode_photo(source.read(name), printable(name), settings.enough)
                found = find_faces(photo.pixels, settings, printable(name))
                box, margin = found.boxes[0], settings.crop_margin
                crops[name] = views(found.pixels, box, margin, settings.tta)
            except (InputError, DataError) as error:
                failed[name] = str(error)
    moods = {}
    if crops:
        each = np.stack(list(crops.values()))
        read = reader.moods(each.reshape(-1, *each.shape[2:])).reshape(*each.shape[:2], -1)
        moods = dict(zip(crops, read.mean(1), strict=True))
    return [
        PhotoRow(name, True, float(moods[name][0]), float(moods[name][1]))
        if name in moods
        else PhotoRow(name, False, None, None, failed[name])
        for name in names
    ]


def labels(root: Path) -> Labels:
    """Read the labels beside photos: labels.csv, or folders named after expressions (class means).

    Raises DataError for a labels.csv without path, valence, arousal.
    """
    with open_source(root, GET, "photos") as source:
        tables = [n for n in source.names if PurePosixPath(n).stem.lower() == "labels"]
        tables = [n for n in tables if n.lower().endswith(TABLES)]
        if tables:
            pictures, faults = from_table(source, tables[0])
        else:
            pictures, faults = from_folders(source)[0], []
    moods = {picture.path: Mood(picture.valence, picture.arousal) for picture in pictures}
    return Labels(moods, faults)


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
