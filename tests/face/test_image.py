"""image.py: any picture becomes upright RGB, any broken one gives one line."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mood2music.errors import ImageError
from mood2music.face.image import decode, grey, load, sample_portrait


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("mode", "kind", "colour", "expected"),
    [
        ("L", "PNG", 100, (100, 100, 100)),
        ("RGB", "PNG", (10, 20, 30), (10, 20, 30)),
        ("RGBA", "PNG", (10, 20, 30, 0), (255, 255, 255)),
        ("RGBA", "PNG", (10, 20, 30, 255), (10, 20, 30)),
        ("LA", "PNG", (80, 255), (80, 80, 80)),
        ("CMYK", "TIFF", (0, 0, 0, 0), (255, 255, 255)),
        ("I;16", "PNG", 65535, (255, 255, 255)),
        ("I;16", "PNG", 32768, (128, 128, 128)),
        ("1", "PNG", 1, (255, 255, 255)),
    ],
)
def test_every_mode_becomes_rgb(
    mode: str, kind: str, colour: object, expected: tuple[int, int, int]
) -> None:
    pixels = decode(encoded(Image.new(mode, (4, 3), colour), kind), "x")  # type: ignore[arg-type]
    assert pixels.shape == (3, 4, 3)
    assert pixels.dtype == np.uint8
    assert tuple(pixels[0, 0]) == expected


def test_exif_orientation_turns_the_picture_upright() -> None:
    image = Image.new("RGB", (40, 20))
    image.paste((255, 255, 255), (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # shown by turning a quarter clockwise
    pixels = decode(encoded(image, "JPEG", exif=exif, quality=95), "x")
    assert pixels.shape == (40, 20, 3)
    assert pixels[5].mean() > 250
    assert pixels[35].mean() < 5


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"no picture at .*me\.jpg"):
        load(tmp_path / "me.jpg")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "me.jpg").touch()
    with pytest.raises(ImageError, match="empty"):
        load(tmp_path / "me.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_truncated_file_is_refused(kind: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    whole = encoded(Image.fromarray(noise), kind)
    with pytest.raises(ImageError, match="damaged"):
        decode(whole[: len(whole) // 2], "half")


def test_text_is_no_picture() -> None:
    with pytest.raises(ImageError, match="not a picture"):
        decode(b"dear diary", "diary.jpg")


@pytest.mark.parametrize("side", [10_001, 60_000])
def test_a_bomb_is_refused_from_its_header(side: int) -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    with pytest.raises(ImageError, match=r"100 million|larger") as caught:
        decode(b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT", "bomb.png")
    assert "\n" not in str(caught.value)


def test_grey_is_the_luma_of_itu_601() -> None:
    red = np.zeros((2, 2, 3), dtype=np.uint8)
    red[..., 0] = 255
    assert grey(red)[0, 0] == round(0.299 * 255)


def test_the_sample_portrait_is_in_the_package() -> None:
    assert load(sample_portrait()).shape == (512, 512, 3)
