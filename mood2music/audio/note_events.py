"""Finds note events, in seconds, in posteriorgrams: onsets peak, notes sound on until they fade.

The steps are those of Bittner et al. 2022, section 2.3.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mood2music.audio.network import LOWEST_KEY, SECONDS, Posteriors
from mood2music.audio.settings import AudioSettings

# Frames (0.13 s) that a note may dip below the threshold without ending, as in the paper.
TOLERANCE = 11

Float64s = NDArray[np.float64]


@dataclass(frozen=True)
class NoteEvents:
    """Notes as heard, sorted by (start, pitch), n of them.

    start, end: seconds; pitch: MIDI number; strength: mean likelihood that the note sounds;
    attack: likelihood of its start, 0 for one whose start was not heard.
    """

    start: Float64s
    end: Float64s
    pitch: NDArray[np.int64]
    strength: Float64s
    attack: Float64s

    def __len__(self) -> int:
        """Count the notes."""
        return len(self.start)

    def where(self, kept: NDArray[np.bool_]) -> "NoteEvents":
        """Take the notes marked True in `kept`, (n,)."""
        return NoteEvents(*(array[kept] for array in vars(self).values()))


def find_events(heard: Posteriors, settings: AudioSettings) -> NoteEvents:
    """Find notes: first those whose start was heard, then what sounds besides.

    A note lasts until its key's likelihood stays below `settings.frame` for TOLERANCE frames, or
    until the key is struck again. What a note covers, and the keys a semitone beside it, is not
    taken for another note.
    """
    shortest = max(round(settings.shortest / SECONDS), 1)
    free = heard.frame.copy()
    rows: list[tuple[int, int, int, float, float]] = []

    def take(key: int, start: int, end: int, attack: float) -> None:
        strength = float(heard.frame[start:end, key].mean())
        rows.append((start, end, key + LOWEST_KEY, strength, attack))
        free[start:end, max(key - 1, 0) : key + 2] = 0.0

    for key in range(heard.onset.shape[1]):
        column = heard.frame[:, key]
        starts = _peaks(heard.onset[:, key], settings.onset)
        for start, stop in pairwise([*starts, len(column)]):
            sounding = start + np.flatnonzero(column[start:stop] >= settings.frame)
            end = _faded(sounding, start)
            if end - start >= shortest:
                take(key, start, end, float(heard.onset[start, key]))
    for _, key, start, end in sorted(_runs(free, settings.frame), reverse=True):
        # A stronger neighbour may have taken part of it by now.
        left = start + np.flatnonzero(free[start:end, key] >= settings.frame)
        if len(left) and free[left, key].max() >= settings.rest:
            first, last = int(left[0]), _faded(left, int(left[0]))
            if last - first >= shortest:
                take(key, first, last, 0.0)
    table = np.array(sorted(rows, key=lambda row: (row[0], row[2])), float).reshape(-1, 5)
    starts_at, ends_at, pitch, strength, attack = table.T
    return NoteEvents(
        starts_at * SECONDS, ends_at * SECONDS, pitch.astype(np.int64), strength, attack
    )


def _peaks(likelihood: NDArray[np.float32], least: float) -> list[int]:
    """Frames of the local maxima that reach `least`; of a plateau the first."""
    before = np.r_[-1.0, likelihood[:-1]]
    after = np.r_[likelihood[1:], -1.0]
    found = np.flatnonzero((likelihood > before) & (likelihood >= after) & (likelihood >= least))
    return [int(frame) for frame in found]


def _faded(sounding: NDArray[np.int64], start: int) -> int:
    """End of the note that starts at `start` and sounds in these frames, gaps bridged.

    >>> _faded(np.array([3, 4, 5, 40]), 3)
    6
    """
    gaps = np.flatnonzero(np.diff(np.r_[start, sounding]) > TOLERANCE)
    held = sounding[: gaps[0]] if len(gaps) else sounding
    return int(held[-1]) + 1 if len(held) else start


def _runs(free: NDArray[np.float32], least: float) -> list[tuple[float, int, int, int]]:
    """Stretches where a key sounds, gaps bridged: (highest likelihood, key, start, end)."""
    found = []
    for key in range(free.shape[1]):
        sounding = np.flatnonzero(free[:, key] >= least)
        if len(sounding):
            breaks = np.flatnonzero(np.diff(sounding) > TOLERANCE) + 1
            for part in np.split(sounding, breaks):
                found.append((float(free[part, key].max()), key, int(part[0]), int(part[-1]) + 1))
    return found
