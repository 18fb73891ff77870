"""Hashes of two consecutive events."""

import numpy as np

from mood2music.judge.shingles import BREAK, _scramble, shingles
from mood2music.music.events import HELD, from_list
from tests.judge.random_pieces import random_events


def test_shingles_are_spread_evenly() -> None:
    values = shingles(random_events(0, 6_000, least=3))
    counts = np.bincount(values[values < BREAK], minlength=BREAK)
    expected = counts.sum() / BREAK
    # Chi-squared with BREAK - 1 degrees of freedom: its standard deviation is sqrt(2 BREAK).
    assert ((counts - expected) ** 2 / expected).sum() < BREAK + 6 * (2 * BREAK) ** 0.5


def test_values_are_scrambled_as_splitmix64_does() -> None:
    # The first numbers that Vigna's splitmix64.c gives for the seed 1234567.
    gamma = 0x9E3779B97F4A7C15
    states = np.array([(1234567 + i * gamma) % 2**64 for i in range(3)], np.uint64)
    assert _scramble(states).tolist() == [
        6457827717110365317, 3203168211198807973, 9817491932198370423
    ]  # fmt: skip


def test_shingles_are_those_that_shipped_indexes_hold() -> None:
    events = [((60, 64), 6), ((60 + HELD, 67), 12), ((), 24), ((55,), 6), ((), 6), ((), 192)]
    assert shingles(from_list(events)).tolist() == [871, 428, 497, 961, 1005]
    assert shingles(from_list(events)).dtype == np.uint16
    # A rest first: the interval to the first sounding event has a value of its own.
    assert shingles(from_list([((), 6), ((60,), 6)])).tolist() == [952]
    assert shingles(from_list(events[:1])).tolist() == []
    # The lowest pitch of all sounds as any other does.
    low, high = [((0,), 6), ((5,), 6), ((0,), 12)], [((7,), 6), ((12,), 6), ((7,), 12)]
    assert shingles(from_list(low)).tolist() == shingles(from_list(high)).tolist()
