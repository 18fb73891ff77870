"""Draws faces by a number and a seed, whose mood is known by formula.

No photograph and no download: it makes every part of training run anywhere, and it is a toy.
Each face has four traits, drawn evenly from [-1, 1]:
    smile   corners of the mouth up (1) or down (-1)
    brows   raised at the inner ends (1) or drawn down into a frown (-1)
    eyes    wide open (1) or nearly shut (-1)
    mouth   wide open (1) or shut (-1)
and its mood is, so that each axis fills [-1, 1]:
    valence = .75 smile + .25 brows
    arousal = .55 eyes + .45 mouth
The signs follow facial action units (Ekman & Friesen 1978): AU12 and AU15 for valence, AU4 for a
frown, AU5 and AU26 for arousal. Head, grey levels, place and noise vary without meaning.
"""

import json
import logging
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from mood2music.command.ranges import at_least, shares
from mood2music.errors import SettingsError
from mood2music.face import labels
from mood2music.face.dataset.pictures import Faces, cached
from mood2music.face.dataset.split import Shares, uniform
from mood2music.face.picture.detect import SIZE
from mood2music.registry import register

log = logging.getLogger(__name__)

FINE = 3  # drawn this many times larger, then reduced, for soft edges


@dataclass
class DrawnSettings:
    """configs/data/drawn.yaml: how many faces to draw, with which seed."""

    name: str = "drawn"
    count: int = 4000
    seed: int = 0
    val_fraction: float = 0.15
    test_fraction: float = 0.15
    batch_size: int = 64

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        if self.count < 10:
            raise SettingsError(f"data.count={self.count}: expected 10 or more drawn faces")
        at_least(self, "data.", seed=0, batch_size=1)
        shares(self, "data.", "val_fraction", "test_fraction")


def load(settings: DrawnSettings) -> Faces:
    """Draw the faces, or take them from the cache when they were drawn before."""
    settings.check()
    key = json.dumps(["drawn", settings.count, settings.seed])
    return cached(key, lambda: draw_many(settings.count, settings.seed))


@register("face_data", "drawn", DrawnSettings)
def dealt(settings: DrawnSettings, seed: int) -> tuple[Faces, Shares]:
    """Draw the faces; train, val and test take their shares of them."""
    table = load(settings)
    log.info("data=drawn: %d faces drawn by the program, a toy without photographs", len(table))
    return table, uniform(len(table), settings.val_fraction, settings.test_fraction)


def mood_of(traits: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Give (valence, arousal) of traits (..., 4: smile, brows, eyes, mouth), all in [-1, 1]."""
    smile, brows, eyes, mouth = np.moveaxis(traits, -1, 0)
    mood = np.stack([0.75 * smile + 0.25 * brows, 0.55 * eyes + 0.45 * mouth], axis=-1)
    return mood.astype(np.float32)


def draw_many(count: int, seed: int) -> Faces:
    """Draw `count` faces; the same seed draws the same."""
    random = np.random.default_rng(seed)
    traits = random.uniform(-1, 1, (count, 4))
    images = np.stack([draw(row, random) for row in traits])
    moods = mood_of(traits)
    means = np.asarray([(m.valence, m.arousal) for m in labels.CLASS_MEANS.values()])
    nearest = ((moods[:, None, :] - means[None]) ** 2).sum(-1).argmin(1)
    names = [f"drawn/{seed}/{row:06d}" for row in range(count)]
    return Faces(images, moods, nearest.astype(np.int64), names, [""] * count, names)


def draw(traits: npt.NDArray[np.float64], random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Draw one face of the four traits: uint8 (49, 49), grey."""
    smile, brows, eyes, mouth = (float(t) for t in traits)
    side = SIZE * FINE
    ground, skin = int(random.uniform(20, 235)), int(random.uniform(90, 235))
    ink = int(max(0, skin - random.uniform(60, 120)))
    image = Image.new("L", (side, side), ground)
    pen = ImageDraw.Draw(image)
    x, y = side / 2 + random.uniform(-0.05, 0.05, 2) * side
    wide, high = random.uniform(0.36, 0.46) * side, random.uniform(0.42, 0.5) * side
    pen.ellipse((x - wide, y - high, x + wide, y + high), fill=skin)
    line = max(2, int(0.018 * side))
    for cheek in (-1, 1):
        middle, level = x + cheek * 0.42 * wide, y - 0.22 * high
        half, open_ = 0.2 * wide, (0.035 + 0.075 * (eyes + 1)) * high
        pen.ellipse((middle - half, level - open_, middle + half, level + open_), fill=245)
        pupil = min(open_, 0.09 * wide)
        pen.ellipse((middle - pupil, level - pupil, middle + pupil, level + pupil), fill=10)
        brow, tilt = level - (0.3 + 0.04 * brows) * high, 0.1 * brows * high
        inner, outer = middle - cheek * 0.24 * wide, middle + cheek * 0.24 * wide
        pen.line((inner, brow - tilt, outer, brow + tilt), fill=ink, width=2 * line)
    pen.line((x, y - 0.1 * high, x, y + 0.15 * high), fill=ink, width=line)
    _mouth(pen, (x, y + 0.5 * high), 0.42 * wide, smile * 0.16 * high, (mouth + 1) * 0.13 * high)
    small = image.resize((SIZE, SIZE), Image.Resampling.BOX)
    noise = random.normal(0, random.uniform(0, 10), (SIZE, SIZE))
    return np.clip(np.asarray(small) + noise, 0, 255).astype(np.uint8)


def _mouth(
    pen: ImageDraw.ImageDraw, centre: tuple[float, float], half: float, curve: float, gap: float
) -> None:
    """Fill the shape between two lips: parabolas that share their corners."""
    steps = [(i / 12 - 1) for i in range(25)]
    lips = []
    for lip in (-1, 1):
        for t in steps if lip < 0 else reversed(steps):
            bend = curve * (1 - 2 * t * t) + lip * (gap / 2 + 1.5) * math.sqrt(1 - t * t)
            lips.append((centre[0] + t * half, centre[1] + bend))
    pen.polygon(lips, fill=25)
