"""How far a mood moves when its picture is altered, when a person smiles, and how sure it is.

    python -m experiments.face_sense.measure faces=FOLDER

Their test part is altered, 48 x 48 pixels as the networks see them. Writes altered.csv, bent.csv
(neutral faces of FER+'s test part given an expression), drawn.csv (the same of drawn people),
cheeks.csv (FER+'s test part by the grey of the cheeks) and spread.csv (DiffusionFER's test part
with face.tta, in its 224 x 224 pixels) beside this file.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image
from scipy import ndimage
from scipy.stats import spearmanr

from experiments.face_sense.warp import SMILE, open_mouthed, smiling, wide_eyed
from experiments.fer import SYNTHETIC, read_faces
from experiments.measuring import measuring
from mood2music.face import metrics
from mood2music.face.dataset.data import FaceData
from mood2music.face.dataset.sets.drawn import draw
from mood2music.face.dataset.source import open_source
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.network.settings import AXES
from mood2music.face.picture.image import decode
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings

HERE = Path(__file__).parent
Face = npt.NDArray[np.uint8]
# Rows and columns of a 48 x 48 crop that hold the cheeks of a frontal face.
CHEEKS = ((slice(27, 34), slice(9, 16)), (slice(27, 34), slice(32, 39)))


def rotated(face: Face, degrees: float) -> Face:
    """Turn a face about its middle; its border is repeated."""
    turned: Face = ndimage.rotate(face, degrees, reshape=False, order=1, mode="nearest")
    return turned


def compressed(face: Face, quality: int) -> Face:
    """Write a face as JPEG and read it again."""
    out = io.BytesIO()
    Image.fromarray(face).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(io.BytesIO(out.getvalue())))


ALTERED: dict[str, Callable[[Face], Face]] = {
    "mirrored": lambda face: face[:, ::-1],
    "rotated by 5 degrees": lambda face: rotated(face, 5),
    "rotated by 10 degrees": lambda face: rotated(face, 10),
    "darker by 30 %": lambda face: (face * 0.7).astype(np.uint8),
    "darker by 50 %": lambda face: (face * 0.5).astype(np.uint8),
    "JPEG of quality 40": lambda face: compressed(face, 40),
    "moved by a pixel": lambda face: np.pad(face, ((0, 0), (1, 0)), mode="edge")[:, :-1],
}
BENT: dict[str, Callable[[Face], Face]] = {
    "a smile": smiling,
    "corners of the mouth down": lambda face: smiling(face, -SMILE),
    "wide eyes": wide_eyed,
    "an open mouth": open_mouthed,
    "wide eyes and an open mouth": lambda face: open_mouthed(wide_eyed(face)),
}
# Smile, brows, eyes, mouth (mood2music/face/dataset/sets/drawn.py): from one expression to another.
DRAWN = {
    "a smile": ((0.0, 0.0, 0.0, -1.0), (1.0, 0.0, 0.0, -1.0)),
    "corners of the mouth down": ((0.0, 0.0, 0.0, -1.0), (-1.0, 0.0, 0.0, -1.0)),
    "wide eyes and an open mouth": ((0.0, 0.0, -0.5, -1.0), (0.0, 0.0, 1.0, 1.0)),
}


@dataclass
class Settings:
    """faces: folder of FER+'s and DiffusionFER's zips; weights: null for the shipped.

    most: faces that are altered, and that are bent; people: drawn.
    """

    faces: Path
    weights: list[Path] | None
    most: int
    people: int


@measuring
def main(asked: Settings) -> None:
    """Measure all five and write the tables."""
    reader = FaceReader.load(asked.weights)
    faces = read_faces(asked.faces, seed=0)
    rows = [r for r in faces.parts.test if not faces.table.groups[r].startswith(SYNTHETIC)]
    images = faces.table.images[np.array(rows[: asked.most])]
    tables = {
        "altered": altered(reader, images),
        "bent": bent(reader, faces, asked.most),
        "drawn": drawn(reader, asked.people),
        "cheeks": cheeks(reader, faces),
        "spread": spread(reader, asked.faces / SYNTHETIC, faces),
    }
    for name, rows in tables.items():
        table = pd.DataFrame(rows).round(4)
        table.to_csv(HERE / f"{name}.csv", index=False)
        print(table.to_string(index=False), end="\n\n")


def altered(reader: FaceReader, images: Face) -> list[dict[str, float | str]]:
    """How far each alteration moves each axis: median and 95 % quantile over faces (N, 48, 48)."""
    before = reader.moods(images.astype(np.float32) / 255)
    rows: list[dict[str, float | str]] = []
    for name, alter in ALTERED.items():
        faces = np.stack([alter(face) for face in images]).astype(np.float32) / 255
        moved = np.abs(reader.moods(faces) - before)
        for column, axis in enumerate(AXES):
            far = moved[:, column]
            rows.append(
                {"altered": name, "axis": axis, "faces": len(far), "median": float(np.median(far)),
                 "quantile_95": float(np.quantile(far, 0.95))}
            )  # fmt: skip
    return rows


def bent(reader: FaceReader, faces: FaceData, most: int) -> list[dict[str, float | str]]:
    """How an expression changes the mood of the same real people: median, share that rises."""
    table = faces.table
    neutral = EXPRESSIONS.index("neutral")
    rows = np.array(
        [
            row
            for row in faces.parts.test
            if table.expressions[row] == neutral and not table.groups[row].startswith(SYNTHETIC)
        ][:most]
    )
    images = table.images[rows]
    before = reader.moods(images.astype(np.float32) / 255)
    found: list[dict[str, float | str]] = []
    for name, bend in BENT.items():
        after = reader.moods(np.stack([bend(face) for face in images]).astype(np.float32) / 255)
        found += gains(name, before, after)
    return found


def gains(
    name: str, before: npt.NDArray[np.float32], after: npt.NDArray[np.float32]
) -> list[dict[str, float | str]]:
    """A row an axis of moods (N, 2) before and after a change."""
    return [
        {
            "change": name,
            "axis": axis,
            "people": len(before),
            "median": float(np.median(after[:, column] - before[:, column])),
            "share_that_rises": float((after[:, column] > before[:, column]).mean()),
        }
        for column, axis in enumerate(AXES)
    ]


def drawn(reader: FaceReader, people: int) -> list[dict[str, float | str]]:
    """How an expression changes the mood of the same drawn people: median, share that rises."""
    rows: list[dict[str, float | str]] = []
    for name, expressions in DRAWN.items():
        before, after = (
            reader.moods(
                np.stack(
                    [draw(np.array(traits), np.random.default_rng(n)) for n in range(people)]
                ).astype(np.float32) / 255
            )
            for traits in expressions
        )  # fmt: skip
        rows += gains(name, before, after)
    return rows


def cheeks(reader: FaceReader, faces: FaceData) -> list[dict[str, float | str]]:
    """How FER+'s photos are read by the grey of the cheeks, of which light and skin have a share.

    A row a third of the photos: rmse of each axis, and the smile's gap in valence, told and true:
    median of the happy faces less that of the neutral ones.
    """
    table = faces.table
    rows = np.array([r for r in faces.parts.test if not table.groups[r].startswith(SYNTHETIC)])
    images, truth, expressions = table.images[rows], table.moods[rows], table.expressions[rows]
    parts = [images[:, down, across].reshape(len(rows), -1) for down, across in CHEEKS]
    greys = np.median(np.concatenate(parts, axis=1), axis=1)
    told = reader.moods(images.astype(np.float32) / 255)
    third = np.digitize(greys, np.quantile(greys, [1 / 3, 2 / 3]))
    found: list[dict[str, float | str]] = []
    for number, name in enumerate(("dark", "middle", "light")):
        here = third == number
        happy, neutral = (
            here & (expressions == EXPRESSIONS.index(e)) for e in ("happiness", "neutral")
        )
        gap_told, gap_true = (
            float(np.median(moods[happy, 0]) - np.median(moods[neutral, 0]))
            for moods in (told, truth)
        )
        found.append(
            {
                "cheeks": name,
                "faces": int(here.sum()),
                "grey_from": float(greys[here].min()),
                "grey_to": float(greys[here].max()),
                "valence_rmse": metrics.rmse(truth[here, 0], told[here, 0]),
                "arousal_rmse": metrics.rmse(truth[here, 1], told[here, 1]),
                "smile_gap_told": gap_told,
                "smile_gap_true": gap_true,
            }
        )
    return found


def spread(reader: FaceReader, archive: Path, faces: FaceData) -> list[dict[str, float | str]]:
    """Errors with and without tta, and what tta's spread says about them.

    rank_correlation: Spearman's, of spread and error; error_of_the_tenth, error_of_the_rest: mean
    errors of the tenth of the faces with the largest spread, and of the others.
    """
    table = faces.table
    rows = [row for row in faces.parts.test if table.groups[row].startswith(SYNTHETIC)]
    settings = ReadSettings(detector="none", tta=True)
    with open_source(archive, "") as source:
        pictures = [decode(source.read(table.paths[row]), table.paths[row]) for row in rows]
    read = [reader.read_mood(picture, settings).faces[0] for picture in pictures]
    plain = reader.moods(table.images[np.asarray(rows)].astype(np.float32) / 255)
    found: list[dict[str, float | str]] = []
    for column, axis in enumerate(AXES):
        truth = table.moods[rows, column]
        told = np.array([getattr(face.mood, axis) for face in read])
        spreads = np.array([face.spread[column] for face in read if face.spread])
        errors = np.abs(told - truth)
        tenth = spreads >= np.quantile(spreads, 0.9)
        found.append(
            {
                "axis": axis,
                "faces": len(rows),
                "rmse_without": metrics.rmse(truth, plain[:, column]),
                "rmse_with": metrics.rmse(truth, told),
                "ccc_without": metrics.ccc(truth, plain[:, column]),
                "ccc_with": metrics.ccc(truth, told),
                "spread_median": float(np.median(spreads)),
                "spread_quantile_95": float(np.quantile(spreads, 0.95)),
                "rank_correlation": float(spearmanr(spreads, errors).statistic),
                "error_of_the_tenth": float(errors[tenth].mean()),
                "error_of_the_rest": float(errors[~tenth].mean()),
            }
        )
    return found


if __name__ == "__main__":
    main()
