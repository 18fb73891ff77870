"""valence_arousal: the paper's figure from AffectNet's eight-label release in miniature."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from experiments import face_data
from experiments.valence_arousal import run
from mood2music.errors import DataError
from tests.affectnet import write_eight_labels


@pytest.mark.usefixtures("quick_trainings")
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


def test_the_papers_figures_are_those_of_its_figure_2() -> None:
    stored = pd.read_csv(Path(run.__file__).with_name("result.csv"))
    for table in (run.PAPER, stored):
        papers = table[table["predictor"].str.startswith("the paper's")]
        rows = papers.set_index(["predictor", "axis"])[["rmse", "pearson"]].round(3)
        assert {key: tuple(row) for key, row in rows.iterrows()} == {
            ("the paper's ten layers", "valence"): (0.572, 0.417),
            ("the paper's ten layers", "arousal"): (0.543, 0.436),
            ("the paper's AlexNet", "valence"): (0.413, 0.588),
            ("the paper's AlexNet", "arousal"): (0.422, 0.572),
        }


def test_a_folder_of_other_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no AffectNet face"):
        face_data.load(face_data.overrides(tmp_path), seed=0)
