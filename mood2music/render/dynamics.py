"""Writes how loud a piece is in letters, from p to ff, where its level changes for a while."""

from itertools import pairwise

import numpy as np

from mood2music.music.meter import bar_lines
from mood2music.music.notes import Notes

# The softest velocity of each letter: MuseScore's for playing them, 33 to 112, halfway between.
LETTERS = ((0, "pp"), (41, "p"), (57, "mp"), (72, "mf"), (88, "f"), (104, "ff"))
# Bars that a level is the mean of, and how far it must lie beyond a letter to leave it.
BARS, BEYOND = 4, 3.0


def dynamics(notes: Notes) -> list[tuple[int, str]]:
    """Give (grid step, letters) where the level changes; none for a piece that is equally loud.

    >>> from mood2music.music.notes import make_notes
    >>> dynamics(make_notes([0, 24], [24, 24], [60, 62], [80, 80]))
    []
    """
    if not len(notes) or int(np.ptp(notes.velocity)) == 0:
        return []
    lines = bar_lines(notes.meter, notes.end, notes.grid)
    velocity = notes.velocity.astype(float)
    found: list[tuple[int, str]] = []
    for begin, end in pairwise([*lines[::BARS].tolist(), notes.end + 1]):
        here = (notes.onset >= begin) & (notes.onset < end)
        if not here.any():
            continue
        level = float(velocity[here].mean())
        if not found or (letters(level) != found[-1][1] and _leaves(level, found[-1][1])):
            found.append((max(int(begin), 0), letters(level)))
    return found


def letters(level: float) -> str:
    """Name a velocity."""
    return [name for least, name in LETTERS if level >= least][-1]


def _leaves(level: float, name: str) -> bool:
    """Whether a velocity lies clearly outside those of a letter."""
    which = [known for _, known in LETTERS].index(name)
    least = LETTERS[which][0]
    most = LETTERS[which + 1][0] if which + 1 < len(LETTERS) else 128
    return level < least - BEYOND or level > most + BEYOND
