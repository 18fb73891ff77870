"""Counts the events of the longest passage that comes back."""

import numpy as np
from numpy.typing import NDArray

from mood2music.music.events import Events


def longest_repeat(events: Events) -> int:
    """Count the events of the longest passage that returns later without overlapping itself.

    Two events are the same when their pitches (struck or held alike) and durations are. The
    length is found by bisection, passages being compared by rank, exactly: ranks of passages of
    2^k events are built from those of 2^(k-1), as in a suffix array by prefix doubling
    (Manber & Myers 1993). Takes O(n log^2 n).

    [C, D, E, C, D, E, C] -> 3
    """
    names: dict[tuple[object, ...], int] = {}
    tokens = [names.setdefault(event, len(names)) for event in events.as_list()]
    ranks = [np.asarray(tokens, np.int64)]
    while 2 ** len(ranks) <= len(tokens) // 2:
        ranks.append(_joined(ranks[-1], 2 ** (len(ranks) - 1)))
    low, high = 0, len(tokens) // 2
    while low < high:
        middle = (low + high + 1) // 2
        if _returns(ranks, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _joined(ranks: NDArray[np.int64], shift: int) -> NDArray[np.int64]:
    """Rank the pairs (ranks[i], ranks[i + shift])."""
    pairs = ranks[: len(ranks) - shift] * (int(ranks.max()) + 1) + ranks[shift:]
    return np.asarray(np.unique(pairs, return_inverse=True)[1], np.int64)


def _returns(ranks: list[NDArray[np.int64]], length: int) -> bool:
    """Whether a passage of `length` events stands twice, at least `length` events apart."""
    power = length.bit_length() - 1
    rest = length - 2**power
    same = _joined(ranks[power], rest) if rest else ranks[power]
    _, first, place = np.unique(same, return_index=True, return_inverse=True)
    return bool((np.arange(len(same)) - first[place] >= length).any())
