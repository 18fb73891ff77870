"""Measures how a piece holds together: what returns, what bars are to it, how it is filled."""

from dataclasses import dataclass

from mood2music.judge.bars import (
    bar_autocorrelation,
    bar_likeness,
    bar_loops,
    beat_preference,
    phrase_likeness,
)
from mood2music.judge.motifs import motif_return
from mood2music.judge.texture import one_voice, same_key, silences
from mood2music.music.events import to_events
from mood2music.music.notes import Notes
from mood2music.music.quantize import quantize

# Share of the sounding time from which a piece counts as one of one voice.
ONE_VOICE = 0.8


@dataclass(frozen=True)
class Measures:
    """What a piece measures; None where it is too short to say. Each name's function has a formula.

    motif_return, motif_rhythm_return: share of the melody's motifs that stood before, by intervals
        alone and with rhythm (`motifs.motif_return`)
    bar_likeness: mean best likeness of a bar to an earlier one (`bars`)
    bar_loops: share of bars that go round (`bars`)
    phrase_likeness: how much more alike bars are that lie whole phrases apart (`bars`)
    bar_autocorrelation: of onsets, at a bar (`bars`)
    beat_preference: bits (`bars`)
    silences: over a quarter note, a minute (`texture`)
    one_voice: 1 when one voice takes more than ONE_VOICE of the sounding time, else 0 (`texture`)
    same_key: share of passages of 16 quarter notes in the key of the one before (`texture`)
    """

    motif_return: float | None
    motif_rhythm_return: float | None
    bar_likeness: float | None
    bar_loops: float | None
    phrase_likeness: float | None
    bar_autocorrelation: float | None
    beat_preference: float | None
    silences: float
    one_voice: int
    same_key: float | None


def measure(notes: Notes) -> Measures:
    """Measure a piece, played ones on the grid that networks' data are brought to.

    A piece without notes has None or 0 throughout.
    """
    notes = quantize(notes)
    return Measures(
        motif_return=motif_return(notes),
        motif_rhythm_return=motif_return(notes, rhythm=True),
        bar_likeness=bar_likeness(notes),
        bar_loops=bar_loops(notes),
        phrase_likeness=phrase_likeness(notes),
        bar_autocorrelation=bar_autocorrelation(notes),
        beat_preference=beat_preference(notes),
        silences=silences(notes),
        one_voice=int(one_voice(notes) > ONE_VOICE),
        same_key=same_key(notes),
    )


def opening(notes: Notes, events: int) -> Notes:
    """Take the first so many events of a piece, or all; what sounds on is cut off there."""
    ends = to_events(notes)[:events].ends()
    return notes.until(ends[-1] / notes.grid * 60.0 / notes.tempo) if len(ends) else notes
