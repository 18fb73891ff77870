"""image.py: any picture becomes upright RGB, any broken one gives one line."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from mood2music.errors import ImageError
from mood2music.face.picture.image import (
    ENOUGH,
    Pixels,
    decode,
    decode_photo,
    grey,
    load,
    load_photo,
    sample_portrait,
)


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
        ("P", "PNG", 0, (0, 0, 0)),
        ("L", "JPEG", 100, (100, 100, 100)),
        ("CMYK", "JPEG", (0, 0, 0, 0), (255, 255, 255)),
        ("F", "TIFF", 0.5, (128, 128, 128)),
        ("RGB", "WEBP", (255, 255, 255), (255, 255, 255)),
    ],
)
def test_every_mode_becomes_rgb(
    mode: str, kind: str, colour: object, expected: tuple[int, int, int]
) -> None:
    pixels = decode(encoded(Image.new(mode, (4, 3), colour), kind), "x")  # type: ignore[arg-type]
    assert pixels.shape == (3, 4, 3)
    assert pixels.dtype == np.uint8
    assert tuple(pixels[0, 0]) == expected


CORNERS = np.array([[0, 80], [160, 240]], dtype=np.uint8)  # grey levels, upright


def stored(orientation: int) -> Pixels:
    """The corners as a camera stores them that notes this orientation (Exif 2.32, tag 274)."""
    turned = {
        1: CORNERS, 2: CORNERS[:, ::-1], 3: CORNERS[::-1, ::-1], 4: CORNERS[::-1],
        5: CORNERS.T, 6: np.rot90(CORNERS), 7: CORNERS[::-1, ::-1].T, 8: np.rot90(CORNERS, -1),
    }  # fmt: skip
    return np.kron(turned[orientation], np.ones((24, 24), dtype=np.uint8))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_every_exif_orientation_is_turned_upright(orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(stored(orientation)), kind, exif=exif)
    for pixels in (decode(data, "x"), decode_photo(data, "x").pixels):
        small = pixels[12::24, 12::24].mean(-1)
        np.testing.assert_allclose(small, CORNERS, atol=8)


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L")]
)
def test_a_large_photo_is_made_smaller_and_stays_upright(kind: str, mode: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("L", (2 * ENOUGH, 100))
    image.paste(255, (0, 0, ENOUGH, 100))
    photo = decode_photo(encoded(image.convert(mode), kind, exif=exif), "x")
    assert photo.pixels.shape == (ENOUGH, 50, 3)
    assert photo.scale == 2
    assert photo.pixels[: ENOUGH // 2 - 4].min() > 240
    assert photo.pixels[ENOUGH // 2 + 4 :].max() < 15


def test_a_photo_that_is_small_enough_stays_as_it_is() -> None:
    photo = load_photo(sample_portrait())
    assert (photo.scale, photo.name) == (1, "astronaut.png")
    np.testing.assert_array_equal(photo.pixels, load(sample_portrait()))


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_of_an_animation_the_first_frame_is_read(kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("white", "black", "red")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    assert decode(data, "x").min() > 250


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"mif1"])
def test_heic_is_refused_with_a_word_on_converting(brand: bytes, tmp_path: Path) -> None:
    data = struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1heic" + bytes(60)
    (tmp_path / "me.jpg").write_bytes(data)  # known by its bytes, whatever its name
    with pytest.raises(ImageError, match=r"me\.jpg is HEIC.*save it as JPEG"):
        load(tmp_path / "me.jpg")


def test_avif_is_read_where_pillow_reads_it() -> None:
    if not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    assert decode(encoded(Image.new("RGB", (16, 16), "white"), "AVIF"), "x").min() > 240


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
