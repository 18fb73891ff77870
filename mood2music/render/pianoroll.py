"""Draws notes as a piano roll that shows who wrote each, and the sections, in a PNG.

Drawn by Pillow: it starts in a twentieth of a second, matplotlib in most of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mood2music.errors import MusicFileError
from mood2music.files import atomically
from mood2music.music.authors import Author
from mood2music.music.meter import COMMON, bar_length, bar_lines, places
from mood2music.music.notes import Notes
from mood2music.music.tempo import Tempi, seconds_at
from mood2music.render.colours import COLOURS, Colour

PAPER: Colour = (252, 251, 248)
BLACK_KEY: Colour = (243, 241, 236)
BEAT_LINE: Colour = (233, 230, 224)
BAR_LINE: Colour = (205, 201, 193)
OCTAVE_LINE: Colour = (222, 218, 210)
INK: Colour = (45, 48, 56)
FAINT: Colour = (135, 133, 128)

WIDTH = 2000
LEFT, RIGHT, TOP, GAP, FOOT = 84, 36, 112, 74, 20
SEMITONE = 7
FACTS = 660  # room for the figures and the legend to the right of the title
BARS_A_ROW = 16
MOST_ROWS = 12
# Velocity at which a note is drawn palest and fullest.
SOFT, LOUD = 20, 90
PALEST = 0.45


@dataclass(frozen=True)
class Layout:
    """Where time and pitch lie on the picture; ticks are steps of the piece's grid, sizes pixels.

    A long piece wraps: row r shows the ticks from r * ticks to (r + 1) * ticks.
    """

    rows: int
    ticks: int
    low: int
    high: int

    @property
    def row_height(self) -> int:
        """Height of the notes' area in one row."""
        return (self.high - self.low + 1) * SEMITONE

    @property
    def height(self) -> int:
        """Height of the whole picture."""
        return TOP + self.rows * (self.row_height + GAP) - GAP + FOOT + 24

    def x(self, tick: int) -> int:
        """Left edge of a tick counted from the start of its row."""
        return LEFT + round(tick * (WIDTH - LEFT - RIGHT) / self.ticks)

    def y(self, row: int, pitch: int) -> int:
        """Upper edge of a pitch in a row."""
        return TOP + row * (self.row_height + GAP) + (self.high - pitch) * SEMITONE


def write_pianoroll(
    notes: Notes,
    path: Path,
    authors: NDArray[np.uint8] | None = None,
    sections: Sequence[tuple[str, int]] = (),
    title: str = "",
    tempi: Tempi = (),
) -> None:
    """Draw notes as a PNG 2000 pixels wide, written whole or not at all.

    authors: (n,) uint8, an Author a note, each in its colour; None for the base network's alone.
    sections: (name, first grid step) of each part of the form; tempi: from grid steps on, () for
    the notes' own. Loud notes are drawn fuller.
    Raises MusicFileError for a piece without notes.
    """
    if not len(notes):
        raise MusicFileError("nothing to draw: expected at least one note")
    layout = lay_out(notes)
    begins = [row * layout.ticks for row in range(layout.rows)]
    *clocks, lasts = seconds_at(
        [*begins, notes.end], tempi or ((0, notes.tempo),), notes.grid
    ).tolist()
    picture = Image.new("RGB", (WIDTH, layout.height), PAPER)
    draw = ImageDraw.Draw(picture)
    for row in range(layout.rows):
        _draw_grid(draw, layout, row, notes, clocks[row])
    shown = np.full(len(notes), Author.BASE, np.uint8) if authors is None else authors
    _draw_notes(draw, layout, notes, shown)
    for name, start in sections:
        _draw_mark(draw, layout, start, name)
    _draw_heading(draw, notes, title or notes.title, shown, lasts)
    with atomically(path) as unfinished:
        picture.save(unfinished, format="PNG")


