"""Places parts for a synthesizer as on a stage: each at its level, keyboards as wide as real."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mood2music.music.write import LOUDEST, Part
from mood2music.render.balance import balanced
from mood2music.render.band import TUNE

# General MIDI's pianos and its instruments of bars: as wide as their row of keys or bars.
WIDE = range(16)
# Pitches at which such a row is cut into pieces that each stand at one place, the middle one around
# C4, and how far the outermost are from the middle one, in steps of `Part.pan`, in the widest room:
# low pitches left, as who plays hears them.
CUTS, WIDTH = (42, 54, 66, 78), 60


def staged(parts: Sequence[Part], room: float, balance: bool = True) -> list[Part]:
    """Give parts as they are to sound: the loudest at full volume, the others as much below it.

    room: as in `in_room`; without one each part stands at one place and sounds in the synthesizer's
    own reverberation, in one it is dry. balance: bring a band's tune, whoever plays it, to the
    loudness that the piano has on the shipped soundfont. The notes are the same.
    """
    levels = [
        balanced(part.level, part.program) if balance and part.name == TUNE else part.level
        for part in parts
    ]
    louder = LOUDEST / max(levels)
    placed = [replace(p, level=round(x * louder)) for p, x in zip(parts, levels, strict=True)]
    if not room:
        return placed
    return [piece for p in placed for piece in spread(replace(p, reverb=0), WIDTH * room)]


def spread(part: Part, width: float) -> list[Part]:
    """Cut the part of a wide instrument at CUTS, its outermost pieces `width` from its place."""
    if part.drums or part.program not in WIDE:
        return [part]
    zone = np.searchsorted(CUTS, part.notes.pitch, "right")
    middle = len(CUTS) / 2
    return [
        replace(
            part,
            notes=part.notes.only(zone == which),
            pan=round(min(max(part.pan + width * (which - middle) / middle, 0), 127)),
        )
        for which in np.unique(zone).tolist()
    ]
