"""Pieces that hardly have two alike events, and an index of some."""

from dataclasses import replace

import numpy as np

from mood2music.judge.training_index import (
    IndexedPiece,
    TrainingIndex,
    make_index,
)
from mood2music.music.events import HELD, Event, Events, from_list

GRID, DIVISORS = 24, [4, 3]


def index_of(*pieces: Events, start: int = 0) -> TrainingIndex:
    named = [
        (IndexedPiece(f"folder/{i}.mid", f"{i:016x}", len(piece)), piece)
        for i, piece in enumerate(pieces, start)
    ]
    return make_index(named, DIVISORS)


def moved(events: Events, semitones: int) -> Events:
    return replace(events, tokens=(events.tokens.astype(int) + semitones).astype(np.uint8))


def random_events(seed: int, count: int, least: int = 0) -> Events:
    """Chords of up to three pitches of which some are held, and rests; hardly two alike."""
    rng = np.random.default_rng(seed)
    events: list[Event] = []
    for _ in range(count):
        pitches = sorted(rng.choice(np.arange(40, 90), int(rng.integers(least, 4)), replace=False))
        tokens = tuple(int(p) + HELD * int(rng.integers(2)) for p in pitches)
        events.append((tokens, int(rng.choice([6, 8, 12, 24]))))
    return from_list(events)
