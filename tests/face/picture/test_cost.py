"""cost.py: what decoding takes is known from the header, and too much is refused."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from mood2music.errors import ImageError
from mood2music.face.picture.cost import MOST_BYTES, MOST_PIXELS, most_pixels
from mood2music.face.picture.image import decode_photo


def allowed(image: Image.Image, kind: str, factor: int = 1, **options: object) -> int:
    file = io.BytesIO()
    image.save(file, kind, **options)
    file.seek(0)
    with Image.open(file) as opened:
        place = file.tell()
        most = most_pixels(opened, file, factor, 3.0)
        assert file.tell() == place
        return most


PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))


def test_a_photo_that_is_made_smaller_on_the_way_may_have_the_most_pixels() -> None:
    assert allowed(PICTURE, "JPEG", 8) == MOST_PIXELS
    assert allowed(PICTURE, "JPEG") == MOST_BYTES // 7


def test_a_progressive_photo_costs_its_coefficients_as_well() -> None:
    full = allowed(PICTURE, "JPEG", 8, progressive=True, subsampling=0)
    halved = allowed(PICTURE, "JPEG", 8, progressive=True, subsampling=2)
    # 2 bytes a sample: three samples a pixel, or one and a half.
    assert full == pytest.approx(MOST_BYTES / 6, rel=0.02)
    assert halved == MOST_PIXELS


def test_a_photo_of_one_colour_after_another_counts_as_progressive() -> None:
    file = io.BytesIO()
    PICTURE.save(file, "JPEG", subsampling=0)
    data = file.getvalue()
    scan = data.index(b"\xff\xda")
    # The same header with a first scan of one component alone (T.81, B.2.3).
    one = data[:scan] + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + data[scan + 14 :]
    with Image.open(io.BytesIO(one)) as opened:
        assert most_pixels(opened, io.BytesIO(one), 8, 3.0) < MOST_PIXELS


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_decoders_that_keep_copies_count_them(kind: str) -> None:
    assert allowed(PICTURE, kind, 8) == 25_000_000


def test_a_tiff_costs_its_strip_or_tile() -> None:
    in_one = allowed(PICTURE, "TIFF", 8, compression="tiff_deflate", tiffinfo={278: 64})
    in_rows = allowed(PICTURE, "TIFF", 8, compression="tiff_deflate", tiffinfo={278: 1})
    assert in_one == pytest.approx(MOST_BYTES / 8, rel=0.02)
    assert in_rows > 1.9 * in_one


def test_a_small_tiff_with_a_tile_of_gigabytes_is_refused() -> None:
    tags = [
        (256, 4, 1, 64), (257, 4, 1, 64), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1),
        (277, 3, 1, 1), (322, 4, 1, 40_000), (323, 4, 1, 40_000), (324, 4, 1, 8), (325, 4, 1, 9),
    ]  # fmt: skip
    body = zlib.compress(b"")
    ifd = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    data = b"II*\0" + struct.pack("<I", 8 + len(body)) + body + ifd + bytes(4)
    with pytest.raises(ImageError, match=r"64 x 64 pixels, expected at most") as caught:
        decode_photo(data, "x.tif")
    assert "TIFF" in str(caught.value)
