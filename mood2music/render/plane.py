"""Draws songs as dots on the plane of valence and arousal, in a PNG."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw

from mood2music.files import atomically
from mood2music.mood import Mood
from mood2music.render.colours import SEED, STYLE, Colour
from mood2music.render.pianoroll import (
    BAR_LINE,
    BEAT_LINE,
    FAINT,
    INK,
    PAPER,
    typeface,
)

# Okabe & Ito 2008 (told apart by the colour-blind), darkened where paper would swallow them.
STYLE_COLOURS: dict[str, Colour] = {
    "classical": STYLE,
    "folk": (0, 138, 102),
    "jazz": SEED,
    "renaissance": (178, 98, 146),
    "medieval": (190, 134, 0),
    "pop": (60, 152, 206),
}
# Of other styles, in the order of their names; when these are used up they begin again.
OTHERS: tuple[Colour, ...] = (
    (122, 92, 68), (98, 108, 180), (150, 60, 60), (110, 140, 40), (70, 130, 140), (160, 110, 200),
)  # fmt: skip
NO_STYLE: Colour = (120, 122, 126)
# Words of Russell 1980, "A circumplex model of affect", in the plane's four quarters.
QUADRANTS = (
    ((-1, 1), "alarmed, afraid, angry"),
    ((1, 1), "excited, astonished, glad"),
    ((-1, -1), "sad, bored, tired"),
    ((1, -1), "content, calm, relaxed"),
)

SIDE, LEFT, TOP, RIGHT, FOOT = 1200, 110, 134, 270, 90
# The picture is drawn this many times larger and reduced: Pillow draws discs with stairs.
FINE = 2
DOT = 7
SHOWN_STYLES = 12


@dataclass(frozen=True)
class Dot:
    """A song on the plane."""

    mood: Mood
    style: str = ""


@dataclass(frozen=True)
class Mark:
    """A place that is pointed out, with its name ("" for none).

    shape: ring around a song, target for the one song that matters, cross for a mood.
    """

    mood: Mood
    name: str
    shape: Literal["ring", "target", "cross"] = "ring"


def style_colours(styles: Iterable[str]) -> dict[str, Colour]:
    """Give each style its colour: those of STYLE_COLOURS their own, others by their names' order.

    >>> style_colours(["jazz", "tango"])["jazz"] == STYLE_COLOURS["jazz"]
    True
    """
    names = sorted(set(styles))
    new = [name for name in names if name and name.casefold() not in STYLE_COLOURS]
    return {
        name: STYLE_COLOURS.get(name.casefold(), NO_STYLE)
        if name not in new
        else OTHERS[new.index(name) % len(OTHERS)]
        for name in names
    }


def place(mood: Mood) -> tuple[float, float]:
    """Pixels (x, y) of a mood on the picture."""
    return (
        LEFT + (mood.valence + 1) / 2 * SIDE,
        TOP + (1 - mood.arousal) / 2 * SIDE,
    )


def write_plane(
    dots: Sequence[Dot], path: Path, marks: Sequence[Mark] = (), title: str = ""
) -> None:
    """Draw the plane, valence to the right and arousal upwards, written whole or not at all.

    A style's dots have its colour, which the legend names with their number; marks lie on top.
    """
    size = (LEFT + SIDE + RIGHT, TOP + SIDE + FOOT)
    picture = Image.new("RGB", (size[0] * FINE, size[1] * FINE), PAPER)
    draw = ImageDraw.Draw(picture)
    colours = style_colours(dot.style for dot in dots)
    _draw_axes(picture, draw)
    for dot in dots:
        _disc(draw, dot.mood, DOT, _over_paper(colours[dot.style]), colours[dot.style])
    _draw_legend(draw, dots, colours)
    for mark in marks:
        _draw_mark(draw, mark)
    heading = title or f"{len(dots)} songs"
    draw.text((LEFT * FINE, 54 * FINE), heading, INK, typeface(30 * FINE), anchor="lm")
    with atomically(path) as unfinished:
        picture.resize(size, Image.Resampling.LANCZOS).save(unfinished, format="PNG")


def _draw_axes(picture: Image.Image, draw: ImageDraw.ImageDraw) -> None:
    small, words = typeface(17 * FINE), typeface(19 * FINE)
    left, top, right, bottom = (n * FINE for n in (LEFT, TOP, LEFT + SIDE, TOP + SIDE))
    for value in (-1.0, -0.5, 0.0, 0.5, 1.0):
        x, y = (n * FINE for n in place(Mood(value, value)))
        line = BAR_LINE if value in (-1.0, 0.0, 1.0) else BEAT_LINE
        draw.line((x, top, x, bottom), fill=line, width=FINE)
        draw.line((left, y, right, y), fill=line, width=FINE)
        shown = f"{value:g}".replace("-", "\N{MINUS SIGN}")
        draw.text((x, bottom + 10 * FINE), shown, FAINT, small, anchor="ma")
        draw.text((left - 12 * FINE, y), shown, FAINT, small, anchor="rm")
    # Outside the frame, where no dot can lie on them.
    for (side, height), text in QUADRANTS:
        y = top - 14 * FINE if height > 0 else bottom + 58 * FINE
        anchor = ("l" if side < 0 else "r") + ("s" if height > 0 else "m")
        draw.text((left if side < 0 else right, y), text, FAINT, words, anchor=anchor)
    middle, below = (left + right) / 2, bottom + 58 * FINE
    names = typeface(20 * FINE)
    draw.text((middle, below), "valence: unpleasant to pleasant", INK, names, anchor="mm")
    # Pillow writes level only: the words are turned as a picture of their own.
    upright = "arousal: calm to excited"
    strip = Image.new("RGB", (SIDE * FINE, 32 * FINE), PAPER)
    ImageDraw.Draw(strip).text((SIDE * FINE / 2, 16 * FINE), upright, INK, names, anchor="mm")
    turned = strip.rotate(90, expand=True)
    picture.paste(turned, (16 * FINE, top))


def _draw_legend(
    draw: ImageDraw.ImageDraw, dots: Sequence[Dot], colours: dict[str, Colour]
) -> None:
    x, y = (LEFT + SIDE + 34) * FINE, (TOP + 20) * FINE
    counted = Counter(dot.style for dot in dots).most_common()
    font = typeface(20 * FINE)
    for style, count in counted[:SHOWN_STYLES]:
        colour = colours[style]
        radius = DOT * FINE
        draw.ellipse(
            (x - radius, y - radius, x + radius, y + radius), _over_paper(colour), colour, FINE
        )
        draw.text(
            (x + 20 * FINE, y), f"{_short(style) or 'no style'} {count}", INK, font, anchor="lm"
        )
        y += 34 * FINE
    if len(counted) > SHOWN_STYLES:
        more = f"and {len(counted) - SHOWN_STYLES} more"
        draw.text((x - DOT * FINE, y), more, FAINT, font, anchor="lm")


def _draw_mark(draw: ImageDraw.ImageDraw, mark: Mark) -> None:
    """Draw a shape in ink, with its name where there is room: to the right, or to the left."""
    x, y = (n * FINE for n in place(mark.mood))
    radius = 13 * FINE
    box = (x - radius, y - radius, x + radius, y + radius)
    if mark.shape == "cross":
        for width, colour in ((9 * FINE, PAPER), (4 * FINE, INK)):
            draw.line((x - radius, y, x + radius, y), colour, width)
            draw.line((x, y - radius, x, y + radius), colour, width)
    else:
        if mark.shape == "target":
            _disc(draw, mark.mood, DOT + 1, INK, PAPER)
        draw.ellipse(box, outline=INK, width=3 * FINE)
    font = typeface(20 * FINE)
    name = _short(mark.name, 44)
    to_left = x + radius + font.getlength(name) > (LEFT + SIDE) * FINE
    side, anchor = (x - radius - 8 * FINE, "rm") if to_left else (x + radius + 8 * FINE, "lm")
    draw.text((side, y), name, INK, font, anchor=anchor, stroke_width=4 * FINE, stroke_fill=PAPER)


def _disc(
    draw: ImageDraw.ImageDraw, mood: Mood, radius: int, fill: Colour, outline: Colour
) -> None:
    x, y = (n * FINE for n in place(mood))
    r = radius * FINE
    draw.ellipse((x - r, y - r, x + r, y + r), fill, outline, FINE)


def _over_paper(colour: Colour, part: float = 0.72) -> Colour:
    """Mix a colour with the paper."""
    red, green, blue = (round(p + (c - p) * part) for c, p in zip(colour, PAPER, strict=True))
    return red, green, blue


def _short(text: str, most: int = 15) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
