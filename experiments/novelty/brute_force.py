"""Events and pieces to the longest run that they share, event by event: slow, exact, no hashes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mood2music.music.events import HELD, Events

Shape = tuple[tuple[int, ...], int]


class Pieces:
    """Pieces laid out for comparing: what each event is, above its lowest pitch, and where."""

    def __init__(self, pieces: Sequence[Events]) -> None:
        """`pieces`: what the runs are looked for in."""
        self.known: dict[Shape, int] = {}
        parts = [_shapes(piece) for piece in pieces]
        self.shape = np.array(
            [self.known.setdefault(shape, len(self.known)) for part in parts for shape, _ in part]
        )
        self.lowest = np.array([lowest for part in parts for _, lowest in part])
        lengths = [len(part) for part in parts]
        self.first = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self.opens = np.zeros(len(self.shape) + 1, bool)
        self.opens[self.first] = True

    def place(self, at: int) -> tuple[int, int]:
        """The number of the piece, and of the event in it, that the event `at` of all is."""
        piece = int(np.searchsorted(self.first, at, side="right")) - 1
        return piece, at - int(self.first[piece])


def longest(query: Events, pieces: Pieces) -> tuple[int, set[tuple[int, int]]]:
    """How long the longest run is, and (event of the query, of all pieces) where such runs start.

    A table of runs that end at each pair of events, a row at a time. A run starts with an event
    that is no rest; where the interval changes, a new one starts.
    """
    count = len(pieces.shape)
    # Behind each event of the pieces: the run that ends there, and its interval.
    run, interval = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    best, where = 0, set[tuple[int, int]]()
    touched: NDArray[np.int64] = np.zeros(0, np.int64)
    for i, (shape, lowest) in enumerate(_shapes(query)):
        at = np.flatnonzero(pieces.shape == pieces.known.get(shape, -1))
        before, moved = np.where(pieces.opens[at], 0, run[at]), interval[at]
        run[touched] = 0
        if shape[0]:
            now = pieces.lowest[at] - lowest
            lengths = np.where(moved == now, before, 0) + 1
            run[at + 1], interval[at + 1] = lengths, now
        else:
            lengths = np.where(before > 0, before + 1, 0)
            run[at + 1], interval[at + 1] = lengths, moved
        touched = at + 1
        if len(lengths) and lengths.max() >= max(best, 1):
            if lengths.max() > best:
                best, where = int(lengths.max()), set()
            where |= {(i - best + 1, int(p) - best + 1) for p in at[lengths == best]}
    return best, where


def _shapes(events: Events) -> list[tuple[Shape, int]]:
    """Each event as ((pitches above its lowest, 128 more when held), duration), and its lowest."""
    shapes = []
    for tokens, duration in events.as_list():
        lowest = min((token % HELD for token in tokens), default=0)
        above = tuple(token % HELD - lowest + HELD * (token >= HELD) for token in tokens)
        shapes.append(((above, duration), lowest))
    return shapes
