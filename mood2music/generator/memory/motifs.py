"""Finds where the motifs of a tune come back, whatever sounds below them, at any pitch."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Ints

# Intervals that make a motif; returns of fewer are chance (see judge/motifs.py).
INTERVALS = 4
# Latest places of a motif that are compared, of one that stands everywhere.
COMPARED = 32


class Motifs(NamedTuple):
    """The notes of a tune, and which of them play an earlier motif again.

    pitch, onset: (notes,) int64, MIDI numbers and grid steps; source: (notes,) int64, the earlier
    note that each plays again, -1 for new ones and for a motif's first; begins: (notes,) bool,
    whether it is a motif's first (and the last of another, perhaps); kept: (notes,) bool, whether
    the motif keeps its rhythm so far
    """

    pitch: Ints
    onset: Ints
    source: Ints
    begins: NDArray[np.bool_]
    kept: NDArray[np.bool_]


def motifs_of(pitch: Ints, onset: Ints) -> Motifs:
    """Find the motifs that come back: the same intervals, no note in common.

    Of several places the one at the same pitch is taken, in the same rhythm, and the latest.
    """
    notes = len(pitch)
    source = np.full(notes, -1)
    begins, kept = np.zeros(notes, bool), np.zeros(notes, bool)
    tones, steps = pitch.tolist(), np.diff(onset).tolist()
    leaps = np.diff(pitch).tolist()
    seen: dict[tuple[int, ...], list[int]] = {}
    run = False  # whether the motif that comes back keeps its rhythm
    for at in range(notes - INTERVALS):
        name = tuple(leaps[at : at + INTERVALS])
        behind = at + INTERVALS
        there = int(source[behind - 1])
        before = seen.get(name, ())
        if there >= 0 and leaps[there] == leaps[behind - 1]:
            source[behind] = there + 1
            run = run and steps[there] == steps[behind - 1]
            kept[behind] = run
        elif source[at + 1] < 0 and before:
            places = [j for j in before[-COMPARED:] if at - j > INTERVALS]
            if places:
                rhythm = steps[at:behind]
                found = max(
                    places,
                    key=lambda j: (
                        tones[j] == tones[at],
                        steps[j : j + INTERVALS] == rhythm,
                        j,
                    ),
                )
                begins[at] = True
                source[at + 1 : behind + 1] = np.arange(found + 1, found + INTERVALS + 1)
                run = steps[found : found + INTERVALS] == rhythm
                kept[at + 1 : behind + 1] = run
        seen.setdefault(name, []).append(at)
    return Motifs(pitch, onset, source, begins, kept)
