"""What the commands of experiments/mood_held make of wanted and measured moods."""

import numpy as np
import pandas as pd
import pytest

from experiments.mood_held.together import RATED, WANTED, best
from experiments.mood_held.wanted import at_corner, figures, spread_moods, with_intervals


def test_an_interval_is_as_wide_as_the_moods_miss() -> None:
    wanted = np.array([[mood.valence, mood.arousal] for mood in spread_moods(24, 0.9)])
    exact = with_intervals(wanted, [wanted, wanted])
    assert exact["ccc_valence"] == pytest.approx((1, 1, 1))
    half = with_intervals(wanted, [wanted, wanted * [1, -1]])
    assert half["quadrant"][0] == 0.5
    off = with_intervals(wanted, [np.column_stack([wanted[:, 0], np.roll(wanted[:, 1], 1)])])
    value, low, high = off["r_arousal"]
    assert low < value < high
    assert (
        value
        == figures(wanted, np.column_stack([wanted[:, 0], np.roll(wanted[:, 1], 1)]))["r_arousal"]
    )


def test_corners_are_the_middles_of_the_quadrants() -> None:
    found = [at_corner(i, 0.5) for i in range(5)]
    signs = [(np.sign(mood.valence), np.sign(mood.arousal)) for mood in found]
    assert signs == [(1, 1), (-1, 1), (-1, -1), (1, -1), (1, 1)]
    assert all(mood.distance(at_corner(0, 0)) == pytest.approx(0.5) for mood in found)


def test_the_best_of_several_is_the_nearest_by_the_judge_that_chooses() -> None:
    rows = [(0, 0, 0.5, 0), (1, 0, 0.2, 0), (0, 0.4, 0.4, 0.4), (1, 0.4, 0.4, 0.5)]
    table = pd.DataFrame(
        [[variant, wanted, 0.0, rated, other] for variant, wanted, rated, other in rows],
        columns=["variant", *WANTED, *RATED],
    )
    assert best(table)[RATED[0]].tolist() == [0.2, 0.4]
