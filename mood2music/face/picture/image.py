"""A picture file comes in, an upright RGB array of bytes goes out; broken files give one line.

Of what else a file tells (place, time, camera) only the orientation is read, and nothing goes out.
"""

import importlib.util
import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, UnidentifiedImageError

from mood2music.errors import ImageError

MOST_PIXELS = 100_000_000
ENOUGH = 1000  # pixels of the longer side that suffice: the search for faces takes fewer
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
    picture, HEIC, or above 100 megapixels (refused from its header, before anything is decoded).
    """
    return decode(_bytes(path), path.name)


def load_photo(path: Path, enough: int = ENOUGH) -> Photo:
    """Read a photo as `load` does, but halved while `enough` pixels of its longer side are left.

    A JPEG of 50 megapixels is decoded to 1/8 of its sides at once: 0.1 s and 46 MB more memory at
    the peak, where decoding all of it takes 0.8 s and 670 MB.
    """
    return decode_photo(_bytes(path), path.name, enough)


def decode(data: bytes, name: str) -> Pixels:
    """Decode the bytes of a picture as `load` does; `name` is used in messages."""
    return _decode(data, name, None).pixels


def decode_photo(data: bytes, name: str, enough: int = ENOUGH) -> Photo:
    """Decode the bytes of a photo as `load_photo` does; `name` is used in messages."""
    return _decode(data, name, enough)


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise ImageError(f"no picture at {path}: pass the path of a photo (JPEG, PNG, WebP)")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImageError(f"{path.name} cannot be read: {error.strerror or error}") from error


def _decode(data: bytes, name: str, enough: int | None) -> Photo:
    if not data:
        raise ImageError(f"{name} is empty (0 bytes): pass a photo (JPEG, PNG, WebP)")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the limit below is stricter than Pillow's warning
            with Image.open(io.BytesIO(data)) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise ImageError(
                        f"{name} has {width} x {height} pixels, expected at most "
                        f"{MOST_PIXELS // 1_000_000} million: pass a smaller copy"
                    )
                small = _upright(image, enough)
                return Photo(np.asarray(small), max(width, height) / max(small.size), name)
    except ImageError:
        raise
    except UnidentifiedImageError as error:
        if (kind := _telephone_format(data)) is not None:
            raise ImageError(
                f"{name} is {kind}, which Pillow does not read here: save it as JPEG "
                f"(heif-convert {name} photo.jpg, or export it in your photo program)"
            ) from error
        raise ImageError(f"{name} is not a picture: pass a photo (JPEG, PNG, WebP)") from error
    except Image.DecompressionBombError as error:
        raise ImageError(
            f"{name} is larger than {MOST_PIXELS // 1_000_000} million pixels: pass a smaller copy"
        ) from error
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        LookupError,
        OverflowError,
        struct.error,
        zlib.error,
    ) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ImageError(f"{name} is damaged ({reason}): pass a whole file") from error


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


def _telephone_format(data: bytes) -> str | None:
    """HEIC or AVIF by the brand in the file's first box (ISO/IEC 14496-12 and 23008-12)."""
    if data[4:8] != b"ftyp":
        return None
    brand = data[8:12]
    if brand in (b"avif", b"avis"):
        return "AVIF"
    return "HEIC" if brand[:3] in (b"hei", b"hev") or brand in (b"mif1", b"msf1") else None


def _upright(image: Image.Image, enough: int | None) -> Image.Image:
    """Decode to RGB, halved while `enough` pixels of the longer side are left, turned upright."""
    if enough is not None:
        # A JPEG is decoded to 1/2, 1/4 or 1/8 of its size straight away; others take no notice.
        factor = _halvings(image, enough)
        image.draft(None, (image.width // factor, image.height // factor))
    image.load()
    turn = UPRIGHT.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    if image.mode not in ("L", "RGB", "RGBA", "CMYK"):
        image = _rgb(image)  # the others cannot be averaged
    if enough is not None and (factor := _halvings(image, enough)) > 1:
        image = image.reduce(factor)
    image = _rgb(image)
    return image if turn is None else image.transpose(turn)


def _halvings(image: Image.Image, enough: int) -> int:
    factor = 1
    while max(image.size) // (2 * factor) >= enough:
        factor *= 2
    return factor


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # 16-bit and float greys: Pillow's own conversion clips instead of scaling.
        values = np.nan_to_num(np.asarray(image, dtype=np.float64))
        top = 65535.0 if values.max() > 255.0 else 255.0 if values.max() > 1.0 else 1.0
        image = Image.fromarray((np.clip(values / top, 0.0, 1.0) * 255.0).round().astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")
