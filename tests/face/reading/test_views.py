from pathlib import Path

import numpy as np
import pytest

from mood2music.face.labels import EXPRESSIONS
from mood2music.face.picture.detect import Box, crop
from mood2music.face.picture.image import grey
from mood2music.face.reading.predictor import FacePixels
from mood2music.face.reading.views import BATCH, MOVES, mirrored, moved, views
from tests.face.picture.boxes import area

PIXELS = np.random.default_rng(0).integers(0, 255, (200, 300, 3), dtype=np.uint8)
BOX = Box(100, 50, 200, 150)


def test_without_tta_there_is_the_box_alone() -> None:
    (face,) = views(PIXELS, BOX, 0.1, tta=False)
    np.testing.assert_array_equal(face, crop(grey(PIXELS), BOX, margin=0.1))


def test_with_tta_every_move_is_another_crop_and_the_first_is_the_box() -> None:
    several = views(PIXELS, BOX, 0.1, tta=True)
    assert several.shape == (len(MOVES), 49, 49)
    assert len({face.tobytes() for face in several}) == len(MOVES)
    np.testing.assert_array_equal(several[0], views(PIXELS, BOX, 0.1, tta=False)[0])


def test_moves_are_fractions_of_the_box() -> None:
    assert moved(BOX, 0.04, 0.0, 1.0) == Box(104, 50, 204, 150)
    assert moved(BOX, 0.0, -0.1, 1.0) == Box(100, 40, 200, 140)
    assert moved(BOX, 0.0, 0.0, 0.5) == Box(125, 75, 175, 125)


def test_a_box_of_one_pixel_stays_a_box() -> None:
    assert area(moved(Box(3, 3, 4, 4), 0.04, 0.0, 0.92)) >= 1


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


class Grey(LeftHalf):
    """A predictor that tells one valence, whatever it sees, and nothing else."""

    def __init__(self, valence: float) -> None:
        super().__init__()
        self.outputs, self.valence = ["valence"], valence

    def __call__(self, faces: FacePixels) -> FacePixels:
        return np.full((len(faces), 1), self.valence, dtype=np.float32)


def test_networks_that_tell_the_same_are_averaged_in_any_order() -> None:
    face = np.full((1, 49, 49), 0.5, dtype=np.float32)
    several = [Grey(0.9), LeftHalf(), Grey(-0.2)]
    for order in (several, several[::-1]):
        read = mirrored(order, face)
        assert read["valence"] == pytest.approx(0.4)  # of .9, .5 and -.2
        assert read["arousal"] == pytest.approx(1.0)  # of the only one that tells it


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
