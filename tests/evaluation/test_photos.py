from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import SettingsError
from mood2music.evaluation.photos import measure_photos
from tests.evaluation.conftest import LABELS, by_name, face, write_labels


def test_each_picture_has_a_row_and_a_broken_one_its_reason(
    photos: Path, face_weights: Path
) -> None:
    tables = by_name(measure_photos(photos, face(face_weights)))
    rows = {row["path"]: row for row in tables["photos"]}
    assert list(rows) == ["a.png", "b.png", "broken.png", "c.png"]
    assert rows["a.png"]["found"]
    assert -1 <= rows["a.png"]["valence"] <= 1
    assert not rows["broken.png"]["found"]
    assert "broken.png" in rows["broken.png"]["error"]
    assert tables["photos_counted"] == [
        {"photos": 4, "faces": 3, "sure": 0, "labelled": 0, "labels_left_out": 0}
    ]
    assert "photos_measured" not in tables


def test_labels_beside_the_photos_are_measured_against_and_the_constant_stands_beside(
    photos: Path, face_weights: Path
) -> None:
    write_labels(photos)
    tables = by_name(measure_photos(photos, face(face_weights)))
    assert tables["photos_counted"] == [
        {"photos": 4, "faces": 3, "sure": 0, "labelled": 3, "labels_left_out": 0}
    ]
    measured = {(row["axis"], row["predictor"]): row for row in tables["photos_measured"]}
    assert len(measured) == 4
    # The constant says the labels' mean: valence 0, so that its error is their spread.
    assert measured["valence", "constant"]["rmse"] == pytest.approx((0.5 / 3) ** 0.5)
    assert measured["arousal", "constant"]["ccc"] == 0.0
    read = {row["path"]: row["valence"] for row in tables["photos"] if row["found"]}
    errors = [(read[name] - LABELS[name][0]) ** 2 for name in LABELS]
    assert measured["valence", "network"]["rmse"] == pytest.approx(np.mean(errors) ** 0.5)


def test_a_misspelt_face_setting_is_refused(photos: Path) -> None:
    with pytest.raises(SettingsError, match="detektor"):
        measure_photos(photos, {"detektor": "none"})
