"""Fits what corrects the expressions of faces whose mouths are told to be hidden, and measures it.

    python -m experiments.face_cover.calibrate faces=FOLDER marks=landmarks.npy

Prints the constants of mood2music/face/reading/covered.py, fitted to FER+'s val part behind drawn
covers, and writes calibrated.csv beside this file: the test part, as the shipped network says it
and as the package corrects it.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments.face_cover.fit import odds, pool_of
from experiments.face_cover.pool import Pool
from experiments.fer import SYNTHETIC, read_faces
from experiments.measuring import measuring, write_rows
from experiments.shipped_faces.ship import fitted
from mood2music.face import metrics
from mood2music.face.dataset.data import FaceData
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.reading.covered import corrected
from mood2music.face.reading.hidden import Hidden, shipped
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings
from mood2music.face.reading.views import mirrored

HERE = Path(__file__).parent
Told = npt.NDArray[np.float64]


@dataclass
class Settings:
    """faces: folder of the zips; marks: of landmarks.py."""

    faces: Path
    marks: Path


@measuring
def main(asked: Settings) -> None:
    """Fit on the val part, and write the table of the test part."""
    data, marks = read_faces(asked.faces, seed=0), np.load(asked.marks)
    reader = FaceReader.load()
    pool, told, hidden = covered(data, marks, "val", reader)
    eyes = hidden[:, 1] > ReadSettings().hidden
    shares = data.table.shares()[pool.rows]
    for name, these in (("MOUTH", ~eyes), ("MOUTH_AND_EYES", eyes)):
        divisor, added = fitted(np.log(np.maximum(told[None, these], 1e-12)), shares[these])
        print(f"{name} = Correction({divisor:.3f}, ({', '.join(f'{a:.2f}' for a in added)}))")
    rows = measured(data, *covered(data, marks, "test", reader))
    write_rows(HERE / "calibrated.csv", rows)
    print(pd.DataFrame(rows).to_string(index=False))


def covered(
    data: FaceData, marks: npt.NDArray[np.float32], part: str, reader: FaceReader
) -> tuple[Pool, Told, Told]:
    """Cover FER+'s faces of a part, and keep those whose mouths are told to be hidden.

    Gives them, what is told of their expressions, (N, 8), and of what is hidden, (N, 2).
    """
    pool = pool_of(data, marks, part)
    pool = pool.take(np.array([not data.table.groups[r].startswith(SYNTHETIC) for r in pool.rows]))
    hidden = 1 / (1 + np.exp(-odds(shipped(), pool.images).astype(np.float64)))
    said = hidden[:, 0] > ReadSettings().hidden
    pool = pool.take(said)
    read = mirrored(reader.predictors, pool.images.astype(np.float32) / 255)
    told = np.stack([read[name] for name in EXPRESSIONS], axis=1).astype(np.float64)
    return pool, told, hidden[said]


def measured(
    data: FaceData, pool: Pool, told: Told, hidden: Told
) -> list[dict[str, float | str | int]]:
    """A row for what hides a face (all mouths are told to be): before and after the correction."""
    most = ReadSettings().hidden
    after = np.array(
        [
            list(corrected(dict(zip(EXPRESSIONS, each, strict=True)), Hidden(*h), most).values())
            for each, h in zip(told, hidden, strict=True)
        ]
    )
    bare, (mouth, eyes) = pool.kinds == "", pool.hidden.T == 1
    groups = {
        "nothing": bare,
        "mouth": mouth & ~eyes,
        "eyes": eyes & ~mouth,
        "mouth and eyes": mouth & eyes,
        "elsewhere": ~bare & ~mouth & ~eyes,
    }
    rows: list[dict[str, float | str | int]] = []
    for name, these in groups.items():
        row: dict[str, float | str | int] = {"covered": name, "faces": int(these.sum())}
        shares = data.table.shares()[pool.rows[these]]
        true = data.table.expressions[pool.rows[these]]
        for when, given in (("before", told[these]), ("after", after[these])):
            row[f"accuracy_{when}"] = round(metrics.accuracy(true, given.argmax(1)), 4)
            row[f"cross_entropy_{when}"] = round(metrics.cross_entropy(shares, given), 4)
            row[f"calibration_error_{when}"] = round(metrics.calibration_error(shares, given), 4)
        rows.append(row)
    return rows


if __name__ == "__main__":
    main()
