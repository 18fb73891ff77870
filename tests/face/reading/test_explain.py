"""explain.py: the map points at what was looked at."""

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mood2music.errors import SettingsError
from mood2music.face.picture.detect import Box
from mood2music.face.reading.explain import WINDOW, Explanation, explain
from mood2music.face.reading.photo_reading import FaceReading
from mood2music.face.reading.predictor import FacePixels
from mood2music.mood import Mood

SIDE = 12


class Corners:
    """Valence is how light the upper corners are, arousal how dark the lower left one is.

    Every face is read mirrored too, so that a corner's own reading counts half.
    """

    outputs = ("arousal", "valence")
    source = Path("corners")

    def __call__(self, faces: FacePixels) -> npt.NDArray[np.float32]:
        upper = faces[:, :SIDE, :SIDE].mean((1, 2))
        lower = faces[:, -SIDE:, :SIDE].mean((1, 2))
        return np.stack([-lower, upper], axis=1)


@pytest.fixture(scope="module")
def explained() -> Explanation:
    face = np.full((49, 49), 0.5, dtype=np.float32)
    face[:SIDE, :SIDE] = 1.0  # the upper left corner is light, the other as grey as the rest
    face[-SIDE:, -SIDE:] = 1.0
    reading = FaceReading(Mood(0.5, -0.25), Box(0, 0, 9, 9), face, None, {})
    return explain([Corners()], reading)  # type: ignore[list-item]


def test_the_map_is_strongest_where_the_network_looks(explained: Explanation) -> None:
    valence = explained.maps["valence"]
    assert valence.shape == (49, 49)
    row, column = np.unravel_index(valence.argmax(), valence.shape)
    assert max(row, column) < SIDE
    assert valence[SIDE + WINDOW :].max() == pytest.approx(0, abs=1e-6)


def test_the_sign_says_what_raises_and_what_lowers(explained: Explanation) -> None:
    arousal = explained.maps["arousal"]
    row, column = np.unravel_index(arousal.argmin(), arousal.shape)
    assert min(row, column) >= 49 - SIDE
    assert arousal.min() < -0.02
    assert explained.maps["valence"].max() > 0.02


def test_its_numbers_are_changes_of_the_reading() -> None:
    face = np.zeros((49, 49), dtype=np.float32)
    face[:WINDOW, :WINDOW] = 1.0
    reading = FaceReading(Mood(0.0, 0.0), Box(0, 0, 9, 9), face, None, {})
    found = explain([Corners()], reading).maps["valence"]  # type: ignore[list-item]
    grey = float(face.mean())
    # The window at the corner alone covers its first pixel: 81 pixels of 144 go from 1 to grey.
    assert found[0, 0] == pytest.approx((1 - grey) * 81 / 144 / 2, abs=1e-6)


def test_without_captum_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "captum", None)
    reading = FaceReading(Mood(0, 0), Box(0, 0, 9, 9), np.zeros((49, 49), np.float32), None, {})
    with pytest.raises(SettingsError, match=r"mood2music\[explain\]"):
        explain([Corners()], reading)  # type: ignore[list-item]
