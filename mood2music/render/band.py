"""Deals a piece out to a band: tune, chords and bass by what its notes are, drums to its bars.

No pitch is added or taken away: what the parts play together is the piece, but for the drums, a
pad, which holds chords that the piano strikes, and a tune out of its player's reach, which is
played octaves away. Who plays one note at a time plays the tune, over a piano where there is no
band.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mood2music.errors import UnknownNameError
from mood2music.music.idiom import idiom_of
from mood2music.music.notes import Notes
from mood2music.music.write import Part
from mood2music.render.drumming import Kit, drummed
from mood2music.render.programs import PIANO, program_number
from mood2music.render.soloist import reached, soloists

TUNE, BASS = "Melody", "Bass"
# Lowest pitch of the tune's accompaniment that is no bass: A3, where a bass player's range ends.
BASS_BELOW = 57
# A part of fewer notes than these a bar, on the mean, is no bass line.
LEAST = 0.4
# Quarter notes from which a pad takes up a chord: it needs as long to be heard.
HELD = 1.0


@dataclass(frozen=True)
class Band:
    """Who plays what: General MIDI programs of bass and pad, None for no pad, and the kit."""

    bass: int
    drums: Kit
    pad: int | None = None


# A piano trio with brushes, and a piano with fingered bass, a warm pad and sticks.
BANDS = {
    "jazz": Band(bass=32, drums=Kit.BRUSHES),
    "pop": Band(bass=33, drums=Kit.STICKS, pad=89),
}
# How loud each part is and where it stands: channel volume of 127; 0 left, 64 middle, 127 right. On
# TimGM6mb chords and bass are then 0 to 6 LU below the tune, brushes 8 to 12, sticks 7, a pad 7
# (`python -m experiments.sound.measure`).
TUNE_AT, CHORDS_AT, BASS_AT, PAD_AT = (100, 64), (88, 54), (100, 64), (56, 80)
DRUMS_AT = {Kit.BRUSHES: (122, 76), Kit.STICKS: (104, 70)}


def band_of(asked: str, style: str) -> Band | None:
    """Find the band that is asked for: none, one of BANDS, or auto for that of a style's idiom.

    Raises UnknownNameError for another.
    """
    if asked == "auto":
        return BANDS.get(idiom_of(style).band)
    if asked == "none":
        return None
    if asked not in BANDS:
        raise UnknownNameError(
            f"render.band={asked}: expected auto, none or {' or '.join(sorted(BANDS))}"
        )
    return BANDS[asked]


def arranged(
    notes: Notes,
    tune: NDArray[np.bool_],
    band: Band | None,
    program: int = 0,
    sections: Sequence[int] = (),
) -> list[Part]:
    """Give the parts that play these notes: one where there is no band and no soloist.

    tune: (n,) which notes are the melody; program: who plays it; sections: grid steps at which
    parts of the form begin, where the drummer says so.
    """
    solo = soloists(notes, tune, program)
    if not len(notes) or (band is None and not solo.any()):
        return [Part(notes.title, program, notes)]
    tune = tune | solo
    piano = program_number(PIANO)
    dealt: list[tuple[str, int, NDArray[np.bool_], tuple[int, int]]]
    if band is None:
        dealt = [("Piano", piano, ~tune, CHORDS_AT)]
    else:
        bass = bass_of(notes, tune)
        chords = ~tune & ~bass
        dealt = [("Chords", piano, chords, CHORDS_AT), (BASS, band.bass, bass, BASS_AT)]
        if band.pad is not None:
            held = chords & (notes.duration >= HELD * notes.grid)
            dealt.append(("Pad", band.pad, held, PAD_AT))
    parts = [
        Part(name, number, notes.only(mine), level=at[0], pan=at[1])
        for name, number, mine, at in dealt
        if mine.any()
    ]
    if tune.any():
        sung = reached(notes.only(tune), program)
        parts.insert(0, Part(TUNE, program, sung, level=TUNE_AT[0], pan=TUNE_AT[1]))
    if band is None:
        return parts
    strokes = drummed(notes, band.drums, sections)
    if len(strokes):
        level, pan = DRUMS_AT[band.drums]
        parts.append(Part("Drums", band.drums.program, strokes, True, level, pan))
    return parts


def bass_of(notes: Notes, tune: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which notes (n,) are the bass: the lowest of their onset, below all that sounds there.

    None are where a bass would play too rarely to be one.
    """
    lowest = np.zeros(len(notes), bool)
    end, sounding = 0, 128
    # By onset, the lowest first.
    for i in range(len(notes)):
        if notes.onset[i] >= end:
            sounding = 128
        struck_alone = i == 0 or notes.onset[i] != notes.onset[i - 1]
        if struck_alone and notes.pitch[i] < min(sounding, BASS_BELOW) and not tune[i]:
            lowest[i] = True
            end, sounding = int(notes.onset[i] + notes.duration[i]), int(notes.pitch[i])
    bars = notes.end / (4 * notes.grid)
    return lowest if lowest.sum() >= LEAST * bars else np.zeros(len(notes), bool)
