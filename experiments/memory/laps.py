"""How varied are the bars of pieces, real or written? Counts what `memory/variety.py` holds to.

python -m experiments.memory.laps pieces=FOLDER
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.measuring import measuring
from experiments.memory.folder import pieces_in
from mood2music.generator.memory.variety import NEAR, Strikes, alike
from mood2music.music.meter import places
from mood2music.music.notes import Notes


@dataclass
class Settings:
    """See laps.yaml."""

    pieces: Path
    bars: int


@measuring
def main(asked: Settings) -> None:
    """Count over the folder's pieces, and print."""
    pieces = [bars_of(notes)[: asked.bars] for notes in pieces_in(asked.pieces)]
    print(f"{asked.pieces}: {len(pieces)} pieces")
    for period in (1, 2, 4):
        most = np.array([laps(bars, period) for bars in pieces])
        shares = ", ".join(f"{n} or more {np.mean(most >= n):.2f}" for n in (3, 4, 6, 8))
        print(f"a passage of {period} stands in a row: {shares}")
    for row in (8, 16):
        unlike = [n for bars in pieces for n in unlike_in(bars, row)]
        told = ", ".join(f"{p} % {np.percentile(unlike, p):.0f}" for p in (1, 5, 25, 50))
        print(f"of {row} bars in a row are unlike each other: {told}")


def bars_of(notes: Notes) -> list[Strikes]:
    """What each bar strikes, by place in it and pitch class; those without an onset left out."""
    place, _, _ = places(notes.meter, notes.onset, notes.grid)
    found: dict[int, set[tuple[int, int]]] = {}
    for line, into, pitch in zip(notes.onset - place, place, notes.pitch, strict=True):
        found.setdefault(int(line), set()).add((int(into), int(pitch) % 12))
    return [frozenset(found[line]) for line in sorted(found)]


def laps(bars: list[Strikes], period: int) -> int:
    """How often a passage of so many bars stands in a row at most."""
    most, run = 1, 0
    for at in range(period, len(bars)):
        run = run + 1 if alike(bars[at], bars[at - period]) else 0
        most = max(most, 1 + run // period)
    return most


def unlike_in(bars: list[Strikes], row: int) -> list[int]:
    """Of each so many bars in a row, how many are unlike each other."""
    first: list[int] = []
    for at, bar in enumerate(bars):
        near = range(at - 1, max(-1, at - NEAR - 1), -1)
        first.append(next((first[n] for n in near if alike(bar, bars[n])), at))
    return [len(set(first[at : at + row])) for at in range(len(first) - row + 1)]


if __name__ == "__main__":
    main()
