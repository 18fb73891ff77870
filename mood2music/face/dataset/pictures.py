"""Reads labelled pictures into one array of small grey faces, cached on disk."""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from mood2music.brief import brief
from mood2music.errors import DataError, ImageError
from mood2music.face.dataset.images import Images, JoinedImages
from mood2music.face.dataset.source import printable
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.picture.detect import SIZE, Box, crop, whole
from mood2music.face.picture.image import decode
from mood2music.files import atomically, cache_folder

log = logging.getLogger(__name__)

LAYOUT = 3  # raise it when what the cache holds changes
CHUNK = 4096  # faces read at once
UNKNOWN = -1  # an expression that the data set does not tell
_ARRAYS = ("images", "moods", "expressions", "votes")


@dataclass(frozen=True)
class Picture:
    """A labelled picture before it is read.

    path: its name inside its root; valence, arousal in [-1, 1]; expression: AffectNet's code or
    UNKNOWN; part: train, val, test or "" (not said); group: pictures of one group stay together
    when split; box: the face's place, None for the whole picture; votes: how many people told each
    of the eight expressions, () where nobody was asked.
    """

    path: str
    valence: float
    arousal: float
    expression: int = UNKNOWN
    part: str = ""
    group: str = ""
    box: tuple[int, int, int, int] | None = None
    votes: tuple[float, ...] = ()


@brief
@dataclass(frozen=True)
class Faces:
    """Decoded faces and their labels, one row a picture.

    images: (N, size, size) uint8, 49 unless others were asked for, memory maps where cached; moods:
    (N, 2) float32, valence and arousal; expressions: (N,) int64; paths, parts, groups: N each;
    skipped: path and reason; votes: (N, 8) float32, how many people told each
    expression, None where nobody was asked.
    """

    images: Images
    moods: npt.NDArray[np.float32]
    expressions: npt.NDArray[np.int64]
    paths: list[str]
    parts: list[str]
    groups: list[str]
    skipped: list[tuple[str, str]] = field(default_factory=list)
    votes: npt.NDArray[np.float32] | None = None

    def __len__(self) -> int:
        """Count the faces."""
        return len(self.paths)

    def shares(self) -> npt.NDArray[np.float32]:
        """Share of the votes that each expression has, (N, 8) float32, each row's sum 1.

        Without votes all goes to the expression itself; where that is unknown too, a row is 0.
        """
        known = self.expressions >= 0
        told = np.zeros((len(self), len(EXPRESSIONS)), dtype=np.float32)
        told[known, self.expressions[known]] = 1.0
        if self.votes is None:
            return told
        sums = self.votes.sum(1, keepdims=True)
        return np.where(sums > 0, self.votes / np.maximum(sums, 1e-9), told)


def cached(key: str, make: Callable[[], Faces], size: int = SIZE) -> Faces:
    """Give the faces stored under `key`, which tells data sets apart, or make and store them.

    size: pixels a side of those that are made.
    """
    folder = cache_folder() / "faces"
    stem = hashlib.sha256(f"{LAYOUT} {size} {key}".encode()).hexdigest()[:16]
    pixels, table = folder / f"{stem}.npy", folder / f"{stem}.json"
    if not (pixels.is_file() and table.is_file()):
        made = make()
        with atomically(pixels) as unfinished:
            np.save(unfinished, made.images[np.arange(len(made))])
        rest = {k: v for k, v in vars(made).items() if k not in _ARRAYS}
        rest |= {"moods": made.moods.tolist(), "expressions": made.expressions.tolist()}
        rest["votes"] = None if made.votes is None else made.votes.tolist()
        with atomically(table) as unfinished:
            unfinished.write_text(json.dumps(rest))
        log.info("%d faces stored in %s", len(made), pixels)
    stored = json.loads(table.read_text())
    faces = Faces(
        np.load(pixels, mmap_mode="r"),
        np.asarray(stored["moods"], dtype=np.float32).reshape(-1, 2),
        np.asarray(stored["expressions"], dtype=np.int64),
        stored["paths"],
        stored["parts"],
        stored["groups"],
        [(path, reason) for path, reason in stored["skipped"]],
        None if stored["votes"] is None else np.asarray(stored["votes"], dtype=np.float32),
    )
    _report(faces, table)
    return faces


