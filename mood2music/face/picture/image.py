"""Reads a picture file as an upright RGB array of bytes; broken files give one line.

Of what else a file tells (place, time, camera) only the orientation is read, and nothing goes out.
"""

import contextlib
import importlib.util
import io
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError

from mood2music.brief import brief
from mood2music.errors import ImageError
from mood2music.face.picture.cost import most_pixels
from mood2music.face.picture.kinds import FORMATS, is_raw, unread_kind

ENOUGH = 1000  # pixels of the longer side that suffice: the search for faces takes fewer
STRIP = 1_000_000  # pixels that are turned to RGB at once
# What turns a picture upright, by its orientation (Exif 2.32, tag 274).
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Pixels = npt.NDArray[np.uint8]


@brief
@dataclass(frozen=True)
class Photo:
    """A photo in memory.

    pixels: uint8 (height, width, 3), RGB, upright; scale: pixels of the file to one of these;
    name: of the file, without its folders.
    """

    pixels: Pixels
    scale: float
    name: str


def load(path: Path) -> Pixels:
    """Read a picture: uint8 (height, width, 3), RGB, turned upright by its EXIF tag.

    Grey, palette, transparent (laid on white), CMYK and 16-bit pictures become RGB; of an animation
    the first frame is taken. Raises ImageError when the file is missing, empty, truncated, no
    picture, of a format that is not read (HEIC, PostScript), above 100 megapixels or such that
    decoding it takes more than 400 MB (refused from its header, before anything is decoded).
    """
    with _opened(path) as file:
        return _decode(file, path.name, None).pixels


def load_photo(path: Path, enough: int = ENOUGH) -> Photo:
    """Read a photo as `load` does, but halved while `enough` pixels of its longer side are left.

    A JPEG of 50 megapixels is decoded to 1/8 of its sides at once: 0.1 s and 46 MB more memory at
    the peak, where decoding all of it takes 0.8 s and 670 MB.
    """
    with _opened(path) as file:
        return _decode(file, path.name, enough)


def decode(data: bytes, name: str) -> Pixels:
    """Decode the bytes of a picture as `load` does; `name` is used in messages."""
    return _decode(io.BytesIO(data), name, None).pixels


def decode_photo(data: bytes, name: str, enough: int = ENOUGH) -> Photo:
    """Decode the bytes of a photo as `load_photo` does; `name` is used in messages."""
    return _decode(io.BytesIO(data), name, enough)


def _opened(path: Path) -> BinaryIO:
    try:
        if path.is_dir():
            raise ImageError(f"{path} is a folder: pass the path of a photo (JPEG, PNG, WebP)")
        if not path.is_file():
            raise ImageError(f"no picture at {path}: pass the path of a photo (JPEG, PNG, WebP)")
        return path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: no file has a name with a zero in it
        reason = getattr(error, "strerror", None) or error
        raise ImageError(f"{path.name} cannot be read: {reason}") from error


def _decode(file: BinaryIO, name: str, enough: int | None) -> Photo:
    if is_raw(name):
        raise ImageError(f"{name} is a camera's raw file, which is not read here: {_convert(name)}")
    head = file.read(12)
    if not head:
        raise ImageError(f"{name} is empty (0 bytes): pass a photo (JPEG, PNG, WebP)")
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the limit below is stricter than Pillow's warning
            with Image.open(file, formats=_formats()) as image:
                _check_size(image, file, name, enough)
                size = max(image.size)
                pixels = _upright(image, enough)
                return Photo(pixels, size / max(pixels.shape[:2]), name)
    except ImageError:
        raise
    except UnidentifiedImageError as error:
        if (kind := unread_kind(head)) is not None:
            raise ImageError(
                f"{name} is {kind}, which is not read here: {_convert(name, kind)}"
            ) from error
        raise ImageError(f"{name} is not a picture: pass a photo (JPEG, PNG, WebP)") from error
    except Image.DecompressionBombError as error:
        raise ImageError(f"{name} has more than 100 million pixels: pass a smaller copy") from error
    # Each of Pillow's decoders raises what it likes on bytes that it did not expect.
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ImageError(f"{name} is damaged ({reason}): pass a whole file") from error


@lru_cache(maxsize=1)
def _formats() -> list[str]:
    """FORMATS without those that this Pillow was built without."""
    Image.init()
    return [name for name in FORMATS if name in Image.OPEN]


def _convert(name: str, kind: str = "") -> str:
    by = f"heif-convert {name} photo.jpg, or " if kind == "HEIC" else ""
    return f"convert to JPEG ({by}export it in your photo program)"


