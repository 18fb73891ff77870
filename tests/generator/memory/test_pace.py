import numpy as np
import pytest

from mood2music.generator.memory.pace import SLOWEST, Pace
from mood2music.music.events import LONGEST


def played(pace: Pace, quarters: int) -> Pace:
    """Play so many notes of 24 grid steps."""
    for _ in range(quarters):
        pace.add(((60,), 24))
    return pace


def test_without_a_song_nothing_is_likelier() -> None:
    logits = played(Pace(0), 4).logits()
    assert logits.shape == (LONGEST + 1,)
    assert not logits.any()


def test_it_is_slowed_by_as_much_as_it_is_denser_than_its_song_up_to_a_limit() -> None:
    same, denser, far_denser = (played(Pace(wait), 80) for wait in (24, 27, 96))
    assert same.slower == pytest.approx(0, abs=1e-6)
    assert 0 < denser.slower < SLOWEST
    assert far_denser.slower == SLOWEST
    added = denser.logits()
    assert added[48] - added[24] == pytest.approx(denser.slower * np.log(2))
