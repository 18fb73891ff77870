"""Pieces to groups of near copies, so that no tune stands on both sides of a split."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np

from mood2music.music.events import HELD, Events

# Two pieces are near copies when a quarter of the shorter one's melodic shingles stand in the
# other; a shingle is 12 intervals of the top line, so long that scales and cadences rarely meet.
SHINGLE = 12
SHARED = 0.25
MANY = 20


def group_near_copies(pieces: Sequence[Events], names: Sequence[str]) -> list[str]:
    """Name each piece's group after the smallest of `names` in it; most are groups of one.

    Transposition does not matter: intervals of the highest struck pitches are compared.
    """
    shingles = [_shingles(piece) for piece in pieces]
    places: dict[int, list[int]] = defaultdict(list)
    for i, found in enumerate(shingles):
        for value in found:
            places[value].append(i)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for where in places.values():
        # Where many pieces share a shingle each is compared with the next alone: copies of one
        # tune still hang together, and the work stays linear.
        pairs = combinations(where, 2) if len(where) <= MANY else pairwise(where)
        for pair in pairs:
            shared[pair] += 1
    parent = list(range(len(pieces)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for (a, b), count in shared.items():
        if count >= SHARED * min(len(shingles[a]), len(shingles[b])):
            parent[root(a)] = root(b)
    by_content: dict[str, int] = {}
    for i, name in enumerate(names):  # the same content twice is a copy whatever its shingles
        parent[root(i)] = root(by_content.setdefault(name, i))
    smallest: dict[int, str] = {}
    for i, name in enumerate(names):
        smallest[root(i)] = min(name, smallest.get(root(i), name))
    return [smallest[root(i)] for i in range(len(pieces))]


def _shingles(piece: Events) -> set[int]:
    tops = [
        max(struck)
        for i in range(len(piece))
        if (struck := [token for token in piece.chord(i) if token < HELD])
    ]
    steps = np.diff(np.array(tops, np.int64))
    if len(steps) < SHINGLE:
        return set()
    windows = np.lib.stride_tricks.sliding_window_view(steps + 128, SHINGLE)
    powers = np.array([263**i % (1 << 61) for i in range(SHINGLE)], np.uint64)
    varied = windows[(windows != windows[:, :1]).any(axis=1)]
    return set((varied.astype(np.uint64) * powers).sum(1, dtype=np.uint64).tolist())
