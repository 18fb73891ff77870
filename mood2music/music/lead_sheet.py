"""Tells which files state their harmony, by chord symbols, and what they state where."""

from collections.abc import Sequence

import numpy as np

from mood2music.arrays import Doubles
from mood2music.music.meter import bar_lines
from mood2music.music.notes import Notes
from mood2music.music.stated_chords import UNSAID, StatedChord

# Bars that have one chord symbol at least, in lead sheets, and where all of them are sevenths and
# the like, as in modal jazz: no letters of parts.
SYMBOL_BARS, MODAL_BARS = 4, 8
# Pitches that no letter of a part has.
SEVENTH = 4


def is_lead_sheet(notes: Notes) -> bool:
    """Whether a file states the chords of all its bars.

    Some print a letter where a part begins, or a few chords among much else, which say nothing of
    the bars between: a chord symbol in SYMBOL_BARS bars is expected, the first as early; of two
    sevenths and more one in MODAL_BARS.
    """
    if not notes.chords or not len(notes):
        return False
    lines = bar_lines(notes.meter, notes.end, notes.grid)
    early = int(lines[min(SYMBOL_BARS, len(lines) - 1)])
    modal = len(notes.chords) > 1 and all(len(c.pitches) >= SEVENTH for c in notes.chords)
    most = MODAL_BARS if modal else SYMBOL_BARS
    return notes.chords[0].step < early and most * len(notes.chords) >= len(lines) - 1


def chords_stated(notes: Notes, by: int) -> tuple[StatedChord, ...]:
    """The chords of a lead sheet, `by` semitones higher; () where the music is none."""
    return notes.transposed(by).chords if is_lead_sheet(notes) else ()


def chord_time(notes: Notes) -> Doubles:
    """Grid steps that each pitch class is held in the chords of a lead sheet: (12,)."""
    held = np.zeros(12)
    steps = [max(chord.step, 0) for chord in notes.chords]
    for chord, begin, end in zip(notes.chords, steps, [*steps[1:], notes.end], strict=True):
        for pitch in {(chord.root + up) % 12 for up in chord.pitches}:
            held[pitch] += max(end - begin, 0)
    return held


def stated_in(
    chords: Sequence[StatedChord], begin: int, end: int, origin: int
) -> tuple[StatedChord, ...]:
    """What holds from one step of a song on to another, and nothing from there on.

    Steps are the song's; those of what is given count from `origin`. () where nothing is stated.
    """
    held = [chord._replace(step=begin) for chord in chords if chord.step <= begin][-1:]
    held += [chord for chord in chords if begin < chord.step < end]
    behind = [UNSAID._replace(step=end)] if held else []
    return tuple(chord._replace(step=chord.step - origin) for chord in [*held, *behind])
