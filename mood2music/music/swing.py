"""Plays off-beat eighths late, as jazz does, and finds straight ones in a file that says it swings.

A ratio of 1.5 makes the first eighth of a beat 1.5 times as long as the second. Only beats of two
eighths swing; sixteenths and triplets of a beat are played as they stand.
"""

import re

import numpy as np

from mood2music.arrays import Ints
from mood2music.music.meter import Meter, is_compound
from mood2music.music.notes import Notes

# The short eighth of drummers is no shorter than .1 s at whatever tempo (Friberg & Sundström 2002,
# Music Perception 19:3), and soloists swing less than drummers: between 1 and 2 to 1 (Gridley 1985,
# Jazz Styles), here halfway.
SHORTEST, USUAL = 0.1, 1.5
# The widest ratio that drummers were measured at, in the same paper.
WIDEST = 3.5
# How far from its place, in quarter notes, an eighth that was played may lie.
NEAR = 0.45 / 24


def usual_ratio(tempo: float) -> float:
    """Give the ratio of a tempo in quarter notes a minute: 1.5, less from 240 on, 1 from 300 on.

    >>> usual_ratio(120), usual_ratio(600)
    (1.5, 1.0)
    """
    return max(1.0, min(USUAL, (60 / tempo - SHORTEST) / SHORTEST))


def is_straight(notes: Notes) -> bool:
    """Whether its off-beat notes stand at halves of a beat rather than at the third triplet."""
    place = notes.onset % notes.grid / notes.grid
    late, half = np.abs(place - 2 / 3) < 0.05, np.abs(place - 1 / 2) < 0.05
    return bool(half.sum() > late.sum())


def can_swing(meter: Meter, grid: int) -> bool:
    """Whether all beats are quarter notes that begin at whole ones."""
    return all(s.unit in (2, 4) and not is_compound(s) and s.step % grid == 0 for s in meter)


def swung(times: Ints, onsets: Ints, grid: int, ratio: float) -> Ints:
    """Move times (n,) of beats of two eighths; onsets: of all notes, which say what beats are so.

    grid: steps in a quarter note.

    >>> swung(np.array([0, 240, 600]), np.array([0, 240, 480, 600]), 480, 1.5).tolist()
    [0, 288, 600]
    """
    half = grid // 2
    return _moved(times, onsets, grid, half, round(grid * ratio / (1 + ratio)), 0)


def straightened(times: Ints, onsets: Ints, grid: int, ratio: float) -> Ints:
    """Undo `swung`, also where each time strayed by up to NEAR of a quarter note.

    A ratio of 2 sounds as a triplet does and 3 as a dotted eighth: beats of such, and of nothing
    else, become straight too.

    >>> straightened(np.array([0, 290, 600]), np.array([0, 290, 480, 600]), 480, 1.5).tolist()
    [0, 242, 600]
    """
    late = round(grid * ratio / (1 + ratio))
    return _moved(times, onsets, grid, late, grid // 2, round(grid * NEAR))


def _moved(times: Ints, onsets: Ints, grid: int, here: int, there: int, near: int) -> Ints:
    """Move what lies near `here` in a beat to `there`, where nothing but beats is struck beside."""
    beat, place = (onsets + near) // grid, (onsets + near) % grid - near
    plain = (np.abs(place) <= near) | (np.abs(place - here) <= near)
    beats = int(max(beat.max(initial=0), (times + near).max(initial=0) // grid)) + 1
    others = np.bincount(beat[~plain], minlength=beats) > 0
    at = (times + near) // grid
    moves = ~others[at] & (np.abs(times - at * grid - here) <= near)
    return np.where(moves, times + there - here, times)


def said(ratio: float) -> str:
    """The words by which a MIDI file says that it swings."""
    return f"swing {ratio:g}"


def ratio_in(text: str) -> float | None:
    """The ratio that `said` wrote, None for any other text.

    >>> ratio_in("swing 1.5"), ratio_in("swing low")
    (1.5, None)
    """
    found = re.fullmatch(r"swing (\d+(?:\.\d+)?)", text)
    ratio = float(found[1]) if found else 0.0
    return ratio if 1 < ratio <= WIDEST else None
