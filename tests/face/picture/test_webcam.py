"""webcam.py: a frame of a real stream is read; no camera and no OpenCV are said in one line."""

import sys
from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import ImageError
from mood2music.face.picture.webcam import take_photo
from tests.film import write_film


def test_without_opencv_the_way_to_get_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)  # Python's own way to say: not installed
    with pytest.raises(ImageError, match=r"needs OpenCV: pip install .*mood2music\[webcam\]"):
        take_photo()


def test_a_camera_that_does_not_answer_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("cv2", reason="OpenCV is not installed")
    with pytest.raises(ImageError, match=r"no camera answers at face\.camera=97"):
        take_photo(97)
    assert capfd.readouterr() == ("", "")


def test_a_frame_comes_in_rgb_and_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    write_film(path, np.full((48, 64, 3), (10, 10, 250), dtype=np.uint8), count=3)  # blue
    photo = take_photo(str(path))
    assert photo.pixels.shape == (48, 64, 3)
    assert photo.pixels[..., 2].min() > 200 > 50 > photo.pixels[..., 0].max()
    assert photo.name == "webcam"
    assert [p.name for p in tmp_path.iterdir()] == ["film.avi"]
