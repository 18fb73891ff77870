"""Counts a smoothed n-gram of events in training pieces: the baseline every network has to beat."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mood2music.generator.event_batch import DURATIONS, END_OF_PIECE
from mood2music.generator.ngram import UNSEEN, NGram
from mood2music.music.events import END, HELD, LEVELS, SYMBOLS, Events

SPELLING = 2  # a chord never seen is spelled by a bigram of its pitches: longer ones spell worse


@dataclass(frozen=True)
class EventNGram:
    """Chord given the chords before, duration given the durations, level given the levels struck.

    A chord never seen is spelled from its lowest pitch up, so that every event has a probability
    and the figure compares with a network's. Made by `fit`.

    >>> model = EventNGram.fit([from_list([((60,), 24), ((), 24)] * 50)], order=2)
    >>> model.bits(from_list([((60,), 24), ((), 24)]))[1]  # chord, duration, levels
    array([0.0..., 0.0..., 0. ])
    """

    order: int
    names: dict[bytes, int]
    chords: NGram
    durations: NGram
    levels: NGram
    spelling: NGram

    @classmethod
    def fit(cls, pieces: Sequence[Events], order: int) -> "EventNGram":
        """Count the training pieces, the end of each included; a bigram is order 2."""
        names = {b"": 0}
        chords = [
            np.array([names.setdefault(chord, len(names)) for chord in (*_chords(piece), b"")])
            for piece in pieces
        ]
        return cls(
            order,
            names,
            NGram.fit(chords, order),
            NGram.fit([np.append(piece.durations, END_OF_PIECE) for piece in pieces], order),
            NGram.fit([piece.levels[piece.tokens < HELD] for piece in pieces], order),
            # Each different chord once: what one that is not seen yet looks like.
            NGram.fit([_letters(chord) for chord in names if chord], SPELLING),
        )

    def bits(self, piece: Events) -> NDArray[np.float64]:
        """Bits of the chord, the duration and the levels of each event of a piece: (n, 3)."""
        chords, size = _chords(piece), len(piece)
        letters = self.spelling.probabilities([_letters(chord) for chord in chords], 1 / SYMBOLS)
        event = np.repeat(np.arange(size), piece.counts() + 1)
        spelled = np.exp(np.bincount(event, np.log(letters), size))
        named = np.array([self.names.get(chord, UNSEEN) for chord in chords], np.int64)
        struck = piece.tokens < HELD
        levels = self.levels.probabilities([piece.levels[struck]], 1 / LEVELS)
        event = np.repeat(np.arange(size), piece.counts())[struck]
        return np.stack(
            [
                -np.log2(self.chords.probabilities([named], spelled)),
                -np.log2(self.durations.probabilities([piece.durations], 1 / (DURATIONS - 1))),
                np.bincount(event, -np.log2(levels), size),
            ],
            axis=1,
        )


def _chords(piece: Events) -> list[bytes]:
    """The tokens of each event."""
    tokens = piece.tokens.tobytes()
    return [tokens[low:high] for low, high in pairwise(piece.offsets.tolist())]


def _letters(chord: bytes) -> NDArray[np.int64]:
    """The tokens of a chord and END, as it is spelled: (pitches + 1,)."""
    return np.array([*chord, END])
