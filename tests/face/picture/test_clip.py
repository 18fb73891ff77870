"""clip.py: frames spread over a film, called by their second."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mood2music.errors import ImageError
from mood2music.face.picture.clip import is_clip, take_frames
from tests.film import write_film


def test_films_are_known_by_their_names() -> None:
    assert is_clip("me.MP4")
    assert is_clip(Path("a/me.webm"))
    assert not is_clip("me.jpg")


def test_without_opencv_the_way_to_get_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)  # Python's own way to say: not installed
    with pytest.raises(ImageError, match=r"me\.mp4 is a film, which needs OpenCV: pip install"):
        take_frames(Path("me.mp4"), 3)


def test_frames_are_the_middles_of_equal_parts(tmp_path: Path) -> None:
    path = tmp_path / "film.avi"
    write_film(path, np.full((48, 64, 3), (10, 10, 250), dtype=np.uint8), count=12)  # blue, 10 Hz
    photos = take_frames(path, 3)
    assert [photo.name for photo in photos] == [
        f"film.avi at {at} s" for at in ("0.20", "0.60", "1.00")
    ]
    assert photos[0].pixels[..., 2].min() > 200 > 50 > photos[0].pixels[..., 0].max()
    assert len(take_frames(path, 99)) == 12


def test_a_film_that_does_not_say_its_length_is_spread_over_too(tmp_path: Path) -> None:
    pytest.importorskip("cv2", reason="OpenCV is not installed")
    path, stream = tmp_path / "live.webm", io.BytesIO()
    for level in range(0, 240, 20):  # JPEG after JPEG: a stream without a header, 25 Hz
        Image.new("RGB", (64, 48), (level, level, level)).save(stream, "JPEG")
    path.write_bytes(stream.getvalue())
    photos = take_frames(path, 3)
    assert [photo.name for photo in photos] == [
        f"live.webm at {at} s" for at in ("0.08", "0.24", "0.40")
    ]
    assert [round(float(photo.pixels.mean())) for photo in photos] == [40, 120, 200]
    assert len(take_frames(path, 99)) == 12


def test_what_is_no_film_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("cv2", reason="OpenCV is not installed")
    (tmp_path / "me.mp4").write_bytes(b"no film")
    with pytest.raises(ImageError, match=r"me\.mp4 is no film that OpenCV can read"):
        take_frames(tmp_path / "me.mp4", 3)
