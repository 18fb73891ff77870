"""Finds the pieces of a published split that have a near copy in training, up to transposition."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mood2music.generator.polymusic.rolls import Roll

# Changes of the sounding pitches that a shingle takes in: of the top line, where scales and
# cadences meet less rarely than chords do, and of all pitches.
TOP, WHOLE = 12, 6
# Share of a piece's shingles that stand in one training piece, from which it is a near copy.
SHARED = 0.25


def shingles(roll: Roll, whole: bool = False) -> set[bytes]:
    """Every run of TOP intervals of the top line, or of WHOLE changes of all that sounds.

    Frames that repeat the one before say nothing, so a copy in other note values is the same; nor
    does the key: pitches count from the first top one.
    """
    pitch = np.arange(roll.shape[1])
    sounding = roll[roll.any(1)]
    if not whole:
        top = np.array([pitch[frame].max() for frame in sounding], np.int16)
        steps = np.diff(top)
        steps = steps[steps != 0]
        return {steps[i : i + TOP].tobytes() for i in range(len(steps) - TOP + 1)}
    changed = np.ones(len(sounding), np.bool_)
    changed[1:] = (sounding[1:] != sounding[:-1]).any(1)
    chords = [pitch[frame] for frame in sounding[changed]]
    found = set()
    for i in range(len(chords) - WHOLE):
        part = chords[i : i + WHOLE + 1]
        told = [np.append(chord - part[0].max(), 999) for chord in part]
        found.add(np.concatenate(told).astype(np.int16).tobytes())
    return found


def shared(
    pieces: Sequence[Roll], training: Sequence[Roll], whole: bool = False
) -> NDArray[np.float64]:
    """Share of each piece's shingles that stand in the training piece that has most of them."""
    holders: defaultdict[bytes, list[int]] = defaultdict(list)
    for i, roll in enumerate(training):
        for shingle in shingles(roll, whole):
            holders[shingle].append(i)
    found = np.zeros(len(pieces))
    for i, roll in enumerate(pieces):
        own = shingles(roll, whole)
        counts = np.zeros(len(training))
        for shingle in own:
            counts[holders.get(shingle, [])] += 1
        found[i] = counts.max(initial=0) / max(len(own), 1)
    return found


def near_copies(pieces: Sequence[Roll], training: Sequence[Roll]) -> NDArray[np.bool_]:
    """Which pieces share a quarter of their top line, or of all that sounds, with one of training.

    (pieces,).
    """
    return np.maximum(*(shared(pieces, training, whole) for whole in (False, True))) >= SHARED
