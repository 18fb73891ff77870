"""Measures how a piece is filled: silences, time of one voice, and how long it stays in a key."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from mood2music.music.events import to_events
from mood2music.music.key import Key, find_key
from mood2music.music.notes import Notes

# Quarter notes of a passage whose key is found.
PASSAGE = 16


def silences(notes: Notes) -> float:
    """Count the silences of more than a quarter note, per minute of playing time; 0 without notes.

    Playing time runs from the first onset to the last release, at the piece's tempo; a silence is
    where no note sounds at all.
    """
    if not len(notes):
        return 0.0
    order = np.argsort(notes.onset, kind="stable")
    onset = notes.onset[order]
    release = np.maximum.accumulate((notes.onset + notes.duration)[order])
    holes = int((onset[1:] - release[:-1] > notes.grid).sum())
    return holes / ((notes.end - int(onset[0])) / notes.grid / notes.tempo)


def one_voice(notes: Notes) -> float:
    """Share of the sounding time in which one pitch sounds alone, 0 to 1; 0 without notes."""
    return to_events(notes).one_voice()


def same_key(notes: Notes) -> float | None:
    """Share of passages of PASSAGE quarter notes that are in the key of the passage before.

    Passages follow one another from the first onset; a note counts in each as long as it sounds
    there, and `music.key.find_key` finds the key of what is heard. A last passage of less than half
    is left out, and one without sound takes its neighbours with it. None without a pair.
    """
    if not len(notes):
        return None
    step = PASSAGE * notes.grid
    begins = range(int(notes.onset.min()), notes.end - step // 2 + 1, step)
    keys = [_key(notes, begin, begin + step) for begin in begins]
    pairs = [(a, b) for a, b in pairwise(keys) if a is not None and b is not None]
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def _key(notes: Notes, begin: int, end: int) -> Key | None:
    """Find the key of what sounds in these grid steps; None for silence."""
    start = np.maximum(notes.onset, begin)
    length = np.minimum(notes.onset + notes.duration, end) - start
    here = length > 0
    if not here.any():
        return None
    return find_key(
        replace(
            notes,
            onset=start[here],
            duration=length[here],
            pitch=notes.pitch[here],
            velocity=notes.velocity[here],
        )
    )
