"""valence_arousal: the paper's figure from AffectNet's eight-label release in miniature."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from experiments import face_data
from experiments.valence_arousal import run
from mood2music.errors import DataError
from tests.affectnet import write_eight_labels

pytestmark = pytest.mark.slow


def test_affectnets_release_makes_the_table_and_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    affectnet = write_eight_labels(tmp_path / "affectnet")
    arguments = [str(affectnet), str(tmp_path / "runs"), "--seeds", "0", "--networks", "cnn10"]
    tiny = ["trainer.epochs=1", "model.width=4", "model.hidden=8"]
    monkeypatch.setattr(sys, "argv", ["run", *arguments, "--out", str(tmp_path), *tiny])
    run.main()
    table = pd.read_csv(tmp_path / "result.csv")
    measured = table[table["seeds"] == 1]
    assert set(measured["predictor"]) == {"constant", "cnn10"}
    assert set(measured["root"]) == {"AffectNet"}
    assert set(measured["axis"]) == {"valence", "arousal"}
    assert set(table["predictor"]) > {"the paper's AlexNet"}
    assert (tmp_path / "figure.png").stat().st_size > 5000


def test_a_folder_of_other_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no AffectNet face"):
        face_data.load(face_data.overrides(tmp_path), seed=0)
