from pathlib import Path
from typing import Any

import pytest
import torch

from mood2music.errors import DataError, SettingsError
from mood2music.generator.polymusic.experiment import run
from mood2music.generator.polymusic.frames import batch_of
from mood2music.generator.polymusic.network import load
from mood2music.generator.polymusic.rolls import read_rolls
from tests.generator.polymusic.conftest import roll_of, write

pytestmark = pytest.mark.slow  # each trains


def tiny(sets: list[str], epochs: int = 2, **more: Any) -> dict[str, Any]:
    one = {
        "network": {"hidden": 16, "embedding": 16, "dropout": 0.0, "spelling_dropout": 0.0},
        "optimizer": {"lr": 0.05},
        "trainer": {
            "epochs": epochs,
            "accelerator": "cpu",
            "threads": 1,
            "progress": False,
            "precision": "32-true",
            "ema": 0.5,
        },
        "early_stopping": None,
        "batch": 2,
        "transposed": 0.0,
    }
    return {"name": "polymusic", "sets": sets, **dict.fromkeys(sets, one), **more}


def test_our_row_stands_beside_the_published_ones(root: Path, tmp_path: Path) -> None:
    # Both lie in the folder: none need be named.
    tables = run({**tiny(["jsb", "nottingham"]), "sets": None}, root, tmp_path)
    ours, *published = tables["polymusic"]
    measured = {row["set"]: row for row in tables["polymusic_measured"]}
    assert ours["jsb"] == measured["jsb"]["test"]
    assert ours["nottingham"] == measured["nottingham"]["test"]
    assert {row["model"]: (row["jsb"], row["nottingham"]) for row in published} == {
        "LSTM": (8.45, 3.29),
        "TCN": (8.10, 3.07),
        "RRU": (7.72, 2.92),
        "RNN-NADE": (5.56, 2.31),
    }
    assert all(row["source"] for row in published)


def test_the_figures_are_those_of_the_checkpoint_in_every_convention(
    root: Path, tmp_path: Path
) -> None:
    (row,) = run(tiny(["jsb"]), root, tmp_path)["polymusic_measured"]
    network = load(tmp_path / "jsb" / "best.safetensors")
    pieces = read_rolls(root, "jsb").test
    with torch.no_grad():
        scored = [network.nats(batch_of([roll], [0])) for roll in pieces]
    assert row["pieces"] == 3
    assert row["frames"] == 8 + 10 + 12
    total = sum(nats.sum().item() for nats in scored)
    assert row["test"] == pytest.approx(total / 30, rel=1e-4)
    assert row["test_piece"] == pytest.approx(
        sum(nats.mean().item() for nats in scored) / 3, rel=1e-4
    )
    # All of them go between the two chords that those of training go between.
    assert (row["near_copies"], row["test_new"]) == (3, None)
    firsts = sum(nats[0].item() for nats in scored)
    assert row["test_later"] == pytest.approx((total - firsts) / 27, rel=1e-4)


def test_a_piece_that_stands_in_training_is_left_out_of_one_figure(
    root: Path, tmp_path: Path
) -> None:
    rolls = read_rolls(root, "jsb")
    other = roll_of(*[[60 + (7 * i * i) % 13] for i in range(16)])
    write(
        root / "JSB_Chorales.mat", train=rolls.train, valid=rolls.valid, test=[rolls.test[0], other]
    )
    (row,) = run(tiny(["jsb"]), root, tmp_path)["polymusic_measured"]
    network = load(tmp_path / "jsb" / "best.safetensors")
    with torch.no_grad():
        nats = network.nats(batch_of([other], [0])).mean().item()
    assert row["near_copies"] == 1
    assert row["test_new"] == pytest.approx(nats, rel=1e-4)


def test_it_learns_what_comes_back(root: Path, tmp_path: Path) -> None:
    (row,) = run(tiny(["jsb"], epochs=15), root, tmp_path)["polymusic_measured"]
    # A roll of 88 fair coins has 61 nats a frame; two chords in turn have none.
    assert isinstance(row["test"], float)
    assert row["test"] < 0.5


def test_a_run_goes_on_where_it_stopped(root: Path, tmp_path: Path) -> None:
    run(tiny(["jsb"], epochs=2), root, tmp_path / "first")
    more = tiny(["jsb"], epochs=3, resume=str(tmp_path / "first"))
    (row,) = run(more, root, tmp_path / "second")["polymusic_measured"]
    assert row["epochs"] == 3
    lines = (tmp_path / "second" / "jsb" / "log" / "metrics.csv").read_text().splitlines()
    epoch = lines[0].split(",").index("epoch")
    assert {line.split(",")[epoch] for line in lines[1:]} == {"2"}


def test_faults_are_found_before_any_training(root: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"sets=\[jsb,piano\]: expected some of"):
        run({"sets": ["jsb", "piano"]}, root, tmp_path / "out")
    with pytest.raises(SettingsError, match="sets="):
        run({"sets": []}, root, tmp_path / "out")
    with pytest.raises(SettingsError, match=r"benchmark\.jsb\.batch"):
        run({"jsb": {"batch": "few"}}, root, tmp_path / "out")
    (root / "Nottingham.mat").unlink()
    with pytest.raises(DataError, match=r"Nottingham\.mat"):
        run(tiny(["jsb", "nottingham"]), root, tmp_path / "out")
    assert not (tmp_path / "out").exists()
