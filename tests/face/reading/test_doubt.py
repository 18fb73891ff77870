"""doubt.py: entropies worked out by hand, and what hinders a drawn face."""

import numpy as np
import pytest

from mood2music.face.picture.detect import Box
from mood2music.face.reading.doubt import entropy, reasons

LARGE = Box(0, 0, 90, 90)


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
    assert reasons(face, LARGE, 0) == []


def test_a_covered_mouth_is_seen(face: np.ndarray) -> None:
    face[28:] = 0.5
    assert reasons(face, LARGE, 0) == ["the mouth is hidden"]


def test_a_dark_small_turned_face_is_told_as_such(face: np.ndarray) -> None:
    told = reasons(face * 0.25, Box(0, 0, 20, 20), 90)
    assert told == ["the face is small", "the face is dark", "the face is turned"]
