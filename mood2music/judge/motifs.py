"""Counts how often the melody's motifs come back, and how many of them another piece has too."""

import numpy as np
from numpy.typing import NDArray

from mood2music.music.notes import Notes

# Notes of a motif, four intervals: a phrase has several, and chance alone repeats hardly any.
MOTIF = 5


def melody(notes: Notes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Take the highest note struck at each onset: the skyline (Uitdenbogerd & Zobel 1999, ACM MM).

    Gives onsets in grid steps and MIDI numbers, (n,) each.
    """
    onset, first = np.unique(notes.onset, return_index=True)
    last = np.append(first[1:], len(notes)) - 1  # notes are sorted by (onset, pitch)
    return onset, notes.pitch[last[: len(onset)]].astype(np.int64)


def motifs(notes: Notes, rhythm: bool = False) -> NDArray[np.int64]:
    """Give a row for every MOTIF consecutive notes of the melody: what of them is heard again.

    Intervals in semitones, (n, 4), so that a motif is the same wherever it stands; with `rhythm`
    the four times from onset to onset too, in 24ths of a quarter note, (n, 8).

    C4 D4 E4 D4 C4 in eighths -> [[2, 2, -2, -2]], with rhythm [[2, 2, -2, -2, 12, 12, 12, 12]]
    """
    onset, pitch = melody(notes)
    width = (MOTIF - 1) * (2 if rhythm else 1)
    if len(onset) < MOTIF:
        return np.zeros((0, width), np.int64)
    told = [np.diff(pitch)] + ([np.diff(onset) * 24 // notes.grid] if rhythm else [])
    windows = [np.lib.stride_tricks.sliding_window_view(values, MOTIF - 1) for values in told]
    return np.concatenate(windows, axis=1)


def motif_return(notes: Notes, rhythm: bool = False) -> float | None:
    """Share of the melody's motifs that stood earlier in the piece, no note of theirs in common.

    A motif counts when the same row of `motifs` begins MOTIF or more melody notes before it. None
    for a melody of fewer than MOTIF notes. Returning motifs as the mark of a theme: Conklin &
    Anagnostopoulou 2001 (ICMC); the share is a plain count.

    C D E F G C D E F G -> 1 of 6 motifs: the last
    """
    rows = motifs(notes, rhythm)
    if not len(rows):
        return None
    _, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return float((np.arange(len(rows)) - first[which.reshape(-1)] >= MOTIF).mean())


def motifs_shared(piece: NDArray[np.int64], song: NDArray[np.int64]) -> float | None:
    """Share of a piece's motifs that stand anywhere in a song; both as rows of `motifs`.

    None for a piece without a motif.
    """
    if not len(piece):
        return None
    known = {row.tobytes() for row in np.ascontiguousarray(song)}
    return sum(row.tobytes() in known for row in np.ascontiguousarray(piece)) / len(piece)
