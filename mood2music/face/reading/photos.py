"""Reads a folder or zip of photos: a row a photo, with a mood or the reason why there is none."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from tqdm import tqdm

from mood2music.errors import DataError, InputError
from mood2music.face.dataset.source import Source, open_source, printable
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.network.settings import AXES
from mood2music.face.picture.detect import find_faces
from mood2music.face.picture.image import decode_photo
from mood2music.face.reading.doubt import entropy, is_sure
from mood2music.face.reading.hidden import Hidden, find_hidden
from mood2music.face.reading.predictor import FacePixels, cores
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings
from mood2music.face.reading.views import mirrored, views

OWN = ("auto", "yunet", "dlib", "none")  # detectors
MANY = 100  # photos from which processes of their own are worth their start
GET = "set photos to a folder or zip of pictures (JPEG, PNG, WebP)"


@dataclass(frozen=True)
class PhotoRow:
    """One photo; without a face valence and arousal are None, and error says why.

    expressions: probability of each, {} when the networks tell none; hidden: probabilities that
    parts of the face are, None without a face; sure: whether entropy and hidden mouth are at most
    what the settings say.
    """

    path: str
    found: bool
    valence: float | None
    arousal: float | None
    error: str = ""
    expressions: Mapping[str, float] = field(default_factory=dict)
    hidden: Hidden | None = None
    sure: bool = True

    def as_row(self) -> dict[str, str | float | bool | None]:
        """What a table tells: the likeliest expression, the entropy of all in nats, and doubts."""
        told = self.expressions
        return {
            "path": printable(self.path),
            "found": self.found,
            "valence": self.valence,
            "arousal": self.arousal,
            "expression": max(told, key=lambda name: told[name]) if told else None,
            "entropy": entropy(told),
            "mouth_hidden": None if self.hidden is None else self.hidden.mouth,
            "eyes_hidden": None if self.hidden is None else self.hidden.eyes,
            "sure": self.sure if self.found else None,
            "error": self.error,
        }


def read_photos(
    root: Path,
    reader: FaceReader,
    settings: ReadSettings,
    also: Collection[str] = (),
    jobs: int = 1,
) -> list[PhotoRow]:
    """Read the mood of the largest face in every picture under `root`, in the order of the paths.

    A picture is what is called one, in whatever case, or stands in `also`. jobs: processes that
    find the faces; 0: one a core, where there are a hundred photos and more. For pictures that are
    faces already (FER2013's 48 x 48) set detector=none. Raises DataError when there is no picture;
    a broken one, or one without a face, becomes a row with its reason.
    """
    settings.check()
    crops, failed = {}, {}
    with open_source(root, GET, "photos") as source:
        names = sorted({*source.pictures(), *also})
        if not names:
            raise DataError(f"no picture in photos={root}: {GET}")
        read = (_bytes(source, name) for name in names)
        for name, cut in zip(
            names,
            tqdm(
                _cuts(read, names, settings, reader.size, jobs),
                desc="photos",
                unit=" photos",
                total=len(names),
                disable=len(names) < 20,
            ),
            strict=True,
        ):
            if isinstance(cut, str):
                failed[name] = cut
            else:
                crops[name] = cut
    rows = {name: PhotoRow(name, False, None, None, reason) for name, reason in failed.items()}
    if crops:
        each = np.stack(list(crops.values()))
        told = mirrored(reader.predictors, each.reshape(-1, *each.shape[2:]))
        covered = find_hidden(each[:, 0])
        means = {output: row.reshape(each.shape[:2]).mean(1) for output, row in told.items()}
        for place, name in enumerate(crops):
            valence, arousal = (float(means[axis][place]) for axis in AXES)
            hidden = Hidden(*map(float, covered[place]))
            seen = {e: float(means[e][place]) for e in EXPRESSIONS if e in means}
            each_one = reader.expressions(seen, hidden, settings.hidden)
            sure = is_sure(entropy(each_one), hidden.mouth, settings.uncertain, settings.hidden)
            rows[name] = PhotoRow(name, True, valence, arousal, "", each_one, hidden, sure)
    return [rows[name] for name in names]


def _bytes(source: Source, name: str) -> bytes | str:
    """A picture's bytes, or why they cannot be read."""
    try:
        return source.read(name)
    except (InputError, DataError) as error:
        return str(error)


def _cuts(
    read: Iterable[bytes | str],
    names: Sequence[str],
    settings: ReadSettings,
    size: int,
    jobs: int,
) -> Iterator[FacePixels | str]:
    """Cut a face out of each picture, in this process or, in the same order, in several."""
    if jobs == 0:
        jobs = cores() if len(names) >= MANY else 1
    told = map(printable, names)
    # Processes of their own know no detector that a plugin registered.
    if jobs == 1 or settings.detector not in OWN:
        for data, name in zip(read, told, strict=True):
            yield _cut(data, name, settings, size)
        return
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    pairs = zip(read, told, strict=True)
    try:
        work = (delayed(_cut)(data, name, settings, size) for data, name in pairs)
        yield from Parallel(jobs, return_as="generator")(work)
    finally:
        get_reusable_executor().shutdown(wait=True)  # idle workers would stay for minutes


def _cut(data: bytes | str, name: str, settings: ReadSettings, size: int) -> FacePixels | str:
    """Cut the largest face out of a picture's bytes: (views, size, size); or why there is none."""
    if isinstance(data, str):
        return data
    try:
        photo = decode_photo(data, name, settings.enough)
        found = find_faces(photo.pixels, settings, name)
        return views(found.pixels, found.boxes[0], found.margin, settings.tta, size)
    except (InputError, DataError) as error:
        return str(error)
