"""Draws the card of a piece, a picture to send: its title, how it sounds, its notes."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from mood2music.files import atomically
from mood2music.flow.piece import Piece
from mood2music.music.authors import Author
from mood2music.render.colours import COLOURS
from mood2music.render.pianoroll import FAINT, INK, PAPER, fitting, typeface

# The size at which messengers and social networks show a link's picture whole.
WIDTH, HEIGHT = 1200, 630
EDGE, ROLL = 60, (250, 540)


def write_card(piece: Piece, sounds: str, path: Path) -> None:
    """Write a PNG of WIDTH x HEIGHT pixels; sounds: what the piece sounds like, in words."""
    notes = piece.notes
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    title, _, origin = notes.title.partition(" · ")
    for text, top, size, ink in (
        (title, 54, 52, INK),
        (origin, 122, 28, FAINT),
        (f"sounds {sounds}", 176, 34, INK),
    ):
        font = typeface(size)
        draw.text((EDGE, top), fitting(text, font, WIDTH - 2 * EDGE), ink, font)
    if len(notes):
        top, bottom = ROLL
        low, high = int(notes.pitch.min()) - 1, int(notes.pitch.max()) + 1
        across, down = (WIDTH - 2 * EDGE) / notes.end, (bottom - top) / max(high - low + 1, 24)
        for onset, duration, pitch, author in zip(
            notes.onset, notes.duration, notes.pitch, piece.authors, strict=True
        ):
            left, above = EDGE + onset * across, top + (high - pitch) * down
            right = max(left + 2, left + duration * across - 1)
            draw.rectangle(
                (left, above, right, above + down - 1), fill=COLOURS[Author(int(np.uint8(author)))]
            )
    draw.text((EDGE, HEIGHT - 62), "mood2music", INK, typeface(30))
    with atomically(path) as unfinished:
        picture.save(unfinished, format="PNG")
