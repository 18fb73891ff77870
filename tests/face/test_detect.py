"""detect.py: the astronaut's face is found where it is; cuts of it are small, grey and whole."""

import numpy as np
import pytest

from mood2music.errors import ImageError, NoFaceError, SettingsError
from mood2music.face.detect import Box, DetectSettings, crop, detect, whole
from mood2music.face.image import load, sample_portrait

HILL = np.linspace(0, 255, 200 * 300 * 3, dtype=np.uint8).reshape(200, 300, 3)


def test_the_astronaut_has_one_face_and_it_is_hers() -> None:
    boxes = detect(load(sample_portrait()), DetectSettings())
    assert len(boxes) == 1
    # Nose and both eyes of the portrait, by eye.
    for x, y in ((228, 130), (205, 112), (245, 110)):
        assert boxes[0].left < x < boxes[0].right
        assert boxes[0].top < y < boxes[0].bottom


def test_a_scaled_down_search_gives_boxes_of_the_whole_picture() -> None:
    pixels = load(sample_portrait())
    [full] = detect(pixels, DetectSettings())
    [small] = detect(pixels, DetectSettings(longest_side=400))
    assert abs(small.left - full.left) < 25
    assert 0.6 < small.area / full.area < 1.6


def test_the_largest_of_two_faces_comes_first() -> None:
    portrait = load(sample_portrait())
    canvas = np.full((512, 1024, 3), 255, dtype=np.uint8)
    canvas[:, :512] = portrait
    canvas[256:, 768:] = portrait[:512:2, ::2]
    boxes = detect(canvas, DetectSettings(upsample=1))
    assert len(boxes) == 2
    assert boxes[0].area > boxes[1].area
    assert boxes[0].left < 512 < boxes[1].left


def test_a_picture_without_a_face_says_the_ways_out() -> None:
    with pytest.raises(NoFaceError) as caught:
        detect(HILL, DetectSettings(), "cat.jpg")
    assert str(caught.value) == (
        "no face in cat.jpg: pass a frontal photo, face.detector=none, or mood=[0.4,0.2]"
    )


def test_detector_none_takes_the_whole_picture() -> None:
    assert detect(HILL, DetectSettings(detector="none")) == [Box(0, 0, 300, 200)]


def test_an_unknown_detector_is_refused() -> None:
    with pytest.raises(SettingsError, match="expected dlib or none"):
        detect(HILL, DetectSettings(detector="haar"))


def test_a_crop_is_49_grey_pixels_a_side_between_0_and_1() -> None:
    face = crop(HILL, whole(HILL))
    assert face.shape == (49, 49)
    assert face.dtype == np.float32
    assert 0 <= face.min() < 0.3
    assert 0.7 < face.max() <= 1


def test_a_crop_takes_the_box_and_nothing_else() -> None:
    pixels = np.zeros((100, 100), dtype=np.uint8)
    pixels[20:60, 30:70] = 255
    assert crop(pixels, Box(30, 20, 70, 60)).min() == 1.0
    assert crop(pixels, Box(30, 20, 70, 60), margin=0.25).min() == 0.0


def test_outside_the_picture_its_border_is_repeated() -> None:
    face = crop(np.full((50, 50), 51, dtype=np.uint8), Box(-20, -20, 30, 30))
    np.testing.assert_allclose(face, 0.2, atol=1e-6)


@pytest.mark.parametrize("corners", [(60, 0, 80, 20), (-30, 0, -10, 20)])
def test_a_box_off_the_picture_is_refused(corners: tuple[int, int, int, int]) -> None:
    with pytest.raises(ImageError, match="outside"):
        crop(np.zeros((50, 50), dtype=np.uint8), Box(*corners))


def test_a_box_without_area_is_refused() -> None:
    with pytest.raises(ImageError, match="empty"):
        Box(5, 5, 5, 9)
