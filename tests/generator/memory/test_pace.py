import numpy as np
import pytest

from mood2music.generator.memory.pace import BARS, SLOWEST, Pace
from mood2music.music.events import LONGEST


def played(pace: Pace, bars: list[list[int]]) -> Pace:
    """Play bars of 96 grid steps, struck at these places, and begin another."""
    for bar in bars:
        pace.begin()
        for into, end in zip(bar, [*bar[1:], 96], strict=True):
            pace.add(((60,), end - into), into)
    pace.begin()
    return pace


def test_without_a_song_and_steadiness_nothing_is_likelier() -> None:
    logits = played(Pace(0, 0), [[0, 24, 48, 72]]).logits(0, 96)
    assert logits.shape == (LONGEST + 1,)
    assert not logits.any()


def test_it_is_slowed_by_as_much_as_it_is_denser_than_its_song_up_to_a_limit() -> None:
    same, denser, far_denser = (
        played(Pace(wait, 0), [[0, 24, 48, 72]] * 20) for wait in (24, 27, 96)
    )
    assert same.slower == pytest.approx(0, abs=1e-6)
    assert 0 < denser.slower < SLOWEST
    assert far_denser.slower == SLOWEST
    added = denser.logits(0, 96)
    assert added[48] - added[24] == pytest.approx(denser.slower * np.log(2))


def test_a_duration_is_likelier_as_often_as_the_last_bars_strike_where_it_ends() -> None:
    steady = played(Pace(0, 2), [[0, 36], [0, 48], [0, 48], [0, 48], [0, 48, 72]])
    assert BARS == 4, "the first bar is forgotten"
    added = steady.logits(24, 96)
    assert added[[12, 24, 48, 72, 96 + 24]].tolist() == [0, 2, 0.5, 2, 2]


def test_bars_of_another_length_count_as_far_as_they_go() -> None:
    waltz = played(Pace(0, 1), [[0, 48, 84]])
    assert waltz.logits(0, 72)[[48, 72]].tolist() == [1, 1]