def read(
    pictures: Sequence[Picture],
    open_file: Callable[[str], bytes],
    skipped: Sequence[tuple[str, str]] = (),
    size: int = SIZE,
) -> Faces:
    """Decode `pictures` to grey faces of `size` pixels a side; those not read join `skipped`.

    open_file: gives a picture's bytes, or raises DataError or OSError. Raises DataError when
    none can be read.
    """
    faults = list(skipped)
    kept: list[Picture] = []
    images = np.empty((len(pictures), size, size), dtype=np.uint8)
    for picture in tqdm(pictures, desc="faces", unit=" pictures", disable=len(pictures) < 500):
        try:
            pixels = decode(open_file(picture.path), printable(picture.path))
            box = Box(*picture.box) if picture.box is not None else whole(pixels)
            images[len(kept)] = (crop(pixels, box, size) * 255).round()
        except (ImageError, DataError, OSError) as error:
            faults.append((printable(picture.path), str(error)))
            continue
        kept.append(picture)
    if not kept:
        first = f" ({faults[0][0]}: {faults[0][1]})" if faults else ""
        raise DataError(f"no readable labelled picture among {len(faults)}{first}")
    return Faces(
        images[: len(kept)],
        np.asarray([(p.valence, p.arousal) for p in kept], dtype=np.float32),
        np.asarray([p.expression for p in kept], dtype=np.int64),
        [p.path for p in kept],
        [p.part for p in kept],
        [p.group for p in kept],
        faults,
        _votes(kept),
    )


def join(tables: Sequence[Faces]) -> Faces:
    """Put several tables under one another."""
    if len(tables) == 1:
        return tables[0]
    return Faces(
        JoinedImages([t.images for t in tables]),
        np.concatenate([t.moods for t in tables]),
        np.concatenate([t.expressions for t in tables]),
        [p for t in tables for p in t.paths],
        [p for t in tables for p in t.parts],
        [g for t in tables for g in t.groups],
        [s for t in tables for s in t.skipped],
        None
        if all(t.votes is None for t in tables)
        else np.concatenate([t.shares() if t.votes is None else t.votes for t in tables]),
    )


def fingerprint(faces: Faces, rows: npt.NDArray[np.int64] | None = None) -> str:
    """SHA-256 of pixels and labels (of `rows`): says which data a network was trained on."""
    chosen = np.arange(len(faces)) if rows is None else rows
    digest = hashlib.sha256()
    for start in range(0, len(chosen), CHUNK):
        digest.update(np.ascontiguousarray(faces.images[chosen[start : start + CHUNK]]).tobytes())
    digest.update(faces.moods[chosen].tobytes() + faces.expressions[chosen].tobytes())
    if faces.votes is not None:
        digest.update(faces.votes[chosen].tobytes())
    return digest.hexdigest()


def _votes(pictures: Sequence[Picture]) -> npt.NDArray[np.float32] | None:
    """Put the votes under one another; None where no picture has any."""
    if not any(picture.votes for picture in pictures):
        return None
    none = (0.0,) * len(EXPRESSIONS)
    return np.asarray([picture.votes or none for picture in pictures], dtype=np.float32)


def _report(faces: Faces, table: Path) -> None:
    if faces.skipped:
        for path, reason in faces.skipped[:10]:
            log.warning("skipped %s: %s", path, reason)
        log.warning("%d of %d pictures skipped, all listed in %s",
                    len(faces.skipped), len(faces.skipped) + len(faces), table)  # fmt: skip
