"""Tells how much of a piece stands in the song it is after, and in which bars."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.judge.motifs import motifs, motifs_shared
from mood2music.music.meter import bar_lines, places
from mood2music.music.notes import Notes

# Likeness of a bar to one of the song (Dice's coefficient, as in bars.bar_likeness) from which on
# it stands there: three notes in five shared. Notes of a bar that fewer than these say nothing.
STANDS, FEWEST = 0.6, 3


def of_song(
    notes: Notes, seed_end: int, song: Notes, kept_from: int | None = None
) -> dict[str, Any]:
    """Tell which bars of a piece are bars of its song, for the manifest.

    notes: the piece, moved to the song's key; what begins before the grid step `seed_end` is the
    song's seed and not judged, nor are the bars of the song that stand from step `kept_from` on.
    Gives "share" of the notes in bars that stand in the song: (place in the bar, pitch) of their
    notes agree with one bar of it by STANDS at least; "bars", each [bar, bar of the song,
    likeness], both counted from 1; "tune": share of the melody's motifs that stand in the song, at
    any pitch, in their rhythm (see `judge.motifs`), null without one.

    {"share": 0.31, "tune": 0.18, "bars": [[12, 5, 0.83], [13, 6, 1.0]]}
    """
    here = notes.onset >= seed_end
    if kept_from is not None:
        here &= notes.onset < kept_from
    anew = notes.only(here)
    tune = motifs_shared(motifs(anew, rhythm=True), motifs(song, rhythm=True))
    told: dict[str, Any] = {"share": 0.0, "tune": None if tune is None else round(tune, 4)}
    mine, theirs = _bars(anew), _bars(song)
    found = []
    stands = 0
    for line, struck in mine.items():
        if len(struck) < FEWEST:
            continue
        alike = {there: _dice(struck, others) for there, others in theirs.items()}
        best = max(alike, key=lambda there: alike[there], default=None)
        if best is not None and alike[best] >= STANDS:
            found.append([_number(notes, line), _number(song, best), round(alike[best], 2)])
            stands += len(struck)
    total = sum(map(len, mine.values()))
    told["share"] = round(stands / max(total, 1), 4)
    return {**told, "bars": found}


def _bars(notes: Notes) -> dict[int, set[tuple[int, int]]]:
    """What is struck in each bar, by the grid step of its line: (place, pitch), 24ths of a beat."""
    place, _, _ = places(notes.meter, notes.onset, notes.grid)
    bars: dict[int, set[tuple[int, int]]] = {}
    rows: NDArray[np.int64] = np.stack([notes.onset - place, place * 24 // notes.grid, notes.pitch])
    for line, at, pitch in rows.T.tolist():
        bars.setdefault(line, set()).add((at, pitch))
    return bars


def _dice(one: set[tuple[int, int]], other: set[tuple[int, int]]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def _number(notes: Notes, line: int) -> int:
    """Number of the bar that begins at a grid step, as it is counted: a pickup is none."""
    lines = bar_lines(notes.meter, max(line, 0), notes.grid)
    return int(np.searchsorted(lines, line)) + int(lines[0] == 0)
