"""Hides a part of a face behind covers of sixteen kinds, drawn by chance at twice its pixels.

A kind gets coordinates in which the part to hide is the square from -1 to 1, and gives how opaque
the cover is at each pixel and its grey there.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

Grey = npt.NDArray[np.float32]
FINE = 2  # times a face's pixels that a cover is drawn at
# Where eyes and mouth are in FER+'s photos, at the median, as shares of their side.
MEDIAN = ((0.315, 0.385), (0.685, 0.385), (0.35, 0.774), (0.655, 0.774))


@dataclass(frozen=True)
class Frame:
    """A face's own coordinates: the mouth's middle is (0, 0), that between the eyes (0, -1).

    middle: of the mouth, as shares of the picture's side; down: the step from the eyes to there.
    """

    middle: tuple[float, float]
    down: tuple[float, float]

    def coordinates(self, side: int) -> tuple[Grey, Grey]:
        """Across and down of each pixel's middle, (side, side) each."""
        rows, columns = (np.mgrid[:side, :side].astype(np.float32) + 0.5) / side
        x, y = columns - self.middle[0], rows - self.middle[1]
        square = self.down[0] ** 2 + self.down[1] ** 2
        across = (x * self.down[1] - y * self.down[0]) / square
        return across, (x * self.down[0] + y * self.down[1]) / square


def frame(points: npt.NDArray[np.floating]) -> Frame:
    """Of the eyes and the mouth's corners, (4, 2), as shares of the picture's side."""
    eyes, mouth = points[:2].mean(0), points[2:].mean(0)
    down = mouth - eyes
    return Frame((float(mouth[0]), float(mouth[1])), (float(down[0]), float(down[1])))


