"""Tells how large a picture may be, by the memory that decoding it takes, before it is decoded.

A small file can stand for a large picture, and how much memory a pixel takes depends on the
format: libjpeg keeps the coefficients of a progressive file (2 bytes a sample), libwebp and Pillow
four copies of the picture, libavif the planes, its own copy and two of Pillow's. The figures are
peaks measured on 25 megapixels of noise, rounded up.
"""

from typing import Any, BinaryIO

from PIL import Image

MOST_BYTES = 400_000_000
MOST_PIXELS = 100_000_000

# Bytes a pixel while decoding, where that is more than the decoded picture takes.
_DECODING = {"WEBP": 16.0, "AVIF": 16.0}
# Pillow decodes these pixel by pixel in Python, which takes seconds a megapixel.
_SLOW = {"ppm": 40.0, "ppm_plain": 40.0, "bmp_rle": 40.0}
_ROWS_PER_STRIP, _TILE_WIDTH, _TILE_HEIGHT = 278, 322, 323  # TIFF 6.0, sections 3 and 15
_BITS, _SAMPLES = 258, 277


def most_pixels(image: Image.Image, file: BinaryIO, factor: int, result: float) -> int:
    """How many pixels a picture of this kind may have.

    file: what it is read from, whose place is kept; factor: how many times smaller each side
    becomes in the end; result: bytes that a pixel of the end takes.
    """
    each = _bytes_a_pixel(image, file, factor, result)
    return min(MOST_PIXELS, int(MOST_BYTES / each))


def _bytes_a_pixel(image: Image.Image, file: BinaryIO, factor: int, result: float) -> float:
    decoded = 1.0 if image.mode in ("1", "L", "P") else 2.0 if image.mode[:4] == "I;16" else 4.0
    decoding = _DECODING.get(image.format or "", decoded)
    if image.format in ("JPEG", "MPO"):
        decoded /= min(factor, 8) ** 2  # libjpeg makes it smaller on the way
        decoding = decoded + (_coefficients(image) if _in_many_scans(image, file) else 0.0)
    elif image.format == "TIFF":
        decoding = decoded + _strip(image) / max(1, image.width * image.height)
    tile: Any = getattr(image, "tile", None)
    if tile and tile[0][0] in _SLOW:
        decoding = _SLOW[str(tile[0][0])]
    return max(decoding, decoded + result / float(factor**2))


def _coefficients(image: Any) -> float:
    """Bytes of a JPEG's coefficients a pixel: 2 a sample, fewer where colours are halved."""
    sizes = [across * down for _, across, down, _ in image.layer]
    return float(2.0 * sum(sizes) / max([1, *sizes]))


def _in_many_scans(image: Image.Image, file: BinaryIO) -> bool:
    """Whether libjpeg must keep all coefficients: progressive, or a component after another.

    The first start of scan (marker FFDA, ITU-T T.81 B.2.3) says how many components it has; a
    file whose markers cannot be followed is taken for such.
    """
    layers: list[Any] = getattr(image, "layer", [])
    if "progressive" in image.info or "progression" in image.info:
        return True
    place = file.tell()
    try:
        file.seek(2)
        while len(head := file.read(4)) == 4 and head[0] == 0xFF:
            if head[1] == 0xDA:
                return file.read(1) != bytes([len(layers)])
            file.seek(int.from_bytes(head[2:], "big") - 2, 1)
        return True
    finally:
        file.seek(place)


def _strip(image: Any) -> float:
    """Bytes of a TIFF's largest strip or tile, which libtiff decodes at once."""
    if not image.tile or image.tile[0][0] != "libtiff":
        return 0.0
    tags = image.tag_v2
    samples, bits = tags.get(_SAMPLES, 1), tags.get(_BITS, (8,))
    each = max(4.0, samples * max(bits if isinstance(bits, tuple) else (bits,)) / 8)
    if "jpeg" in image.info.get("compression", ""):
        each += 8.0
    if _TILE_WIDTH in tags and _TILE_HEIGHT in tags:
        return float(each * tags[_TILE_WIDTH] * tags[_TILE_HEIGHT])
    rows = min(image.height, tags.get(_ROWS_PER_STRIP, image.height))
    return float(each * image.width * rows)
