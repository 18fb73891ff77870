"""Finds the boxes of faces in an RGB picture, and cuts a small grey crop of one.

The detectors themselves stand in detectors.py; `detector=none` takes the whole picture as the face.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from mood2music.errors import ImageError, NoFaceError, SettingsError
from mood2music.face.picture.cost import MOST_PIXELS
from mood2music.face.picture.detectors import Detector, Hit, check_name, open_detector
from mood2music.face.picture.image import ENOUGH, Pixels, grey

SIZE = 49  # pixels a side, the paper's input
CUT_OUT = (24, 64)  # pixels of a face that was cut out: detectors want some room about it
FILLS = 0.6  # of the picture's side that a face has in a picture of nothing else
AROUND = 160  # pixels that a face and its surroundings are searched at when turned
TURNS = (1, 3, 2)  # quarters against the clock, likely ones first


@dataclass
class DetectSettings:
    """The `face` part of a config.

    detector: yunet, dlib or another that is registered, auto (yunet where it is installed, else
    dlib), or none (the whole picture is the face); longest_side: pixels a picture is scaled down to
    for the search, null takes the detector's own, 640 for yunet and 1024 for dlib; upsample: times
    the picture is doubled, to find smaller faces; margin: widening of the box on every side, as a
    fraction of it.
    """

    detector: str = "auto"
    longest_side: int | None = None
    upsample: int = 0
    margin: float = 0.1

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        if self.longest_side is not None and not 16 <= self.longest_side <= 10_000:
            raise SettingsError(
                f"face.longest_side={self.longest_side}: expected 16 to 10000 pixels, or null"
            )
        if not 0 <= self.upsample <= 4:
            raise SettingsError(f"face.upsample={self.upsample}: expected 0 to 4 doublings")
        if not -0.4 <= self.margin <= 2.0:
            raise SettingsError(f"face.margin={self.margin:g}: expected -0.4 to 2 of the box")
        check_name(self.detector)

    @property
    def enough(self) -> int:
        """Pixels of a photo's longer side that the search can make use of."""
        return max(ENOUGH, self.longest_side or 0) << self.upsample


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

    def scaled(self, factor: float) -> "Box":
        """The same place in a picture `factor` times as large."""
        left, top, right, bottom = self.left, self.top, self.right, self.bottom
        return Box(*(round(factor * edge) for edge in (left, top, right, bottom)))


@dataclass(frozen=True)
class Found:
    """Faces, and the picture they are upright in.

    pixels: RGB (height, width, 3); boxes: in `pixels`, largest first, at least one; turned:
    degrees against the clock that the picture was turned by, 0 when it stood upright; detector:
    which one found them, none where the whole picture is the face; margin: widening of a box for
    its crop, on every side, as a fraction of it.
    """

    pixels: Pixels
    boxes: list[Box]
    turned: int
    detector: str
    margin: float


def whole(pixels: Pixels) -> Box:
    """Give the box of the whole picture."""
    return Box(0, 0, pixels.shape[1], pixels.shape[0])


def find_faces(
    pixels: Pixels, settings: DetectSettings, name: str = "picture", every: bool = False
) -> Found:
    """Find the faces in RGB `pixels` (height, width, 3).

    A coarse search at half of longest_side comes first, which takes a quarter of the time, and
    the full one when it finds nothing, or at once when `every` small face counts. When nothing
    is found upright, the picture is tried on its sides and on its head; when nothing is found
    surely, the surroundings of the surest face are, and then the picture as that suggests. A
    square picture of 24 to 64 pixels is a face that was cut out, unless a face is found in it that
    has less than .6 of its side; of FER+'s val photos, which are such pictures, the expressions are
    right more often by the whole one than by the box in it.

    Raises NoFaceError when there is none (`name` is used in its text) and SettingsError for an
    unknown detector.
    """
    settings.check()
    if settings.detector == "none":
        return _cut_out(pixels)
    detector = open_detector(settings.detector)
    side = (settings.longest_side or detector.side) << settings.upsample
    sides = [side] if every else [side // 2, side]
    hits = _search(pixels, detector, sides, settings.upsample)
    if _is_crop(pixels) and all(hit.side >= FILLS * min(pixels.shape[:2]) for hit in hits):
        return _cut_out(pixels)
    turned, found = 0, pixels
    if not hits or _best(hits) < detector.sure:
        for quarters in TURNS if not hits else _likely_turns(pixels, hits, detector):
            other = np.ascontiguousarray(np.rot90(pixels, quarters))
            there = _search(other, detector, sides, settings.upsample)
            if there and _best(there) > _best(hits) + (detector.gain if turned == 0 else 0.0):
                hits, turned, found = there, 90 * quarters, other
    if not hits:
        raise NoFaceError(
            f"no face in {name}: pass a frontal photo, face.detector=none, or mood=[0.4,0.2]"
        )
    boxes = [
        Box(round(h.left), round(h.top), round(h.left + h.side) + 1, round(h.top + h.side) + 1)
        for h in sorted(hits, key=lambda hit: -hit.side)
    ]
    return Found(found, boxes, turned, detector.name, settings.margin)


def _cut_out(pixels: Pixels) -> Found:
    """The whole picture as the one face."""
    return Found(pixels, [whole(pixels)], 0, "none", 0.0)


def _is_crop(pixels: Pixels) -> bool:
    height, width = pixels.shape[:2]
    least, most = min(height, width), max(height, width)
    return bool(CUT_OUT[0] <= least and most <= CUT_OUT[1] and least >= 0.8 * most)


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
    if (right - left) * (bottom - top) > MOST_PIXELS:
        raise ImageError(
            f"face box {left, top, right, bottom} is far larger than its picture, "
            f"{width} x {height}"
        )
    inside = values[max(top, 0) : min(bottom, height), max(left, 0) : min(right, width)]
    outside = (
        (max(-top, 0), max(bottom - height, 0)),
        (max(-left, 0), max(right - width, 0)),
    )
    face = Image.fromarray(np.pad(inside, outside, mode="edge"))
    small = face.resize((size, size), Image.Resampling.BILINEAR)
    return np.asarray(small, dtype=np.float32) / np.float32(255.0)


def _search(pixels: Pixels, detector: Detector, sides: list[int], upsample: int) -> list[Hit]:
    """Search copies whose longer side is at most each of `sides`, until one shows a face."""
    height, width = pixels.shape[:2]
    image, searched = Image.fromarray(pixels), 0.0
    for side in sides:
        ratio = min(2.0**upsample, side / max(height, width))
        if ratio == searched:
            continue
        searched = ratio
        shape = (max(1, round(width * ratio)), max(1, round(height * ratio)))
        small = image.resize(shape, Image.Resampling.BILINEAR, reducing_gap=2.0)
        if hits := detector.find(np.asarray(small)):
            return [hit.scaled(1 / ratio) for hit in hits]
    return []


def _likely_turns(pixels: Pixels, hits: list[Hit], detector: Detector) -> list[int]:
    """Turn only the surroundings of the surest face, which is quick; give the turns that help."""
    hit = max(hits, key=lambda hit: hit.score)
    left, top = max(0, round(hit.left - hit.side)), max(0, round(hit.top - hit.side))
    reach = round(3 * hit.side)
    around = pixels[top : top + reach, left : left + reach]
    turned = {q: np.ascontiguousarray(np.rot90(around, q)) for q in TURNS}
    scores = {q: _best(_search(there, detector, [AROUND], 0)) for q, there in turned.items()}
    return [q for q in TURNS if scores[q] > hit.score + detector.gain]


def _best(hits: list[Hit]) -> float:
    return max((hit.score for hit in hits), default=0.0)
