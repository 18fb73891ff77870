"""How far happy faces lie above neutral ones in valence, as they are and altered, and how unsure.

    python -m experiments.face_sense.smiles faces=FOLDER

Faces of the test parts, 48 x 48 pixels as the network sees them, the first `most` of each
expression. Writes smiles.csv beside this file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image
from sklearn.metrics import roc_auc_score

from experiments.face_sense.measure import Face, rotated
from experiments.fer import SYNTHETIC, TEST, read_faces
from experiments.measuring import measuring, write_rows
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.reading.doubt import entropy, is_sure
from mood2music.face.reading.hidden import Hidden, find_hidden
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings
from mood2music.face.reading.views import mirrored

HERE = Path(__file__).parent
MASK = (0.58, 1.0, 0.08, 0.92)  # rows and columns that a mask covers, as shares of the sides


def shrunk(face: Face, side: int) -> Face:
    """Reduce a face to `side` pixels and enlarge it again, bilinearly as photos are."""
    small = Image.fromarray(face).resize((side, side), Image.Resampling.BILINEAR)
    return np.asarray(small.resize(face.shape[::-1], Image.Resampling.BILINEAR))


def masked(face: Face) -> Face:
    """Cover mouth and chin with one light grey, as a mask does."""
    top, bottom, left, right = (round(edge * len(face)) for edge in MASK)
    covered = face.copy()
    covered[top:bottom, left:right] = 190
    return covered


ALTERED: dict[str, Callable[[Face], Face]] = {
    "as they are": lambda face: face,
    "30 % of the light": lambda face: (face * 0.3).astype(np.uint8),
    "of 40 pixels": lambda face: shrunk(face, 40),
    "of 24 pixels": lambda face: shrunk(face, 24),
    "turned by 20 degrees": lambda face: rotated(face, 20),
    "mouth hidden": masked,
}


@dataclass
class Settings:
    """faces: folder of the zips; most: faces of each expression and data set."""

    faces: Path
    most: int


@measuring
def main(asked: Settings) -> None:
    """Read happy and neutral faces in each way and write a row a data set and way."""
    reader = FaceReader.load()
    data = read_faces(asked.faces, seed=0)
    table, rows = data.table, []
    roots = np.array([table.groups[row].startswith(SYNTHETIC) for row in data.parts.test])
    for name, chosen in ((TEST, ~roots), (SYNTHETIC, roots)):
        these = data.parts.test[chosen]
        happy, neutral = (
            these[table.expressions[these] == EXPRESSIONS.index(expression)][: asked.most]
            for expression in ("happiness", "neutral")
        )
        images = np.asarray(table.images[np.concatenate([happy, neutral])])
        smiles = np.arange(len(images)) < len(happy)
        for way, alter in ALTERED.items():
            faces = np.stack([alter(face) for face in images]).astype(np.float32) / 255
            rows.append({"data": Path(name).stem, "faces": way, **figures(reader, faces, smiles)})
    write_rows(HERE / "smiles.csv", rows)
    print(pd.DataFrame(rows).to_string(index=False))


def figures(
    reader: FaceReader, faces: npt.NDArray[np.float32], smiles: npt.NDArray[np.bool_]
) -> dict[str, float]:
    """What is told of faces (N, 48, 48) in [0, 1], some of which smile, the others neutral.

    gap: median valence of those that smile less that of the others; auroc: of valence; told_happy:
    share of those that smile; entropy: share of all above face.uncertain; mouth: share of all whose
    mouth is said to be hidden; unsure: share of all of which the program says that it is not sure.
    """
    read = mirrored(reader.predictors, faces)
    seen = np.stack([read[name] for name in EXPRESSIONS], axis=1)
    hidden, asked = find_hidden(faces), ReadSettings()
    told = [
        reader.expressions(dict(zip(EXPRESSIONS, row, strict=True)), Hidden(*each), asked.hidden)
        for row, each in zip(seen.tolist(), hidden.tolist(), strict=True)
    ]
    nats, mouths = [entropy(each) for each in told], hidden[:, 0]
    sure = [is_sure(n, m, asked.uncertain, asked.hidden) for n, m in zip(nats, mouths, strict=True)]
    happy = np.array([max(each, key=lambda name: each[name]) == "happiness" for each in told])
    valence = read["valence"]
    found = {
        "happy": int(smiles.sum()),
        "neutral": int((~smiles).sum()),
        "gap": np.median(valence[smiles]) - np.median(valence[~smiles]),
        "auroc": roc_auc_score(smiles, valence),
        "told_happy": happy[smiles].mean(),
        "entropy": (np.array(nats) > asked.uncertain).mean(),
        "mouth": (mouths > asked.hidden).mean(),
        "unsure": 1 - np.mean(sure),
    }
    return {name: round(float(value), 4) for name, value in found.items()}


if __name__ == "__main__":
    main()
