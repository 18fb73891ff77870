"""expression_classes: the paper's figure from AffectNet's lists in miniature, and the summary."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from experiments.expression_classes import run
from tests.affectnet import write_lists

pytestmark = pytest.mark.slow

TINY = ["model.width=4", "model.hidden=8", "optimizer.lr=0.01"]


def test_affectnets_lists_make_the_table_and_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    affectnet = write_lists(tmp_path / "affectnet")
    arguments = [str(affectnet), str(tmp_path / "runs"), "--seeds", "3", "--epochs", "2"]
    monkeypatch.setattr(sys, "argv", ["run", *arguments, "--out", str(tmp_path), *TINY])
    run.main()
    table = pd.read_csv(tmp_path / "cnn10_result.csv").set_index("predictor")
    assert table.loc["network", "pictures"] == 2
    assert table.loc["network", "root"] == "AffectNet"
    assert 0 <= table.loc["network", "accuracy"] <= 1
    assert table.loc["the paper's ten layers", "accuracy"] == 0.5138
    assert (tmp_path / "cnn10_curves.png").stat().st_size > 5000
    log = run.epochs(tmp_path / "runs" / "cnn10_seed3")
    assert list(log.index) == [1, 2]
    assert log.notna().all(axis=None)


def test_the_summary_is_mean_and_deviation_over_seeds() -> None:
    rows = pd.DataFrame(
        {
            "seed": [0, 1],
            "root": ["r", "r"],
            "pictures": [10, 10],
            "predictor": ["network", "network"],
            "accuracy": [0.5, 0.7],
            "macro_f1": [0.1, 0.1],
        }
    )
    first = run.summarised(rows).iloc[0]
    assert first["accuracy"] == pytest.approx(0.6)
    assert first["accuracy_std"] == pytest.approx(0.02**0.5)
    assert first["seeds"] == 2
