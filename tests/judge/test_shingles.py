"""Hashes of two consecutive events."""

import numpy as np

from mood2music.judge.shingles import BREAK, shingles
from tests.judge.random_pieces import random_events


def test_shingles_are_spread_evenly() -> None:
    values = shingles(random_events(0, 6_000, least=3))
    counts = np.bincount(values[values < BREAK], minlength=BREAK)
    expected = counts.sum() / BREAK
    # Chi-squared with BREAK - 1 degrees of freedom: its standard deviation is sqrt(2 BREAK).
    assert ((counts - expected) ** 2 / expected).sum() < BREAK + 6 * (2 * BREAK) ** 0.5