@dataclass(frozen=True)
class Part:
    """A part of a face in its own coordinates (Frame)."""

    left: float
    right: float
    top: float
    bottom: float

    def overlap(self, other: "Part") -> float:
        """The share of `other` that lies in this part."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        area = (other.right - other.left) * (other.bottom - other.top)
        return max(0.0, wide) * max(0.0, high) / area


MOUTH = Part(-0.42, 0.42, -0.15, 0.22)
EYES = Part(-0.65, 0.65, -1.12, -0.88)


@dataclass(frozen=True)
class Sheet:
    """What a kind draws on.

    face, other: (side, side) in [0, 1], the face itself and that of somebody else; u, w: from -1 to
    1 across and down the part to hide; x, y: the face's own coordinates; part: what is hidden.
    """

    face: Grey
    other: Grey
    u: Grey
    w: Grey
    x: Grey
    y: Grey
    part: Part
    random: np.random.Generator

    def between(self, low: float, high: float) -> float:
        """A number between two."""
        return float(self.random.uniform(low, high))

    def skin(self) -> float:
        """A grey near that of the face's middle."""
        middle = self.face[len(self.face) // 3 : -len(self.face) // 3]
        near = float(np.median(middle)) + self.between(-0.1, 0.1)
        return min(1.0, max(0.02, near))

    def box(self) -> Grey:
        """A rectangle over the part."""
        return np.maximum(abs(self.u), abs(self.w)) <= 1

    def oval(self, larger: float = 1.2) -> Grey:
        """A rounded shape that covers the part but for its corners."""
        power = self.between(2.5, 6.0)
        return abs(self.u / larger) ** power + abs(self.w / larger) ** power <= 1

    def shape(self) -> Grey:
        """One of both."""
        return self.box() if self.random.random() < 0.5 else self.oval()

    def shade(self, most: float) -> Grey:
        """A slope of grey in some direction, from -most to most over the part."""
        angle, steep = self.between(0, 2 * math.pi), self.between(0.2, 1) * most
        slope: Grey = steep * (math.cos(angle) * self.u + math.sin(angle) * self.w)
        return slope.clip(-most, most)

    def weave(self, periods: tuple[float, float]) -> Grey:
        """Stripes or checks from -1 to 1; periods: in steps from the eyes to the mouth."""
        angle, period = self.between(0, math.pi), self.between(*periods)
        along = math.cos(angle) * self.x + math.sin(angle) * self.y
        beside = math.cos(angle) * self.y - math.sin(angle) * self.x
        first, second = (np.sin(2 * math.pi * line / period) for line in (along, beside))
        kind = self.random.integers(3)
        return first if kind == 0 else np.sign(first) if kind == 1 else np.sign(first * second)

    def grain(self, coarse: float) -> Grey:
        """Noise of deviation 1, its grains some `coarse` pixels wide."""
        noise = ndimage.gaussian_filter(self.random.standard_normal(self.u.shape), coarse)
        given: Grey = (noise / (noise.std() + 1e-6)).astype(np.float32)
        return given


Cover = Callable[[Sheet], tuple[Grey, Grey | float]]


def flat(s: Sheet) -> tuple[Grey, Grey | float]:
    """One grey, black and white among them."""
    level = s.random.choice([0.0, 1.0, s.between(0, 1)], p=[0.15, 0.15, 0.7])
    return s.shape(), float(level)


def sloped(s: Sheet) -> tuple[Grey, Grey | float]:
    """A grey that rises to one side, as paper and boards in the light."""
    return s.shape(), s.between(0, 1) + s.shade(0.4)


def mask(s: Sheet) -> tuple[Grey, Grey | float]:
    """A surgical or cloth mask: folds, narrower below, straps to the ears."""
    narrow = s.between(0.1, 0.45)
    body = (abs(s.u) <= 1.15 - narrow * (s.w + 1) / 2) & (abs(s.w) <= 1.1)
    straps = np.zeros_like(body)
    for start, rise in ((-0.85, -0.5), (0.6, 0.9)):
        line = start + rise * (abs(s.u) - 0.8)
        straps |= (abs(s.w - line) < 0.06) & (abs(s.u) > 0.6) & (abs(s.u) < 2.5)
    level = s.between(0.02, 0.95)
    texture = level + s.shade(0.2) - 0.1 * s.u**2 + 0.01 * s.grain(1)
    if s.random.random() < 0.6:
        count, deep = s.between(2, 5), s.between(0.03, 0.15)
        texture = texture + deep * np.sin(count * math.pi * (s.w + 0.15 * s.u**2))
    if s.random.random() < 0.3:
        texture = texture + 0.15 * s.weave((0.1, 0.5))
    return body | straps, texture


def noise(s: Sheet) -> tuple[Grey, Grey | float]:
    """Grain about a grey."""
    return s.shape(), s.between(0.1, 0.9) + s.between(0.05, 0.4) * s.grain(s.between(0.1, 3))


def patch(s: Sheet) -> tuple[Grey, Grey | float]:
    """A piece of the upper half of somebody else's photo."""
    side = len(s.face)
    half = s.other[: side // 2]
    turned = np.rot90(np.concatenate([half, half[::-1]]), s.random.integers(4))
    return s.shape(), np.roll(turned, s.random.integers(side, size=2), (0, 1))


def blur(s: Sheet) -> tuple[Grey, Grey | float]:
    """The face itself, blurred until nothing is left of a mouth."""
    deviation = s.between(0.35, 0.7) * _pixels(s)
    soft = ndimage.gaussian_filter(s.face, deviation, mode="nearest")
    return s.shape(), soft


def mosaic(s: Sheet) -> tuple[Grey, Grey | float]:
    """The face itself in large squares."""
    step = max(3, round(s.between(0.4, 0.8) * _pixels(s)))
    left, top = s.random.integers(step, size=2)
    side = len(s.face)
    places = [(np.arange(side) + shift) // step for shift in (top, left)]
    number = places[0][:, None] * (side + 1) + places[1][None]
    _, cell = np.unique(number, return_inverse=True)
    means = np.bincount(cell.ravel(), s.face.ravel()) / np.bincount(cell.ravel())
    return s.box(), means[cell].reshape(side, side).astype(np.float32)


def bare(s: Sheet) -> tuple[Grey, Grey | float]:
    """Skin: what is around the part, drawn over it from all sides."""
    wanted = s.shape()
    weight = ndimage.gaussian_filter((~wanted).astype(np.float32), 0.25 * _pixels(s))
    around = ndimage.gaussian_filter(np.where(wanted, 0, s.face), 0.25 * _pixels(s))
    return wanted, around / (weight + 1e-3) + 0.01 * s.grain(0.7)


def hand(s: Sheet) -> tuple[Grey, Grey | float]:
    """Fingers beside each other, of skin, with dark lines between, and a wrist."""
    count, tilt = s.random.integers(3, 6), s.between(-0.5, 0.5)
    upright = s.random.random() < 0.5
    u, w = (s.w, s.u) if upright else (s.u, s.w)
    w = w + tilt * u
    finger = (w * 0.5 + 0.5) * count
    within = abs(finger - np.floor(finger) - 0.5) * 2
    ends = 1.1 + 0.25 * np.sin(3.1 * np.floor(finger) + s.between(0, 6))
    side = s.random.choice([-1, 1])
    fingers = (abs(w) <= 1.05) & (side * u <= ends) & (side * u >= -1.6)
    wrist = (side * u < -1) & (side * u > -3.5) & (abs(w + s.between(-1, 1) * (u + 1)) < 0.9)
    deep = s.between(0.08, 0.3)
    level = s.skin() + s.shade(0.12) - deep * within ** s.between(3, 8) + 0.01 * s.grain(1)
    return fingers | wrist, level


def scarf(s: Sheet) -> tuple[Grey, Grey | float]:
    """Cloth from the part's upper edge to the picture's lower one, with waves and folds."""
    edge = -1 + s.between(0, 0.12) * np.sin(s.between(1, 4) * s.u + s.between(0, 6))
    folds = np.sin(s.between(1.5, 5) * (s.w + s.between(-0.6, 0.6) * s.u) + s.between(0, 6))
    level = s.between(0.05, 0.9) + s.between(0.03, 0.2) * folds
    if s.random.random() < 0.7:
        level = level + s.between(0.03, 0.25) * s.weave((0.06, 0.4))
    return s.w >= edge, level + s.shade(0.15)


def lettering(s: Sheet) -> tuple[Grey, Grey | float]:
    """A board or band of letters."""
    side = len(s.face)
    ground, ink = s.random.choice([0.0, 0.2, 0.8, 1.0], 2, replace=False)
    sheet = Image.new("L", (side, side), round(255 * ground))
    size = max(5, round(s.between(0.2, 0.8) * _pixels(s)))
    font, draw = ImageFont.load_default(size), ImageDraw.Draw(sheet)
    for top in range(-size, side, round(1.1 * size)):
        words = "".join(s.random.choice(list("ABCDEFGHKLMNOPRSTUVXabcdeghnoprst0123 "), 40))
        draw.text((-s.random.integers(20), top), words, round(255 * ink), font)
    turned = sheet.rotate(s.between(-20, 20), fillcolor=round(255 * ground))
    return s.box(), np.asarray(turned, dtype=np.float32) / 255


def thing(s: Sheet) -> tuple[Grey, Grey | float]:
    """A cup, a telephone, a microphone: round or square, a light along it, a rim."""
    shape = s.oval(1.25) if s.random.random() < 0.6 else s.box()
    inner = np.maximum(abs(s.u), abs(s.w)) < s.between(0.6, 0.95)
    shine = np.exp(-(((s.u - s.between(-0.6, 0.6)) / s.between(0.1, 0.4)) ** 2))
    level = s.between(0, 0.8) + s.between(0.05, 0.5) * shine
    return shape, level + s.between(-0.25, 0.25) * inner + s.shade(0.1)


def cut_off(s: Sheet) -> tuple[Grey, Grey | float]:
    """The photo ends above the part, and its last row goes on, as beyond a photo's border."""
    row = int(np.argmin(abs(s.w + 1).min(1)))
    return s.w >= -1, np.broadcast_to(s.face[max(0, row - 1)], s.face.shape)


def hair(s: Sheet) -> tuple[Grey, Grey | float]:
    """Strands of hair or fur."""
    angle, bend = s.between(0, math.pi), s.between(-0.4, 0.4)
    across = math.cos(angle) * s.x + math.sin(angle) * s.y + bend * s.x * s.y
    strands = sum(
        np.sin(2 * math.pi * across / s.between(0.05, 0.3) + s.between(0, 6)) for _ in range(3)
    )
    return s.shape(), s.between(0.05, 0.7) + s.between(0.03, 0.12) * strands + s.shade(0.2)


def glasses(s: Sheet) -> tuple[Grey, Grey | float]:
    """Two dark lenses and what joins them; only eyes are hidden by them."""
    power, dark = s.between(2, 5), s.between(0, 0.3)
    lens = (abs(abs(s.u) - 0.53) / 0.55) ** power + abs(s.w / 1.3) ** power <= 1
    bridge = (abs(s.u) < 0.2) & (abs(s.w + 0.3) < 0.15)
    arms = (abs(s.u) > 1) & (abs(s.u) < 1.8) & (abs(s.w + 0.3) < 0.12)
    shine = s.between(0, 0.35) * np.exp(-(((s.u + s.w - s.between(-1, 1)) / 0.15) ** 2))
    return lens | bridge | arms, dark + shine + s.shade(0.12)


def held(s: Sheet) -> tuple[Grey, Grey | float]:
    """What hides somebody else's mouth in a photo, as it is there: hands, mostly; edges soften."""
    soft = ndimage.gaussian_filter(s.shape().astype(np.float32), s.between(0.5, 4))
    return soft, s.other


DOWNWARD = ("scarf", "cut_off")  # reach to the picture's lower edge: they hide a mouth or nothing
KINDS: dict[str, Cover] = {
    kind.__name__: kind
    for kind in (
        flat, sloped, thing, cut_off, noise, patch, lettering, scarf, hair,
        mask, hand, blur, mosaic, bare, glasses, held,
    )
}  # fmt: skip


def _pixels(sheet: Sheet) -> float:
    """Pixels of the height from eyes to mouth, on the sheet."""
    step = sheet.y[1, 0] - sheet.y[0, 0], sheet.y[0, 1] - sheet.y[0, 0]
    return float(1 / math.hypot(*step))


def cover(
    face: Grey, other: Grey, kind: str, part: Part, at: Frame, random: np.random.Generator
) -> Grey:
    """Hide `part` of a face (side, side) in [0, 1] behind a cover of a kind, by chance.

    other: of the same shape, a face of somebody else.
    """
    side = FINE * len(face)
    big, theirs = (np.kron(f, np.ones((FINE, FINE), np.float32)) for f in (face, other))
    x, y = at.coordinates(side)
    tilt = math.radians(random.uniform(-12, 12)) if kind not in ("cut_off", "glasses") else 0.0
    across, down = (part.left + part.right) / 2, (part.top + part.bottom) / 2
    right, below = x - across, y - down
    u = (math.cos(tilt) * right + math.sin(tilt) * below) / ((part.right - part.left) / 2)
    w = (math.cos(tilt) * below - math.sin(tilt) * right) / ((part.bottom - part.top) / 2)
    opaque, grey = KINDS[kind](Sheet(big, theirs, u, w, x, y, part, random))
    solid = opaque.astype(np.float32)
    if random.random() < 0.3:
        solid = ndimage.gaussian_filter(solid, random.uniform(0.3, 1.5))
    mixed = solid * np.clip(grey, 0, 1) + (1 - solid) * big
    small: Grey = mixed.reshape(len(face), FINE, len(face), FINE).mean((1, 3))
    return small.astype(np.float32)


def over_mouth(random: np.random.Generator) -> Part:
    """A part that hides the mouth: it alone, with the chin, with the nose, or with both."""
    top, bottom = -random.uniform(0.25, 0.35), random.uniform(0.3, 0.45)
    if random.random() < 0.5:
        top = -random.uniform(0.3, 0.75)
    if random.random() < 0.5:
        bottom = random.uniform(0.4, 1.1)
    return Part(-random.uniform(0.5, 1.2), random.uniform(0.5, 1.2), top, bottom)


def over_eyes(random: np.random.Generator) -> Part:
    """A part that hides both eyes."""
    top, bottom = -1 - random.uniform(0.2, 0.4), -1 + random.uniform(0.17, 0.4)
    return Part(-random.uniform(0.75, 1.2), random.uniform(0.75, 1.2), top, bottom)


def elsewhere(random: np.random.Generator) -> Part:
    """A part that leaves the mouth and at least one eye to be seen."""
    while True:
        wide, high = random.uniform(0.15, 0.8, 2)
        x, y = random.uniform(-1.6, 1.6), random.uniform(-2.2, 1.1)
        part = Part(x - wide, x + wide, y - high, y + high)
        if part.overlap(MOUTH) < 0.1 and part.overlap(EYES) < 0.5:
            return part
