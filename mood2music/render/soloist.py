"""Lets who plays one note at a time play the tune, where the instrument reaches."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mood2music.music.notes import Notes

# Lowest and highest sounding pitch by General MIDI program: what orchestral players play with ease
# (Adler 2016, The Study of Orchestration, appendix A), not all they can.
RANGES = {
    40: (55, 96), 41: (48, 84), 42: (36, 76), 43: (28, 62),  # violin to contrabass
    56: (55, 82), 57: (40, 70), 58: (29, 60), 59: (55, 82), 60: (41, 77),  # brass
    64: (58, 85), 65: (50, 80), 66: (44, 75), 67: (38, 68),  # saxophones
    68: (59, 89), 69: (53, 81), 70: (34, 70), 71: (50, 89),  # double reeds, clarinet
    72: (74, 102), 73: (60, 96), 74: (65, 91), 75: (60, 91), 76: (60, 84),  # pipes
    77: (60, 91), 78: (67, 96), 79: (60, 84),
    109: (62, 81), 110: (55, 93), 111: (58, 84),  # bagpipe, fiddle, shanai
}  # fmt: skip
OCTAVES = (0, 1, -1, 2, -2)


def soloists(notes: Notes, tune: NDArray[np.bool_], program: int) -> NDArray[np.bool_]:
    """Which notes a soloist plays, (n,): the tune, or all of a piece of one voice; none without.

    tune: (n,) which notes are it; program: who plays.
    """
    if program not in RANGES:
        return np.zeros(len(notes), bool)
    ends = np.maximum.accumulate(notes.onset + notes.duration)
    return tune | bool((notes.onset[1:] >= ends[:-1]).all())


def reach(program: int, pitch: NDArray[np.integer]) -> int:
    """Semitones, whole octaves, by which most pitches (n,) of a tune come where a soloist reaches.

    0 for an instrument of several voices.

    >>> reach(73, np.array([55, 57, 60])), reach(42, np.array([72, 84])), reach(0, np.array([20]))
    (12, -12, 0)
    """
    if program not in RANGES:
        return 0
    low, high = RANGES[program]
    within = [((pitch + 12 * by >= low) & (pitch + 12 * by <= high)).sum() for by in OCTAVES]
    return 12 * OCTAVES[int(np.argmax(within))]


def reached(tune: Notes, program: int) -> Notes:
    """A tune where a soloist reaches it; see `reach`."""
    by = reach(program, tune.pitch)
    pitch = np.clip(tune.pitch + by, 0, 127).astype(tune.pitch.dtype)
    return replace(tune, pitch=pitch) if by else tune
