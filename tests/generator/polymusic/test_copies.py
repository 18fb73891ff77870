import numpy as np
import pytest

from mood2music.generator.polymusic.copies import near_copies, shared, shingles
from mood2music.generator.polymusic.rolls import Roll
from tests.generator.polymusic.conftest import roll_of

TUNE = [60, 62, 64, 65, 67, 64, 60, 59, 62, 65, 69, 67, 64, 62, 60, 71, 72, 69]
OTHER = [60, 67, 61, 66, 62, 70, 63, 59, 64, 58, 71, 65, 57, 68, 60, 72, 56, 61]


def sung(tune: list[int], under: int = 12, up: int = 0, held: int = 1) -> Roll:
    """A tune over a parallel voice, in another key, each note some frames long."""
    return roll_of(*[[p + up, p + up - under] for p in tune for _ in range(held)])


def test_a_shingle_is_twelve_intervals_of_the_top_or_six_changes_of_all() -> None:
    assert len(shingles(sung(TUNE))) == len(TUNE) - 12
    assert len(shingles(sung(TUNE), whole=True)) == len(TUNE) - 6
    assert shingles(roll_of([60], [60], [62])) == set()
    assert shingles(np.zeros((4, 88), bool), whole=True) == set()


@pytest.mark.parametrize(
    ("piece", "top", "whole"),
    [
        (sung(TUNE), 1, 1),
        (sung(TUNE, up=5, held=2), 1, 1),  # in F, and half as fast
        (sung(TUNE, under=7), 1, 0),  # the tune over another voice
        (sung(OTHER), 0, 0),
        (sung([*TUNE[:15], *OTHER]), 3 / 20, 9 / 26),
    ],
)
def test_a_piece_is_found_in_another_key_and_other_values(
    piece: Roll, top: float, whole: float
) -> None:
    training = [sung(OTHER[::-1]), sung(TUNE), sung(TUNE[:14])]
    assert shared([piece], training)[0] == pytest.approx(top)
    assert shared([piece], training, whole=True)[0] == pytest.approx(whole)


def test_a_quarter_in_one_training_piece_makes_a_near_copy() -> None:
    training = [sung(TUNE)]
    pieces = [sung(TUNE, up=2), sung(TUNE, under=3), sung(OTHER), sung(TUNE[:6])]
    assert near_copies(pieces, training).tolist() == [True, True, False, False]
    # Half in each of two is none in one.
    split = [sung(TUNE[i : i + 13]) for i in range(0, 6, 5)]
    assert shared([sung(TUNE)], split)[0] == pytest.approx(1 / 6)