def _check_size(image: Image.Image, file: BinaryIO, name: str, enough: int | None) -> None:
    """Refuse a picture that takes too much memory, before it is decoded."""
    factor = 1 if enough is None else _halvings(image, enough)
    most = most_pixels(image, file, factor, 3.0)
    if image.width * image.height > most:
        raise ImageError(
            f"{name} has {image.width} x {image.height} pixels, expected at most "
            f"{most / 1_000_000:.3g} million of a {image.format} of this kind: pass a smaller copy"
        )


def grey(pixels: Pixels) -> Pixels:
    """Turn RGB (height, width, 3) into grey (height, width) by ITU-R 601 luma, as Pillow does."""
    return np.asarray(Image.fromarray(pixels).convert("L"))


def sample_portrait() -> Path:
    """Give scikit-image's public-domain astronaut, read from the installed package itself."""
    found = importlib.util.find_spec("skimage")
    if found is None or found.origin is None:
        raise ImageError("no sample portrait: install scikit-image, or pass photo=me.jpg")
    portrait = Path(found.origin).parent / "data" / "astronaut.png"
    if not portrait.is_file():
        raise ImageError("scikit-image carries no sample portrait here: pass photo=me.jpg")
    return portrait


def _upright(image: Image.Image, enough: int | None) -> Pixels:
    """Decode to RGB, halved while `enough` pixels of the longer side are left, turned upright."""
    if enough is not None:
        # A JPEG is decoded to 1/2, 1/4 or 1/8 of its size straight away; others take no notice.
        factor = _halvings(image, enough)
        image.draft(None, (image.width // factor, image.height // factor))
    image.load()
    turn = None
    with contextlib.suppress(Exception):  # a photo with a broken note on how it was held is whole
        turn = UPRIGHT.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    pixels = _rgb_rows(image, 1 if enough is None else _halvings(image, enough))
    image.close()
    return pixels if turn is None else np.asarray(Image.fromarray(pixels).transpose(turn))


def _rgb_rows(image: Image.Image, factor: int) -> Pixels:
    """Turn to RGB, each side `factor` times smaller, some rows at a time to save memory."""
    width, height = image.size
    rows = max(1, STRIP // (width * factor)) * factor
    top = _top(image, rows) if image.mode.startswith("I") or image.mode == "F" else 1.0
    out = np.empty((-(-height // factor), -(-width // factor), 3), dtype=np.uint8)
    for start in range(0, height, rows):
        strip = image.crop((0, start, width, min(height, start + rows)))
        if strip.mode not in ("L", "RGB", "RGBA", "CMYK") or "transparency" in strip.info:
            strip = _rgb(strip, top)  # the others cannot be averaged
        if factor > 1:
            strip = strip.reduce(factor)
        first = start // factor
        out[first : first + strip.height] = np.asarray(_rgb(strip, top))
    return out


def _top(image: Image.Image, rows: int) -> float:
    """What counts as white in a grey of more than 8 bits, by the brightest pixel that there is.

    What was sharpened or enlarged overshoots a white of 1 a little, and stays of that scale.
    """
    most = 0.0
    for start in range(0, image.height, rows):
        strip = image.crop((0, start, image.width, min(image.height, start + rows)))
        most = max(most, float(np.nan_to_num(np.asarray(strip)).max()))
    return 65535.0 if most > 255.0 else 255.0 if most > 2.0 else 1.0


def _halvings(image: Image.Image, enough: int) -> int:
    factor = 1
    while max(image.size) // (2 * factor) >= enough:
        factor *= 2
    return factor


def _rgb(image: Image.Image, top: float) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # 16-bit and float greys: Pillow's own conversion clips instead of scaling.
        values = np.asarray(image)
        if values.dtype.kind == "u" and values.dtype.itemsize == 2:
            image = Image.fromarray(_levels(top)[values])
        else:
            image = Image.fromarray(_to_bytes(np.nan_to_num(values.astype(np.float64)), top))
    if image.mode in ("RGBa", "La"):
        image = image.convert("RGBA" if image.mode == "RGBa" else "LA")
    if image.mode == "LAB":
        image = _from_lab(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


@lru_cache(maxsize=4)
def _levels(top: float) -> Pixels:
    """The level of each of the 65,536 greys of 16 bits: many times faster than computing each."""
    return _to_bytes(np.arange(1 << 16, dtype=np.float64), top)


def _to_bytes(values: npt.NDArray[np.float64], top: float) -> Pixels:
    return np.asarray((np.clip(values / top, 0.0, 1.0) * 255.0).round(), dtype=np.uint8)


def _from_lab(image: Image.Image) -> Image.Image:
    from PIL import ImageCms

    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    turned = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    assert turned is not None  # only in place it gives nothing
    return turned
