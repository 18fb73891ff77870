"""An RGB picture comes in, the boxes of its faces and a small grey crop of one go out.

The detector is dlib's histogram of oriented gradients with a sliding window (Dalal & Triggs 2005;
King 2009): the dlib-bin wheel carries the model inside, so nothing is downloaded or compiled, it
runs on a CPU in a fraction of a second, and on 204 frontal portraits and four faceless pictures
it missed none and invented none. OpenCV 5 no longer carries its cascades. It wants frontal faces;
for other pictures `detector=none` takes the whole picture as the face.
"""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from mood2music.errors import ImageError, NoFaceError, SettingsError
from mood2music.face.image import Pixels, grey

SIZE = 49  # pixels a side, the paper's input
WEAKEST = 0.25  # of the best hit's score; weaker ones are no faces


@dataclass
class DetectSettings:
    """The `face` part of a config.

    detector: dlib, or none (the whole picture is the face); longest_side: pixels a picture is
    scaled down to for the search; upsample: times the picture is doubled, to find faces below 80
    pixels; margin: widening of the box on every side, as a fraction of it.
    """

    detector: str = "dlib"
    longest_side: int = 1024
    upsample: int = 0
    margin: float = 0.1


@dataclass(frozen=True)
class Box:
    """A face's place in its picture, in pixels: columns left <= x < right, rows top <= y < bottom.

    It may reach outside the picture; `crop` repeats the border there.
    """

    left: int
    top: int
    right: int
    bottom: int

    def __post_init__(self) -> None:
        """Refuse a box without area."""
        if self.right <= self.left or self.bottom <= self.top:
            raise ImageError(f"face box {self.left, self.top, self.right, self.bottom} is empty")

    @property
    def area(self) -> int:
        """Pixels in the box."""
        return (self.right - self.left) * (self.bottom - self.top)


def whole(pixels: Pixels) -> Box:
    """Give the box of the whole picture."""
    return Box(0, 0, pixels.shape[1], pixels.shape[0])


def detect(pixels: Pixels, settings: DetectSettings, name: str = "picture") -> list[Box]:
    """Find the faces in RGB `pixels`, largest first; never empty.

    Raises NoFaceError when there is none (`name` is used in its text) and SettingsError for an
    unknown detector.
    """
    if settings.detector == "none":
        return [whole(pixels)]
    if settings.detector != "dlib":
        raise SettingsError(f"face.detector={settings.detector}: expected dlib or none")
    boxes = _dlib(pixels, settings)
    if not boxes:
        raise NoFaceError(
            f"no face in {name}: pass a frontal photo, face.detector=none, or mood=[0.4,0.2]"
        )
    return sorted(boxes, key=lambda box: -box.area)


def crop(
    pixels: Pixels, box: Box, size: int = SIZE, margin: float = 0.0
) -> npt.NDArray[np.float32]:
    """Cut `box`, widened by `margin`, out of RGB or grey `pixels`: float32 (size, size) in [0, 1].

    Outside the picture its border is repeated.
    """
    values = grey(pixels) if pixels.ndim == 3 else pixels
    height, width = values.shape
    wide, high = box.right - box.left, box.bottom - box.top
    left, right = box.left - round(margin * wide), box.right + round(margin * wide)
    top, bottom = box.top - round(margin * high), box.bottom + round(margin * high)
    if right <= 0 or bottom <= 0 or left >= width or top >= height:
        raise ImageError(f"face box {left, top, right, bottom} lies outside {width} x {height}")
    inside = values[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    outside = (
        (max(-top, 0), max(bottom - height, 0)),
        (max(-left, 0), max(right - width, 0)),
    )
    face = Image.fromarray(np.pad(inside, outside, mode="edge"))
    small = face.resize((size, size), Image.Resampling.BILINEAR)
    return np.asarray(small, dtype=np.float32) / np.float32(255.0)


def _dlib(pixels: Pixels, settings: DetectSettings) -> list[Box]:
    height, width = pixels.shape[:2]
    ratio = min(1.0, settings.longest_side / max(height, width))
    small = Image.fromarray(pixels).convert("L")
    if ratio < 1.0:
        shape = (max(1, round(width * ratio)), max(1, round(height * ratio)))
        small = small.resize(shape, Image.Resampling.BILINEAR)
    values = np.asarray(small)
    found = _search(values, settings.upsample)
    if not found:
        # A face that fills its picture lacks the surroundings that the detector learnt.
        frame = max(values.shape) // 4
        around = _search(np.pad(values, frame, mode="edge"), settings.upsample)
        found = [tuple(edge - frame for edge in edges) for edges in around]
    return [Box(*(round(edge / ratio) for edge in edges)) for edges in found]


def _search(values: Pixels, upsample: int) -> list[tuple[int, ...]]:
    """Give left, top, right, bottom of each face in grey `values`.

    Hits far weaker than the best are dropped: on the astronaut, her face scores 1.5 and the patch
    on her suit 0.1 when the picture is enlarged.
    """
    rectangles, scores, _ = _detector().run(values, upsample, 0.0)
    best = max(scores, default=0.0)
    return [
        (r.left(), r.top(), r.right() + 1, r.bottom() + 1)
        for r, score in zip(rectangles, scores, strict=True)
        if score >= WEAKEST * best
    ]


@functools.cache
def _detector() -> Any:
    import dlib  # type: ignore[import-untyped,unused-ignore]

    # Unpacking the model takes .7 s, searching a photo less than .1 s: unpack it once.
    return dlib.get_frontal_face_detector()
