"""measure.py: figures root by root, beside the mean of what was learnt from."""

from pathlib import Path

import numpy as np
import pytest

from mood2music.face.dataset.pictures import Faces
from mood2music.face.dataset.sets.faces import FacesSettings, load
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.measure import measure_axes, measure_expressions
from mood2music.face.reading.predictor import FacePixels
from mood2music.face.reading.reader import FaceReader


def test_each_root_is_measured_by_itself(classes: Path, labelled: Path) -> None:
    table, _ = load(FacesSettings(root=[str(classes), str(labelled)]))
    train, rows = np.arange(4), np.arange(4, len(table))
    measured = measure_axes(FaceReader.load().predictors, table, train, rows)
    assert [row["root"] for row in measured] == ["classes"] * 4 + ["labelled.zip"] * 4
    assert [row["pictures"] for row in measured[::4]] == [9, 6]
    constant = next(
        r for r in measured if r["root"] == "labelled.zip" and r["predictor"] == "constant"
    )
    learnt = float(table.moods[train, 0].mean())
    truth = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert constant["rmse"] == pytest.approx(np.sqrt(((truth - learnt) ** 2).mean()), rel=1e-4)


class Always:
    """A predictor that says happiness of every face, but surprise of the darkest."""

    def __init__(self) -> None:
        self.outputs = list(EXPRESSIONS)
        self.source = Path("made up")
        self.size = 49

    def __call__(self, faces: FacePixels) -> FacePixels:
        scores = np.zeros((len(faces), len(EXPRESSIONS)), dtype=np.float32)
        scores[:, EXPRESSIONS.index("happiness")] = 1.0
        scores[faces.mean((1, 2)) < 0.1, EXPRESSIONS.index("surprise")] = 2.0
        return scores


def test_expressions_are_measured_beside_the_commonest_one() -> None:
    images = np.full((5, 49, 49), 200, dtype=np.uint8)
    images[3] = 0
    # happiness, happiness, unknown, surprise, sadness
    expressions = np.array([1, 1, -1, 3, 2])
    table = Faces(images, np.zeros((5, 2), np.float32), expressions, [""] * 5, [""] * 5, ["r"] * 5)
    rows = measure_expressions([Always()], table, np.array([4]), np.arange(5))
    assert [row["predictor"] for row in rows] == ["network", "constant"]
    assert [row["pictures"] for row in rows] == [4, 4]
    assert rows[0]["accuracy"] == 3 / 4
    assert rows[0]["balanced"] == 2 / 3  # sadness is never told
    assert rows[1]["accuracy"] == 1 / 4  # sadness, the only one that was learnt from
