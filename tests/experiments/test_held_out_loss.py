import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.held_out_loss.measure import lowest, over_pieces, over_seeds, summarised
from experiments.held_out_loss.run import (
    EPOCHS,
    EVENTS,
    MEAN_WINDOW,
    NETWORKS,
    WINDOW,
    comparison,
    windows,
)
from experiments.training_runs import Run
from mood2music.generator.settings import WindowSettings


def test_every_network_reads_as_many_events() -> None:
    settings = WindowSettings()
    assert settings.window == WINDOW
    assert (settings.shortest + settings.window) / 2 == MEAN_WINDOW
    for network in NETWORKS:
        mean = MEAN_WINDOW if network == "bilstm_attention" else WINDOW
        assert windows(network) * EPOCHS * mean == EVENTS


def test_a_seed_is_whole_before_the_next_begins() -> None:
    seeds = [run.folder[-1] for run in comparison()]
    assert seeds == ["0"] * 6 + ["1"] * 6 + ["2"] * 6


def test_the_interval_over_three_seeds_is_students() -> None:
    # Mean 2, standard deviation 1: 4.303 / sqrt(3).
    assert over_seeds([1.0, 2.0, 3.0]) == pytest.approx(2.4843, abs=1e-3)
    assert math.isnan(over_seeds([1.0]))


def test_the_interval_over_pieces_draws_whole_pieces() -> None:
    owner = np.repeat([5, 9], 50)
    low, high = over_pieces(np.repeat([1.0, 3.0], 50), owner)
    assert (low, high) == (1.0, 3.0)  # both draws of two pieces can be the same piece
    low, high = over_pieces(np.full(100, 2.5), owner)
    assert low == high == 2.5


def test_a_summary_is_the_mean_of_the_runs_and_the_best_stands_first() -> None:
    def row(network: str, bits: float, **more: object) -> dict[str, object]:
        shares = {"chord_bits": bits, "duration_bits": 0.0, "bits_note": bits, "level_bits": 1.0,
                  "val_bits_event": bits}  # fmt: skip
        return {"network": network, "parameters": 7, "bits_event": bits, **shares, **more}

    table = pd.DataFrame(
        [
            row("5-gram", 9.0, representation="whole"),
            *(row("lstm", bits, representation="chord") for bits in (4.0, 6.0)),
        ]
    )
    scored = {
        ("5-gram", "whole"): [np.array([[9.0, 0.0, 1.0]] * 4)],
        ("lstm", "chord"): [np.array([[bits, 0.0, 1.0]] * 4) for bits in (4.0, 6.0)],
    }
    summary = summarised(table, scored, np.array([0, 0, 1, 1]))
    assert summary["network"].to_list() == ["lstm", "5-gram"]
    assert summary["bits_event"].to_list() == [5.0, 9.0]
    assert summary["runs"].to_list() == [2, 1]
    assert (summary["low"] == summary["bits_event"]).all()


def test_regularisation_is_read_where_the_held_out_loss_was_lowest(tmp_path: Path) -> None:
    for name in ("done", "broken"):
        (tmp_path / name / "log").mkdir(parents=True)
        (tmp_path / name / "log" / "metrics.csv").write_text(
            "epoch,train/loss,val/chord_bits,val/duration_bits,val/level_bits,val/loss\n"
            "0,,3.0,1.0,0.5,4.0\n0,5.0,,,,\n1,,2.0,1.0,0.5,3.0\n1,2.0,,,,\n2,,2.5,1.0,0.5,3.5\n"
        )
    (tmp_path / "done" / "done").touch()
    table = lowest(tmp_path, [Run("done", ()), Run("broken", ())])
    assert table["run"].to_list() == ["done"]
    assert table["epoch"].to_list() == [2]
    assert table["val_bits_event"].to_list() == pytest.approx([3 / math.log(2)])
    assert table["train_bits_event"].to_list() == pytest.approx([2 / math.log(2)])
