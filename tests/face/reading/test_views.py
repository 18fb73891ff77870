"""views.py: the same face a little elsewhere, the box itself first."""

import numpy as np

from mood2music.face.picture.detect import Box, crop
from mood2music.face.picture.image import grey
from mood2music.face.reading.views import MOVES, moved, views
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
