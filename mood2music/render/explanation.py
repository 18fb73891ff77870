"""Draws what the networks looked at in a face: a heat map for each axis."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from mood2music.face.reading.explain import WINDOW, Explanation
from mood2music.files import atomically
from mood2music.render.colours import SEED, STYLE, Colour
from mood2music.render.pianoroll import FAINT, INK, PAPER, typeface

# The colours of the piano roll, apart for the colour-blind: one for each sign.
RAISES, LOWERS = SEED, STYLE
FRAME: Colour = (205, 201, 193)

SIDE = 490  # of a map: ten pixels for each of the face's
LEFT, TOP, GAP, BAR, RIGHT, FOOT = 40, 104, 40, 26, 126, 92
# How much of the face is left under full colour, and how pale the darkest of it is drawn.
UNDER, PALE = 0.3, 0.25
PLACES = 12  # values a side of a map, about one for each step of the window

Picture = npt.NDArray[np.float64]


def write_explanation(explanation: Explanation, path: Path, with_face: bool) -> None:
    """Draw the maps side by side as a PNG, on one symmetric scale, whole or not at all.

    with_face: draw the face beneath; without, no picture of anybody is written.
    """
    maps = explanation.maps
    # A map of zeros has a scale too.
    top = max(max(float(np.abs(values).max()) for values in maps.values()), 0.005)
    width = LEFT + len(maps) * (SIDE + GAP) + BAR + RIGHT
    picture = Image.new("RGB", (width, TOP + SIDE + FOOT), PAPER)
    draw = ImageDraw.Draw(picture)
    small, large = typeface(19), typeface(30)
    for place, (axis, values) in enumerate(maps.items()):
        x = LEFT + place * (SIDE + GAP)
        ground = _enlarged(Image.fromarray(explanation.face)) if with_face else None
        # A value for each step of the window: no edges where there were only steps.
        steps = Image.fromarray(values).resize((PLACES, PLACES), Image.Resampling.BOX)
        picture.paste(_coloured(_enlarged(steps) / top, ground), (x, TOP))
        draw.rectangle((x - 1, TOP - 1, x + SIDE, TOP + SIDE), outline=FRAME)
        draw.text((x, 44), f"{axis} {getattr(explanation.mood, axis):+.2f}", INK, large, "lm")
        least, most = values.min(), values.max()
        facts = f"hiding a part moves it by {-most:+.2f} to {-least:+.2f}"
        draw.text((x, 80), facts, FAINT, small, "lm")
    _draw_bar(picture, LEFT + len(maps) * (SIDE + GAP), top)
    y = TOP + SIDE + 30
    for colour, text in ((RAISES, "raises the value"), (LOWERS, "lowers it")):
        x = LEFT if colour == RAISES else LEFT + 240
        draw.rounded_rectangle((x, y - 8, x + 30, y + 8), radius=3, fill=colour)
        draw.text((x + 40, y), text, INK, small, "lm")
    how = f"measured by hiding {WINDOW} x {WINDOW} of the face's {len(explanation.face)} pixels"
    draw.text((LEFT, y + 32), how, FAINT, small, "lm")
    with atomically(path) as unfinished:
        picture.save(unfinished, format="PNG")


def _enlarged(values: Image.Image) -> Picture:
    """Values at SIDE x SIDE, smoothly."""
    return np.asarray(values.resize((SIDE, SIDE), Image.Resampling.BICUBIC), dtype=np.float64)


def _coloured(values: Picture, ground: Picture | None = None) -> Image.Image:
    """Mix the sign's colour into paper, or into a grey face, as far as the value is from 0.

    values: in [-1, 1]; ground: grey in [0, 1].
    """
    share = np.clip(np.abs(values), 0.0, 1.0)[..., None]
    colour = np.where(values[..., None] > 0, RAISES, LOWERS)
    beneath: Picture = np.asarray(PAPER, dtype=np.float64)
    if ground is not None:
        beneath = beneath * np.clip(PALE + (1 - PALE) * ground, 0.0, 1.0)[..., None]
        share = share * (1 - UNDER)
    mixed = beneath + (colour - beneath) * share
    return Image.fromarray(mixed.round().astype(np.uint8))


def _draw_bar(picture: Image.Image, x: int, top: float) -> None:
    """Draw the scale, from what raises above to what lowers below."""
    ramp = np.linspace(1.0, -1.0, SIDE)[:, None].repeat(BAR, axis=1)
    picture.paste(_coloured(ramp), (x, TOP))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((x - 1, TOP - 1, x + BAR, TOP + SIDE), outline=FRAME)
    for share in (1.0, 0.5, 0.0, -0.5, -1.0):
        y = TOP + round((1 - share) / 2 * (SIDE - 1))
        draw.line((x + BAR, y, x + BAR + 6, y), fill=INK)
        text = f"{share * top:+.3f}" if share else "0"
        draw.text((x + BAR + 12, y), text, INK, typeface(19), "lm")