def lay_out(notes: Notes) -> Layout:
    """Choose rows of whole bars, at most 16 each, and the range that holds every pitch.

    Bars as they are at the beginning; where the meter changes, a row may end within one.
    """
    bar = bar_length((notes.meter or COMMON)[0], notes.grid)
    bars = max(-(-notes.end // bar), 1)
    rows = min(-(-bars // BARS_A_ROW), MOST_ROWS)
    low, high = int(notes.pitch.min()), int(notes.pitch.max())
    # A little air, and never a strip too thin to read.
    low, high = min(low - 2, 57), max(high + 2, 76)
    return Layout(rows, -(-bars // rows) * bar, max(low, 0), min(high, 127))


def _draw_grid(
    draw: ImageDraw.ImageDraw, layout: Layout, row: int, notes: Notes, seconds: float
) -> None:
    left, right = layout.x(0), layout.x(layout.ticks)
    top, bottom = layout.y(row, layout.high), layout.y(row, layout.low) + SEMITONE
    small = typeface(17)
    for pitch in range(layout.low, layout.high + 1):
        y = layout.y(row, pitch)
        if pitch % 12 in (1, 3, 6, 8, 10):
            draw.rectangle((left, y, right, y + SEMITONE - 1), fill=BLACK_KEY)
        if pitch % 12 == 0:
            draw.line((left, y + SEMITONE, right, y + SEMITONE), fill=OCTAVE_LINE)
            middle = y + SEMITONE // 2
            draw.text((left - 12, middle), f"C{pitch // 12 - 1}", FAINT, small, anchor="rm")
    begin, end = row * layout.ticks, (row + 1) * layout.ticks
    steps = np.arange(begin, end + 1)
    place, _, compound = places(notes.meter, steps, notes.grid)
    on_beat = place % np.where(compound, notes.grid * 3 // 2, notes.grid) == 0
    for tick, on_bar in zip(steps[on_beat] - begin, place[on_beat] == 0, strict=True):
        x = layout.x(int(tick))
        draw.line((x, top, x, bottom), fill=BAR_LINE if on_bar else BEAT_LINE)
    lines = bar_lines(notes.meter, end - 1, notes.grid)
    numbers = np.arange(len(lines)) + (lines[0] == 0)  # a pickup is bar 0
    shown = [(int(n), int(at) - begin) for n, at in zip(numbers, lines, strict=True) if at >= begin]
    every = max(1, round(len(shown) / BARS_A_ROW))
    for number, tick in shown[::every]:
        draw.text((layout.x(tick) + 4, bottom + 4), str(number), FAINT, small)
    clock = f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
    draw.text((left - 12, bottom + 4), clock, FAINT, small, anchor="ra")


def _draw_notes(
    draw: ImageDraw.ImageDraw, layout: Layout, notes: Notes, authors: NDArray[np.uint8]
) -> None:
    rows = zip(
        notes.onset.tolist(),
        notes.duration.tolist(),
        notes.pitch.tolist(),
        notes.velocity.tolist(),
        authors.tolist(),
        strict=True,
    )
    for onset, duration, pitch, velocity, author in rows:
        colour = _shade(COLOURS[Author(author)], velocity)
        start, end = onset, onset + duration
        while start < end:
            row = start // layout.ticks
            stop = min(end, (row + 1) * layout.ticks)
            x = layout.x(start - row * layout.ticks)
            # One pixel of air keeps repeated notes apart.
            right = max(layout.x(stop - row * layout.ticks) - 2, x + 1)
            y = layout.y(row, pitch)
            draw.rounded_rectangle((x, y, right, y + SEMITONE - 1), radius=2, fill=colour)
            start = stop


def _draw_mark(draw: ImageDraw.ImageDraw, layout: Layout, tick: int, name: str) -> None:
    """Draw a section's start: its name above a line through the row."""
    row, offset = divmod(tick, layout.ticks)
    if row >= layout.rows:
        return
    x, top = layout.x(offset), layout.y(row, layout.high)
    draw.line((x, top - 30, x, layout.y(row, layout.low) + SEMITONE), fill=INK, width=2)
    font = typeface(20)
    width = round(font.getlength(name)) + 18
    draw.rounded_rectangle((x, top - 32, x + width, top - 6), radius=4, fill=INK)
    draw.text((x + width / 2, top - 19), name, PAPER, font, anchor="mm")


def _draw_heading(
    draw: ImageDraw.ImageDraw,
    notes: Notes,
    title: str,
    authors: NDArray[np.uint8],
    lasts: float,
) -> None:
    large = typeface(30)
    named = fitting(title or "Piano roll", large, WIDTH - LEFT - RIGHT - FACTS)
    draw.text((LEFT, 44), named, INK, large, anchor="lm")
    seconds = round(lasts)
    facts = f"{len(notes)} notes   {seconds // 60}:{seconds % 60:02d}   {notes.tempo:.0f} BPM"
    x = WIDTH - RIGHT
    font = typeface(20)
    draw.text((x, 46), facts, FAINT, font, anchor="rm")
    if (authors == Author.BASE).all():
        return
    x -= round(font.getlength(facts)) + 44
    for author in (a for a in reversed(Author) if (authors == a).any()):
        label, colour = author.name.lower(), COLOURS[author]
        draw.text((x, 46), label, INK, font, anchor="rm")
        x -= round(font.getlength(label)) + 10
        draw.rounded_rectangle((x - 30, 39, x, 53), radius=3, fill=colour)
        x -= 58


def _shade(colour: Colour, velocity: int) -> Colour:
    """Mix a colour with the paper: the softer the note, the paler."""
    loudness = min(max((velocity - SOFT) / (LOUD - SOFT), 0.0), 1.0)
    part = PALEST + (1 - PALEST) * loudness
    red, green, blue = (round(p + (c - p) * part) for c, p in zip(colour, PAPER, strict=True))
    return red, green, blue


def typeface(size: int) -> ImageFont.FreeTypeFont:
    """DejaVu Sans, which matplotlib's package carries: Pillow's own font has ASCII only."""
    package = find_spec("matplotlib")
    assert package is not None  # a dependency
    assert package.origin is not None
    fonts = Path(package.origin).parent / "mpl-data" / "fonts" / "ttf"
    return ImageFont.truetype(fonts / "DejaVuSans.ttf", size)


def fitting(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """Cut a text that is too wide, with an ellipsis."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"
