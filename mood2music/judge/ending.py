"""Measures how a piece ends: at a bar line, on its tonic, behind its dominant."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mood2music.music.key import Key, find_key
from mood2music.music.meter import places
from mood2music.music.notes import Notes

# Semitones above the tonic of its triads and of the dominant seventh chord, whose root and third,
# the leading tone, are what makes it one.
TRIADS = {"major": (0, 4, 7), "minor": (0, 3, 7)}
DOMINANT, LEADING = (7, 11, 2, 5), (7, 11)
# Share of what sounds before the last chord from which it counts as the dominant.
MOST = 0.5


@dataclass(frozen=True)
class Ending:
    """How a piece ends; all False without notes.

    bar_line: its last note is released at a bar line; tonic: the lowest pitch that sounds last is
    the tonic; triad: nothing else than the tonic's triad sounds last; cadence: tonic, and more than
    half of what sounds in the half bar before, by time, is of the dominant seventh chord, its root
    or its third among it: an authentic cadence.
    """

    bar_line: bool
    tonic: bool
    triad: bool
    cadence: bool


def ending(notes: Notes, key: Key | None = None) -> Ending:
    """Measure the end of a piece on the grid; key: its own, None for the one that is found."""
    if not len(notes):
        return Ending(False, False, False, False)
    key = key or find_key(notes)
    release = notes.onset + notes.duration
    last = release == notes.end
    place, _, _ = places(notes.meter, [notes.end], notes.grid)
    bass = int(notes.pitch[last].min()) % 12
    own = {(key.tonic + up) % 12 for up in TRIADS[key.mode]}
    tonic = bass == key.tonic
    return Ending(
        bar_line=int(place[0]) == 0,
        tonic=tonic,
        triad={int(p) % 12 for p in notes.pitch[last]} <= own,
        cadence=tonic and _is_dominant(_before_the_end(notes, last, own), key),
    )


def _before_the_end(notes: Notes, last: NDArray[np.bool_], own: set[int]) -> NDArray[np.float64]:
    """Steps that each pitch class sounds in the half bar before the last chord: (12,).

    That begins where nothing sounds any more but the last notes and pitch classes of `own`.
    """
    release = notes.onset + notes.duration
    other = ~np.isin(notes.pitch % 12, list(own)) & ~last
    until = int(release[other].max()) if other.any() else 0
    _, length, _ = places(notes.meter, [max(until - 1, 0)], notes.grid)
    since = until - int(length[0]) // 2
    heard = np.minimum(release, until) - np.maximum(notes.onset, since)
    return np.bincount(notes.pitch % 12, np.maximum(heard, 0), minlength=12).astype(np.float64)


def _is_dominant(heard: NDArray[np.float64], key: Key) -> bool:
    of_it, leading = (
        heard[[(key.tonic + up) % 12 for up in ups]].sum() for ups in (DOMINANT, LEADING)
    )
    return bool(leading > 0 and of_it > MOST * heard.sum())
