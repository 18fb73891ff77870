"""image.py: any picture becomes upright RGB, any broken one gives one line."""

import io
import os
import struct
import subprocess
import sys
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
        ("F", "TIFF", 1.05, (255, 255, 255)),
        ("F", "TIFF", 100.0, (100, 100, 100)),
        ("I", "TIFF", 65535, (255, 255, 255)),
        ("I;16B", "TIFF", 32768, (128, 128, 128)),
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
    with pytest.raises(ImageError, match=r"me\.jpg is HEIC.*convert to JPEG"):
        load(tmp_path / "me.jpg")


def test_avif_is_read_where_pillow_reads_it() -> None:
    if not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    assert decode(encoded(Image.new("RGB", (16, 16), "white"), "AVIF"), "x").min() > 240


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_transparent_palette_colour_is_laid_on_white(kind: str) -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((0, 0), 0)
    pixels = decode(encoded(image, kind, transparency=0), "x")
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[1, 1].tolist() == [40, 50, 60]


def test_white_in_the_colours_of_cie_lab_is_white() -> None:
    assert decode(encoded(Image.new("LAB", (4, 4), (255, 128, 128)), "TIFF"), "x").min() > 250


def test_rows_are_turned_to_rgb_as_the_whole_picture_would_be() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (2037, 1501, 3), dtype=np.uint8)
    photo = decode_photo(encoded(Image.fromarray(noise), compress_level=1), "x")
    whole = np.asarray(Image.fromarray(noise).reduce(2))
    np.testing.assert_array_equal(photo.pixels, whole)


def test_a_broken_note_on_how_it_was_held_does_not_spoil_a_photo() -> None:
    data = encoded(Image.new("RGB", (16, 16), "white"), "JPEG", exif=b"Exif\0\0not a TIFF")
    assert decode(data, "x").min() > 250


POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n{} loop\n%%EOF\n"


@pytest.mark.parametrize("name", ["me.jpg", "me.eps", "me"])
def test_postscript_is_no_picture_and_starts_no_program(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, started = tmp_path / "gs", tmp_path / "started"
    program.write_text(f"#!/bin/sh\ntouch {started}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("PIL.EpsImagePlugin.gs_binary", None)  # not looked for yet
    with Image.open(io.BytesIO(POSTSCRIPT)) as image:
        assert image.format == "EPS"  # so Pillow by itself would go on
    (tmp_path / name).write_bytes(POSTSCRIPT)
    with pytest.raises(ImageError, match="is not a picture"):
        load(tmp_path / name)
    assert not started.exists()


@pytest.mark.parametrize("kind", ["DDS", "JPEG2000", "TGA", "ICNS", "PCX", "SGI", "ICO", "PDF"])
def test_a_format_that_no_camera_writes_is_refused_in_one_line(kind: str) -> None:
    with pytest.raises(ImageError, match=r"is not a picture|not read here: convert") as caught:
        decode(encoded(Image.new("RGB", (16, 16), "white"), kind), "x")
    assert "\n" not in str(caught.value)


def test_a_cameras_raw_file_is_not_read_as_its_thumbnail() -> None:
    thumbnail = encoded(Image.new("RGB", (16, 16)), "TIFF")
    with pytest.raises(ImageError, match="raw file, which is not read here: convert to JPEG"):
        decode(thumbnail, "DSC_0001.NEF")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP", "PPM"])
def test_whatever_is_wrong_with_the_bytes_is_said_in_one_line(kind: str) -> None:
    if kind == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    random = np.random.default_rng(0)
    noise = Image.fromarray(random.integers(0, 256, (24, 24, 3), dtype=np.uint8))
    whole, said = encoded(noise, kind), []
    for _ in range(60):
        data = bytearray(whole[: random.integers(1, len(whole) + 1)])
        for place in random.integers(0, len(data), random.integers(0, 8)):
            data[place] = random.integers(0, 256)
        try:
            decode_photo(bytes(data), "x")
        except ImageError as error:
            said.append(str(error))
    assert said
    assert all(len(text.splitlines()) == 1 for text in said)


MEASURE = """
import sys
from pathlib import Path
from mood2music.face.picture.image import load_photo
def most():
    text = Path("/proc/self/status").read_text()
    return int(text.split("VmHWM:")[1].split()[0]) // 1024
load_photo(Path(sys.argv[1]))
before = most()
load_photo(Path(sys.argv[2]))
print(most() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak")
@pytest.mark.parametrize(
    ("mode", "kind", "most"), [("I;16", "PNG", 150), ("P", "PNG", 100), ("LA", "PNG", 220)]
)
@pytest.mark.slow
def test_a_large_picture_takes_little_more_memory_than_its_pixels(
    mode: str, kind: str, most: int, tmp_path: Path
) -> None:
    tiny, large = tmp_path / "tiny", tmp_path / "large"
    tiny.write_bytes(encoded(Image.new(mode, (8, 8)), kind))
    large.write_bytes(encoded(Image.new(mode, (8000, 5000)), kind, compress_level=1))
    command = [sys.executable, "-c", MEASURE, str(tiny), str(large)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < most  # MB, of 40 megapixels


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
    with pytest.raises(ImageError, match=r"100 million") as caught:
        decode(b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT", "bomb.png")
    assert "\n" not in str(caught.value)


def test_grey_is_the_luma_of_itu_601() -> None:
    red = np.zeros((2, 2, 3), dtype=np.uint8)
    red[..., 0] = 255
    assert grey(red)[0, 0] == round(0.299 * 255)


def test_the_sample_portrait_is_in_the_package() -> None:
    assert load(sample_portrait()).shape == (512, 512, 3)
