import math

import numpy as np
import pandas as pd
import pytest

from experiments.held_out_loss.measure import over_pieces, over_seeds, summarised
from experiments.measuring import composed
from mood2music.generator.data_settings import WindowSettings

EVENTS = 221_184


@pytest.mark.parametrize("network", ["lstm", "bilstm_attention", "transformer"])
def test_every_network_reads_as_many_events(network: str) -> None:
    config = composed(f"experiment=held_out_loss/{network}")
    assert config.model.name == network
    settings = WindowSettings()
    mean = settings.window
    if network == "bilstm_attention":
        mean = (settings.shortest + settings.window) // 2
    assert config.data.epoch * config.trainer.epochs * mean == EVENTS


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
