"""measure.py: figures root by root, beside the mean of what was learnt from."""

from pathlib import Path

import numpy as np
import pytest

from mood2music.face.faces import FacesSettings, load
from mood2music.face.measure import measure
from mood2music.face.predict import FaceReader


def test_each_root_is_measured_by_itself(classes: Path, labelled: Path) -> None:
    table, _ = load(FacesSettings(root=[str(classes), str(labelled)]))
    train, rows = np.arange(4), np.arange(4, len(table))
    measured = measure(FaceReader.load(), table, train, rows)
    assert [row["root"] for row in measured] == ["classes"] * 4 + ["labelled.zip"] * 4
    assert [row["pictures"] for row in measured[::4]] == [9, 6]
    constant = next(
        r for r in measured if r["root"] == "labelled.zip" and r["predictor"] == "constant"
    )
    learnt = float(table.moods[train, 0].mean())
    truth = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert constant["rmse"] == pytest.approx(np.sqrt(((truth - learnt) ** 2).mean()), rel=1e-4)
