"""Counts which motifs of a style's tunes come back, from where and how long, and draws as they did.

They are those in bars that come close to none before.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.generator.memory.counts import PRIOR, drawn
from mood2music.generator.memory.motifs import INTERVALS, Motifs

# Notes of a motif that are told apart.
LONGEST_MOTIF = 32


class Candidates(NamedTuple):
    """Earlier notes that a motif may come back from, (n,) each.

    back: notes of the tune since; by: semitones from there to here; aligned: whether they stand at
    the same place in the quarter note
    """

    back: NDArray[np.int64]
    by: NDArray[np.int64]
    aligned: NDArray[np.bool_]


@dataclass
class MotifCounts:
    """Counts of the notes of tunes that begin a motif which was heard before.

    tune: of notes in bars that are close to none before, "new", "begins": how many begin a motif
    that comes back, "kept": how many of these keep its rhythm, "aligned": how many stand at the
    place in the quarter note where it stood; far: by how many notes of the tune it comes back, the
    power of two below; by: by how many semitones; long: notes of it behind the first
    """

    tune: Counter[str] = field(default_factory=Counter)
    far: Counter[int] = field(default_factory=Counter)
    by: Counter[int] = field(default_factory=Counter)
    long: Counter[int] = field(default_factory=Counter)

    def count(self, motifs: Motifs, free: NDArray[np.bool_], grid: int) -> None:
        """Count the motifs of a tune.

        free: of each note, whether its bar is close to none before; grid: steps in a quarter note.
        """
        pitch, onset = motifs.pitch, motifs.onset
        at = np.flatnonzero(motifs.begins & free)
        there = motifs.source[at + 1] - 1
        # A motif's notes go on until one is new or plays another one on.
        links = np.diff(motifs.source) != 1
        breaks = np.append(np.flatnonzero(links | motifs.begins[:-1]), len(pitch) - 1)
        ends = breaks[np.searchsorted(breaks, at + 1)]
        open_notes = free & (motifs.source < 0)
        self.tune["new"] += int(open_notes.sum())
        self.tune["begins"] += len(at)
        self.tune["kept"] += int(motifs.kept[at + 1].sum())
        self.tune["aligned"] += int(((onset[at] - onset[there]) % grid == 0).sum())
        self.far.update(np.log2(at - there).astype(int).tolist())
        self.by.update(np.clip(pitch[at] - pitch[there], -12, 12).tolist())
        self.long.update(np.minimum(ends - at, LONGEST_MOTIF).tolist())

    def begins(self, rng: np.random.Generator) -> bool:
        """Draw whether a motif comes back from a note of the tune on that goes on with none."""
        return bool(rng.random() * max(self.tune["new"], 1) < self.tune["begins"])

    def motif(self, candidates: Candidates, rng: np.random.Generator) -> int | None:
        """Draw which earlier note a motif comes back from; None where none comes back that way."""
        far = np.log2(np.maximum(candidates.back, 1)).astype(int)
        weights = np.array([self.by[by] for by in candidates.by.tolist()], np.float64)
        weights *= np.array([self.far[f] / 2.0**f for f in far.tolist()])
        aligned = (self.tune["aligned"] + PRIOR) / (self.tune["begins"] + 2 * PRIOR)
        weights *= np.where(candidates.aligned, aligned, 1 - aligned)
        if not weights.sum():
            return None
        return int(rng.choice(len(weights), p=weights / weights.sum()))

    def length(self, rng: np.random.Generator) -> tuple[int, bool]:
        """Draw how many notes behind the first a motif has, and whether it keeps its rhythm."""
        kept = rng.random() * max(self.tune["begins"], 1) < self.tune["kept"]
        return (int(drawn(self.long, rng)) if self.long else INTERVALS), bool(kept)
