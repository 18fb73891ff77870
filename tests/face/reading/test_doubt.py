"""doubt.py: entropies worked out by hand, and what hinders a drawn face."""

import numpy as np
import pytest

from mood2music.face.picture.detect import Box
from mood2music.face.reading.doubt import entropy, is_sure, reasons
from mood2music.face.reading.hidden import Hidden

LARGE = Box(0, 0, 90, 90)
SEEN = Hidden(0.1, 0.1)


def test_entropy_is_nothing_for_one_and_most_for_eight_alike() -> None:
    assert entropy({"happiness": 1.0, "neutral": 0.0}) == pytest.approx(0.0, abs=1e-6)
    assert entropy({str(n): 1 / 8 for n in range(8)}) == pytest.approx(np.log(8))
    assert entropy({}) is None


@pytest.fixture
def face() -> np.ndarray:
    """Eyes and a mouth of stripes on grey: (48, 48)."""
    crop = np.full((48, 48), 0.6, dtype=np.float32)
    crop[14:22:2, 8:40] = crop[32:42:2, 14:34] = 0.2
    return crop


def test_nothing_hinders_a_whole_face(face: np.ndarray) -> None:
    assert reasons(face, LARGE, 0, SEEN) == []


def test_what_is_hidden_is_told_above_the_probability_asked_for(face: np.ndarray) -> None:
    hidden = Hidden(mouth=0.7, eyes=0.6)
    assert reasons(face, LARGE, 0, hidden) == ["the mouth is hidden", "the eyes are hidden"]
    assert reasons(face, LARGE, 0, hidden, 0.65) == ["the mouth is hidden"]


@pytest.mark.parametrize(
    ("told", "mouth", "sure"),
    [(1.2, 0.4, True), (1.4, 0.4, False), (1.2, 0.6, False), (None, 0.4, True), (None, 0.6, False)],
)
def test_a_high_entropy_and_a_hidden_mouth_each_make_a_reading_unsure(
    told: float | None, mouth: float, sure: bool
) -> None:
    assert is_sure(told, mouth, 1.3, 0.5) == sure


def test_a_dark_small_turned_face_is_told_as_such(face: np.ndarray) -> None:
    told = reasons(face * 0.25, Box(0, 0, 20, 20), 90, SEEN)
    assert told == ["the face is small", "the face is dark", "the face is turned"]
