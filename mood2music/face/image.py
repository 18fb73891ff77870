"""A picture file comes in, an upright RGB array of bytes goes out; broken files give one line."""

import importlib.util
import io
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from mood2music.errors import ImageError

MOST_PIXELS = 100_000_000

Pixels = npt.NDArray[np.uint8]


def load(path: Path) -> Pixels:
    """Read a photo: uint8 (height, width, 3), RGB, turned upright by its EXIF tag.

    Grey, palette, transparent (laid on white), CMYK and 16-bit pictures become RGB. Raises
    ImageError when the file is missing, empty, truncated, no picture, or above 100 megapixels
    (refused from its header, before anything is decoded).
    """
    if not path.is_file():
        raise ImageError(f"no picture at {path}: pass the path of a photo (JPEG, PNG, WebP)")
    try:
        return decode(path.read_bytes(), path.name)
    except OSError as error:
        raise ImageError(f"{path.name} cannot be read: {error.strerror or error}") from error


def decode(data: bytes, name: str) -> Pixels:
    """Decode the bytes of a picture as `load` does; `name` is used in messages."""
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
                return np.asarray(_rgb(ImageOps.exif_transpose(image)))
    except ImageError:
        raise
    except UnidentifiedImageError as error:
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


def _rgb(image: Image.Image) -> Image.Image:
    image.load()
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
