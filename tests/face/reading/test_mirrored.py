"""mirrored.py: every output is the mean of a face and its mirror image, in batches or not."""

from pathlib import Path

import numpy as np
import pytest

from mood2music.face.labels import EXPRESSIONS
from mood2music.face.reading.mirrored import BATCH, mirrored
from mood2music.face.reading.predictor import FacePixels


class LeftHalf:
    """A predictor that tells the mean of the left half as valence, ten times that as arousal."""

    def __init__(self) -> None:
        self.outputs = ["valence", "arousal", *EXPRESSIONS]
        self.source = Path("made up")

    def __call__(self, faces: FacePixels) -> FacePixels:
        left = faces[:, :, :24].mean((1, 2))
        scores = [np.log(2.0) * (left > 0.5) if n == 3 else 0 * left for n in range(8)]
        return np.stack([left, 10 * left, *scores], axis=1).astype(np.float32)


def test_both_sides_count_alike_and_axes_stay_in_range() -> None:
    face = np.zeros((1, 49, 49), dtype=np.float32)
    face[:, :, :24] = 0.8
    read = mirrored([LeftHalf()], face)
    assert read["valence"] == pytest.approx(0.4)
    assert read["arousal"] == pytest.approx(0.5)  # 8 is cut to 1, its mirror image tells 0


def test_scores_become_probabilities_before_the_mean_is_taken() -> None:
    face = np.zeros((1, 49, 49), dtype=np.float32)
    face[:, :, :24] = 0.8
    read = mirrored([LeftHalf()], face)
    # Twice as likely as each of the seven others on one side, as likely on the other.
    assert read["surprise"] == pytest.approx((2 / 9 + 1 / 8) / 2)
    assert sum(float(read[name][0]) for name in EXPRESSIONS) == pytest.approx(1.0)


def test_batches_change_nothing() -> None:
    faces = np.random.default_rng(0).random((2 * BATCH + 3, 49, 49)).astype(np.float32)
    whole = mirrored([LeftHalf()], faces)["valence"]
    one_by_one = [mirrored([LeftHalf()], face[None])["valence"][0] for face in faces]
    np.testing.assert_allclose(whole, one_by_one, rtol=1e-6)
