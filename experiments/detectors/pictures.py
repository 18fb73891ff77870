"""Zips of faces and scikit-image's pictures come in; pictures with known faces go out.

Nothing here is a photo of a turned head: `squeezed` narrows a frontal face to 55 % of its width and
`half covered` hides one half of it, which is what a profile lacks, not what it looks like.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageOps

from mood2music.face.picture.image import sample_portrait

Pixels = npt.NDArray[np.uint8]
SIZES = (40, 60, 80, 120, 200, 300)  # pixels a side of a portrait in a larger picture
# scikit-image's own pictures without a human face; the astronaut and the cameraman have one.
FACELESS = (
    "brick.png", "grass.png", "gravel.png", "coffee.png", "chelsea.png", "rocket.jpg", "moon.png",
    "coins.png", "page.png", "text.png", "horse.png", "hubble_deep_field.jpg", "ihc.png",
    "retina.jpg", "motorcycle_left.png", "color.png", "logo.png", "clock_motion.png",
)  # fmt: skip
SKIN = (219, 170, 140)
# Corners of a surgical mask as fractions of a DiffusionFER picture, which its face fills.
MASK = (
    (0.10, 0.52),
    (0.50, 0.47),
    (0.90, 0.52),
    (0.84, 0.80),
    (0.62, 0.97),
    (0.38, 0.97),
    (0.16, 0.80),
)


@dataclass(frozen=True)
class Shown:
    """A picture, RGB (height, width, 3), and the square of each face in it: left, top, side."""

    condition: str
    pixels: Pixels
    faces: list[tuple[float, float, float]] = field(default_factory=list)


def all_pictures(portraits: Path, small: Path | None, count: int) -> Iterator[Shown]:
    """Give every picture of every condition; `count` portraits, a quarter of them when altered.

    portraits: DiffusionFER's zip (224 x 224); small: FER2013's validation zip (48 x 48), or None.
    """
    faces = list(spread(portraits, count))
    few = faces[::4]
    for face in faces:
        yield _alone("frontal", face)
    for face in few:
        for degrees in (15, 30):
            framed = ImageOps.expand(face, 60, border(face))
            turned = framed.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=border(face))
            yield Shown(f"rotated {degrees}", np.asarray(turned), [(60, 60, face.width)])
        masked = face.copy()
        corners = [(x * face.width, y * face.height) for x, y in MASK]
        ImageDraw.Draw(masked).polygon(corners, fill=(170, 205, 225))
        yield _alone("masked", masked)
        narrow = face.resize((round(0.55 * face.width), face.height))
        wide = Image.new("RGB", face.size, border(face))
        wide.paste(narrow, ((face.width - narrow.width) // 2, 0))
        yield _alone("squeezed", wide)
        half = face.copy()
        half.paste((60, 60, 60), (0, 0, face.width // 2, face.height))
        yield _alone("half covered", half)
    yield from _composed(few)
    if small is not None:
        for face in spread(small, count):
            framed = ImageOps.expand(face.resize((144, 144)), 48, border(face))
            yield Shown("fer2013", np.asarray(framed), [(48, 48, 144)])
    yield from _faceless()


def spread(path: Path, count: int) -> Iterator[Image.Image]:
    """Give `count` pictures from all over a zip."""
    with zipfile.ZipFile(path) as archive:
        names = sorted(n for n in archive.namelist() if n.endswith((".jpg", ".png")))
        for place in np.linspace(0, len(names) - 1, count).round().astype(int):
            with Image.open(io.BytesIO(archive.read(names[place]))) as image:
                yield image.convert("RGB")


def _alone(condition: str, face: Image.Image) -> Shown:
    return Shown(condition, np.asarray(face), [(0, 0, face.width)])


def border(face: Image.Image) -> tuple[int, ...]:
    """The mean colour of the corners, so that a frame draws no new edge around the head."""
    values = np.asarray(face)[:: face.height - 1, :: face.width - 1]
    return tuple(int(v) for v in values.reshape(-1, 3).mean(0))


def _scenes(width: int, height: int) -> list[Image.Image]:
    folder = sample_portrait().parent
    shown = []
    for name in FACELESS:
        with Image.open(folder / name) as image:
            shown.append(ImageOps.fit(image.convert("RGB"), (width, height)))
    return shown


def _composed(faces: list[Image.Image]) -> Iterator[Shown]:
    """Paste each portrait at every size somewhere into a larger picture."""
    rng = np.random.default_rng(0)
    scenes = _scenes(1024, 768)
    for number, face in enumerate(faces[:30]):
        for side in SIZES:
            scene = scenes[(number + side) % len(scenes)].copy()
            left, top = int(rng.integers(0, 1024 - side)), int(rng.integers(0, 768 - side))
            scene.paste(face.resize((side, side)), (left, top))
            yield Shown(f"{side} px of 1024", np.asarray(scene), [(left, top, side)])


def _faceless() -> Iterator[Shown]:
    rng = np.random.default_rng(1)
    for scene in _scenes(1024, 768):
        values = np.asarray(scene)
        yield Shown("no face", values)
        for top in (0, 384):
            for left in (0, 341, 682):
                yield Shown("no face", values[top : top + 384, left : left + 341])
    for _ in range(10):
        noise = rng.integers(0, 256, (30, 40, 3), dtype=np.uint8)
        yield Shown("no face", np.asarray(Image.fromarray(noise).resize((640, 480))))
        yield Shown("no face", rng.integers(0, 256, (480, 640, 3), dtype=np.uint8))
        blot = Image.new("RGB", (640, 480), tuple(int(v) for v in rng.integers(0, 255, 3)))
        x, y = rng.integers(0, 300, 2)
        ImageDraw.Draw(blot).ellipse((x, y / 2, x + 200, y / 2 + 260), fill=SKIN)
        yield Shown("no face", np.asarray(blot))
