"""kinds.py: what counts as a picture, by name and by first bytes."""

import io

import pytest
from PIL import Image

from mood2music.face.picture.image import decode
from mood2music.face.picture.kinds import FORMATS, SUFFIXES, is_picture, is_raw, unread_kind


@pytest.mark.parametrize(
    "name", ["a.JPG", "a/b.jfif", "c.GIF", "d.avif", "e.HEIC", "f.Nef", "g.tar.png", "h.jxl"]
)
def test_a_picture_is_known_by_its_name_in_either_case(name: str) -> None:
    assert is_picture(name)


@pytest.mark.parametrize("name", ["labels.csv", "png", "a.png.txt", "jpg/notes", ".mp4"])
def test_other_files_are_no_pictures(name: str) -> None:
    assert not is_picture(name)


def test_every_suffix_that_is_read_belongs_to_a_format_that_is_let_in() -> None:
    Image.init()
    kinds = {Image.EXTENSION[suffix] for suffix in SUFFIXES if suffix in Image.EXTENSION}
    assert kinds - {"MPO"} == set(FORMATS)
    assert not any(is_raw(f"a{suffix}") for suffix in SUFFIXES)


def test_jpeg_2000_is_named_by_its_first_bytes() -> None:
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, "JPEG2000")
    assert unread_kind(file.getvalue()[:12]) == "JPEG 2000"
    assert unread_kind(b"dear diary..") is None


def test_a_stereo_photo_is_read_as_its_first_picture() -> None:
    file = io.BytesIO()
    two = [Image.new("RGB", (16, 16), colour) for colour in ("white", "black")]
    two[0].save(file, "MPO", save_all=True, append_images=two[1:])
    assert decode(file.getvalue(), "x").min() > 250
