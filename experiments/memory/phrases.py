"""Where do the bars of pieces come back from, real or written, and do passages go on?

python -m experiments.memory.phrases pieces=FOLDER
"""

from collections import Counter
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np

from experiments.measuring import measuring
from experiments.memory.folder import pieces_in
from mood2music.generator.memory.bar_counts import PHRASE
from mood2music.generator.memory.returns import Bars, bars_of
from mood2music.music.events import HELD, Events, to_events
from mood2music.music.meter import places


@dataclass
class Settings:
    """See phrases.yaml."""

    pieces: Path
    events: int


@measuring
def main(asked: Settings) -> None:
    """Count over the folder's pieces, and print."""
    pieces = [bars(to_events(notes)[: asked.events]) for notes in pieces_in(asked.pieces)]
    runs = [run for piece in pieces for run in runs_of(piece)]
    count = sum(length for _, length in runs)
    print(f"{asked.pieces}: {len(pieces)} pieces, {count} bars come back")
    from_where = Counter[int]()
    ended: dict[tuple[int, int], list[bool]] = {}
    for back, length in runs:
        kind = gcd(back, PHRASE)
        from_where[kind] += length
        for age in range(1, length + 1):
            ended.setdefault((kind, age), []).append(age == length)
    for kind, name in ((4, "a multiple of four"), (2, "another even number"), (1, "an odd number")):
        share = from_where[kind] / max(from_where.total(), 1)
        on = [1 - np.mean(ended[kind, age]) for age in (1, 2, 3, 4) if (kind, age) in ended]
        told = ", ".join(f"{part:.2f}" for part in on)
        print(f"from {name} of bars before: {share:.2f}; goes on behind 1, 2, 3, 4 bars: {told}")


def bars(events: Events) -> Bars:
    """Which bars of a piece come back."""
    begin = events.begins()
    place, length, _ = places(events.meter, begin, events.grid)
    event = np.repeat(np.arange(len(events)), events.counts())
    struck = events.tokens < HELD
    pitch = events.tokens[struck].astype(np.int64)
    return bars_of(begin, begin - place, length, event[struck], pitch)


def runs_of(piece: Bars) -> list[tuple[int, int]]:
    """Of each passage that comes back: from how many bars before, and how many bars it has."""
    source = piece.source.tolist()
    found: list[tuple[int, int]] = []
    for at, bar in enumerate(source):
        if bar >= 0 and found and at and bar == source[at - 1] + 1 and source[at - 1] >= 0:
            back, length = found[-1]
            found[-1] = back, length + 1
        elif bar >= 0:
            found.append((at - bar, 1))
    return found


if __name__ == "__main__":
    main()
