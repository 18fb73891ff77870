"""Says what mood people would call notes: the judge that chooses among pieces and labels windows.

A small network on the cues of `judge.cues`, fitted to people's ratings by experiments/mood_judge,
whose README has the held-out figures.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from mood2music.arrays import Doubles
from mood2music.judge.cues import cues
from mood2music.mood import Mood
from mood2music.music.notes import Notes

WEIGHTS = Path(__file__).with_suffix(".safetensors")


# Quarter notes of a window, eight bars of 4/4, and from one window to the next.
WINDOW, HOP = 32, 16
# Notes below which a window tells nothing of its own.
_FEWEST = 8


def rated_mood(notes: Notes) -> Mood:
    """Judge a piece by the mean of its windows of eight bars, or a few bars as one window.

    On the scale of people's ratings and as far spread as they are, cut off at -1 and 1; a piece
    without notes is (0, 0). About 1 ms a window.
    """
    found = window_moods(notes)
    if not len(found):
        return Mood(0.0, 0.0)
    valence, arousal = found.mean(axis=0)
    return Mood(float(valence), float(arousal))


def window_moods(notes: Notes) -> Doubles:
    """Valence and arousal, each in [-1, 1], of each of `windows`, (w, 2)."""
    measured = [cues(window) for window in windows(notes)]
    return moods_of(np.array(measured), fitted()) if measured else np.zeros((0, 2))


def windows(notes: Notes) -> Iterator[Notes]:
    """Cut notes into windows of WINDOW quarters, HOP apart, each cut off at its end.

    Windows of fewer than 8 notes are left out, unless all are: then, and under a window and a half,
    the piece is one window. Nothing without notes.
    """
    for _, window in _placed(notes):
        yield window


def window_places(notes: Notes) -> Doubles:
    """Where in the piece each of `windows` stands, (w,).

    0 is where its first window would be and 1 its last, also where that was left out; one that is
    the piece stands at 0.5.
    """
    return np.array([place for place, _ in _placed(notes)], np.float64)


def _placed(notes: Notes) -> list[tuple[float, Notes]]:
    """Each of `windows`, and its place."""
    length, hop = WINDOW * notes.grid, HOP * notes.grid
    found = []
    if notes.end >= length + hop:
        begins = range(0, notes.end - length // 2, hop)
        for place, begin in zip(np.linspace(0, 1, len(begins)).tolist(), begins, strict=True):
            found.append((place, part(notes, begin, begin + length)))
    found = [(place, window) for place, window in found if len(window) >= _FEWEST]
    return found or ([(0.5, notes)] if len(notes) else [])


def part(notes: Notes, begin: int, end: int) -> Notes:
    """The notes struck from step `begin` to step `end`, cut off there, counted from `begin`."""
    here = (notes.onset >= begin) & (notes.onset < end)
    onset = notes.onset[here] - begin
    return replace(
        notes,
        onset=onset,
        duration=np.minimum(notes.duration[here], end - begin - onset),
        pitch=notes.pitch[here],
        velocity=notes.velocity[here],
        meter=(),
    )


def moods_of(measured: Doubles, weights: dict[str, Doubles]) -> Doubles:
    """Judge cues (n, cues): (n, 2) in [-1, 1], by a linear part and radial basis functions.

    weights: mean, scale, lowest, highest (cues,), beyond which a cue is cut off; centres (k, cues);
    gamma (2,); linear (2, cues), radial (2, k), bias (2,).
    """
    x = np.clip(measured, weights["lowest"], weights["highest"])
    x = (x - weights["mean"]) / weights["scale"]
    far = ((x[:, None] - weights["centres"]) ** 2).sum(axis=2)
    near = np.exp(-weights["gamma"][:, None, None] * far)  # (2, n, k)
    found = x @ weights["linear"].T + np.einsum("ank,ak->na", near, weights["radial"])
    return np.asarray(np.clip(found + weights["bias"], -1.0, 1.0))


@cache
def fitted() -> dict[str, Doubles]:
    """The weights that ship, as `moods_of` takes them."""
    from safetensors.numpy import load_file

    return {name: value.astype(np.float64) for name, value in load_file(WEIGHTS).items()}
