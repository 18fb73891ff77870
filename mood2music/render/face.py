"""Writes a small grey face as a PNG of its pixels and nothing else."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from mood2music.files import atomically


def write_face(face: npt.NDArray[np.float32], path: Path) -> None:
    """Write `face` (height, width), grey in [0, 1], as an 8-bit PNG without metadata."""
    image = Image.fromarray((np.clip(face, 0.0, 1.0) * 255).round().astype(np.uint8))
    with atomically(path) as unfinished:
        image.save(unfinished, "PNG")
