"""Finds the meter of notes whose file states none, or nonsense: one time signature, and a downbeat.

A small network scores every candidate of `meter_candidates`, by what the piece shows at the places
of its bar (`meter_features`); the best one is the meter. It was fitted on pieces that state theirs
(experiments/meter, which says how often it is right: 83 of 100, 92 where 2/4 may stand for 4/4).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Doubles
from mood2music.music.meter import Meter, TimeSignature
from mood2music.music.meter_candidates import BINS, CANDIDATES, PHASE, WHICH
from mood2music.music.meter_features import edges, fits
from mood2music.music.meter_signals import hear
from mood2music.music.notes import Notes

# Time signatures that can be found: (numerator, denominator).
SIGNATURES = tuple((c.beats, c.unit) for c in CANDIDATES)
WEIGHTS = Path(__file__).with_suffix(".safetensors")
# Quarter notes that a piece has to last: of two bars nobody can tell.
SHORTEST = 8
# Standard deviations from the mean at which a feature is cut off.
FARTHEST = 6.0


def with_meter(notes: Notes) -> Notes:
    """Give notes that state no meter the one that is found, and say so in `meter_found`."""
    if notes.meter:
        return notes
    meter = find_meter(notes)
    return replace(notes, meter=meter, meter_found=bool(meter))


def find_meter(notes: Notes, among: Sequence[tuple[int, int]] = SIGNATURES) -> Meter:
    """Find the meter of notes, whatever they state: () for fewer than eight quarters of music.

    among: those of SIGNATURES that it may be.
    """
    if not len(notes) or notes.end < SHORTEST * notes.grid:
        return ()
    asked = np.array([signature in among for signature in SIGNATURES])[WHICH]
    best = int(np.where(asked, score(features(notes), _weights()), -np.inf).argmax())
    found = CANDIDATES[WHICH[best]]
    # A bar that would begin later than the piece has begun before it: the piece has a pickup.
    first = PHASE[best] - (found.bins if PHASE[best] else 0)
    return (TimeSignature(round(int(first) * notes.grid / BINS), found.beats, found.unit),)


def features(notes: Notes) -> Doubles:
    """All that is measured of each candidate: (candidates, features)."""
    heard = hear(notes)
    return np.concatenate([fits(heard, [(0, heard.end)])[0], edges(heard)], 1)


def score(measured: Doubles, weights: dict[str, NDArray[np.float32]]) -> Doubles:
    """Score candidates (candidates, features): a linear part of each signature, and a hidden layer.

    weights: mean, scale (features,); hidden (features, h); shift (signatures, h); out (signatures,
    h); linear (signatures, features); bias (signatures,).
    """
    x = np.clip((measured - weights["mean"]) / weights["scale"], -FARTHEST, FARTHEST)
    hidden = np.tanh(x @ weights["hidden"] + weights["shift"][WHICH])
    linear = (x * weights["linear"][WHICH]).sum(1) + weights["bias"][WHICH]
    return np.asarray(linear + (hidden * weights["out"][WHICH]).sum(1), np.float64)


@cache
def _weights() -> dict[str, NDArray[np.float32]]:
    from safetensors.numpy import load_file

    return load_file(WEIGHTS)
