"""Counts and smooths how likely each symbol of a sequence is given those before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Ints

Float64s = NDArray[np.float64]

UNSEEN = -1  # row of what no training piece has; the arrays below end with a zero for it
LEAST = 0.1  # smallest discount, so that something is left for what was never seen


@dataclass(frozen=True)
class _Grams:
    """All n-grams of one length, n of them, behind c different contexts.

    keys: (n,) ascending, row of the context times the number of words, plus the word; counts:
    (n + 1,) less their discounts; totals, freed: (c + 1,) what stands behind a context in all, and
    how much of it the discounts have freed.
    """

    keys: Ints
    counts: Float64s
    totals: Float64s
    freed: Float64s


class NGram:
    """Symbols of one kind, each given those before it, by modified Kneser-Ney smoothing.

    Interpolated, with three discounts a length, as in Chen & Goodman (1999), equation 18:

    P(b | a1..ak) = (n(a1..ak b) - D + freed(a1..ak) P(b | a2..ak)) / n(a1..ak)

    where n counts runs of the full length, and of shorter ones how many different symbols stand
    before them. Below the empty context is the floor that the caller gives. A bigram is order 2.

    >>> model = NGram.fit([np.array([7, 8] * 50)], order=2)
    >>> model.probabilities([np.array([7, 8])], 0.1)[1]  # P(8 | 7)
    0.99...
    """

    def __init__(self, words: Ints, grams: Sequence[_Grams]) -> None:
        """Made by `fit`. words: the symbols seen, ascending; grams: those of 1, 2, ... symbols."""
        self.words, self.grams = words, tuple(grams)

    @classmethod
    def fit(cls, sequences: Sequence[NDArray[Any]], order: int) -> "NGram":
        """Count all runs of 1 to `order` symbols (whole numbers, 0 or more) in each sequence."""
        flat, place = _joined(sequences)
        words, word = np.unique(flat, return_inverse=True)
        # Of each length: the keys, and which of them ends at each symbol.
        runs: list[tuple[Ints, Ints]] = []
        context = np.zeros_like(flat)
        for length in range(1, order + 1):
            whole = place >= length - 1
            keys, found = np.unique(context[whole] * len(words) + word[whole], return_inverse=True)
            rows = np.full_like(flat, UNSEEN)
            rows[whole] = found
            runs.append((keys, rows))
            context = np.roll(rows, 1)
        grams, contexts = [], 1
        for length, (keys, rows) in enumerate(runs, start=1):
            here = rows[rows != UNSEEN]
            if length < order:
                # Each different run that is longer by what stands before, the start for one more.
                before = runs[length][1][rows != UNSEEN] + 1
                size = len(runs[length][0]) + 1
                here = np.unique(here * size + before) // size
            grams.append(_grams(keys, np.bincount(here, minlength=len(keys)), contexts, len(words)))
            contexts = len(keys)
        return cls(words, grams)

    def probabilities(self, sequences: Sequence[NDArray[Any]], floor: Float64s | float) -> Float64s:
        """P(symbol | those before it in its sequence), for the sequences one behind the other.

        floor: probability where nothing is known, above 0, of all symbols or (symbols,) of each;
        gives (symbols,).
        """
        flat, place = _joined(sequences)
        word = _rows(self.words, flat)
        answer = np.broadcast_to(np.asarray(floor, np.float64), flat.shape)
        context = np.zeros_like(flat)
        for length, grams in enumerate(self.grams, start=1):
            row = _rows(grams.keys, context * len(self.words) + word)
            row[(context == UNSEEN) | (word == UNSEEN)] = UNSEEN
            total = grams.totals[context]
            mixed = (grams.counts[row] + grams.freed[context] * answer) / np.where(total, total, 1)
            answer = np.where(total > 0, mixed, answer)
            context = np.roll(row, 1)
            context[place < length] = UNSEEN
        return answer


def _joined(sequences: Sequence[NDArray[Any]]) -> tuple[Ints, Ints]:
    """All symbols one sequence behind the other, and the place of each in its own: (n,), (n,)."""
    lengths = np.array([len(sequence) for sequence in sequences], np.int64)
    flat = np.concatenate([np.zeros(0, np.int64), *sequences]).astype(np.int64)
    return flat, np.arange(len(flat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _rows(ascending: Ints, asked: Ints) -> Ints:
    """Where each number stands in an ascending array; UNSEEN where it does not."""
    if not len(ascending):
        return np.full_like(asked, UNSEEN)
    row = np.minimum(np.searchsorted(ascending, asked), len(ascending) - 1)
    return np.where(ascending[row] == asked, row, UNSEEN)


def _grams(keys: Ints, counts: Ints, contexts: int, words: int) -> _Grams:
    """All n-grams of one length, their counts less the discounts."""
    behind = keys // max(words, 1)
    discounts = _discounts(counts)[np.minimum(counts, 3)]
    return _Grams(
        keys,
        np.append(counts - discounts, 0.0),
        np.bincount(behind, counts, contexts + 1).astype(np.float64),
        np.bincount(behind, discounts, contexts + 1).astype(np.float64),
    )


def _discounts(counts: Ints) -> Float64s:
    """What is taken from a count of 0, 1, 2, and 3 or more: (4,).

    Chen & Goodman (1999), equation 17, kept between LEAST and the count where few are counted.
    """
    ones, twos, threes, fours = (max(int((counts == i).sum()), 1) for i in (1, 2, 3, 4))
    share = ones / (ones + 2 * twos)
    ideal = (
        0.0, 1 - 2 * share * twos / ones, 2 - 3 * share * threes / twos,
        3 - 4 * share * fours / threes,
    )  # fmt: skip
    return np.clip(ideal, [0.0, LEAST, LEAST, LEAST], [0.0, 1.0, 2.0, 3.0])
