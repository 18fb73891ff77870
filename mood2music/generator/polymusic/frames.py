"""Batches whole piano rolls as tokens, and moves them to other keys when training."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import IterableDataset

from mood2music.generator.event_batch import PAD
from mood2music.generator.polymusic.rolls import LOWEST, Roll

# Semitones that a training piece is moved by: every key once, as near as can be.
DOWN, UP = -5, 6
KEYS = UP - DOWN + 1
# Batches hold pieces of about one length, drawn anew each epoch: the spread of its logarithm.
LENGTH_JITTER = 0.15


class FrameBatch(NamedTuple):
    """Whole pieces side by side.

    tokens: (batch, time, pitches) int64, MIDI numbers ascending, padded with PAD
    real: (batch, time) bool, False behind the end of a piece
    keys: (batch,) int64, semitones that the piece was moved by, modulo KEYS
    """

    tokens: Tensor
    real: Tensor
    keys: Tensor


def to_tokens(roll: Roll) -> NDArray[np.int64]:
    """MIDI numbers of the pitches in each frame: (frames, most pitches), padded with PAD.

    >>> to_tokens(roll)  # C4 and E4, then silence
    [[60, 64], [256, 256]]
    """
    counts = roll.sum(1)
    frame, pitch = np.nonzero(roll)
    place = np.arange(len(frame)) - np.repeat(np.cumsum(counts) - counts, counts)
    tokens = np.full((len(roll), max(int(counts.max()), 1)), PAD, np.int64)
    tokens[frame, place] = pitch + LOWEST
    return tokens


def transpose(roll: Roll, semitones: int) -> Roll:
    """Move a roll up by `semitones`, or leave it where a pitch would fall off the keyboard."""
    lost = roll[:, -semitones:] if semitones > 0 else roll[:, :-semitones]
    return roll if semitones == 0 or lost.any() else np.roll(roll, semitones, axis=1)


def batch_of(pieces: Sequence[Roll], semitones: Sequence[int]) -> FrameBatch:
    """Put pieces side by side, each moved by its `semitones`."""
    moved = [transpose(roll, by) for roll, by in zip(pieces, semitones, strict=True)]
    listed = [to_tokens(roll) for roll in moved]
    frames = max(len(tokens) for tokens in listed)
    pitches = max(tokens.shape[1] for tokens in listed)
    tokens = np.full((len(listed), frames, pitches), PAD, np.int64)
    for i, piece in enumerate(listed):
        tokens[i, : len(piece), : piece.shape[1]] = piece
    lengths = np.array([len(piece) for piece in listed])
    keys = [
        by % KEYS if new is not old else 0
        for by, new, old in zip(semitones, moved, pieces, strict=True)
    ]
    return FrameBatch(
        torch.from_numpy(tokens),
        torch.from_numpy(np.arange(frames) < lengths[:, None]),
        torch.tensor(keys),
    )


class TrainingPieces(IterableDataset[FrameBatch]):
    """Every training piece once an epoch; which pieces share a batch and their keys are drawn."""

    def __init__(self, pieces: Sequence[Roll], size: int, transposed: float, seed: int) -> None:
        """`size`: pieces a batch; `transposed`: share of the pieces moved to a random key."""
        self.pieces, self.size, self.transposed, self.seed = pieces, size, transposed, seed
        self.epoch = 0

    def __len__(self) -> int:
        """Count the batches of an epoch."""
        return -(-len(self.pieces) // self.size)

    def __iter__(self) -> Iterator[FrameBatch]:
        """Draw an epoch; the same seed and epoch give the same batches."""
        rng = np.random.default_rng([self.seed, self.epoch])
        self.epoch += 1
        lengths = np.array([len(roll) for roll in self.pieces])
        order = np.argsort(lengths * np.exp(rng.normal(0, LENGTH_JITTER, len(lengths))))
        batches = [order[i : i + self.size] for i in range(0, len(order), self.size)]
        for number in rng.permutation(len(batches)):
            chosen = [self.pieces[i] for i in batches[number]]
            semitones = rng.integers(DOWN, UP + 1, len(chosen))
            semitones[rng.random(len(chosen)) >= self.transposed] = 0
            yield batch_of(chosen, semitones.tolist())


class ScoredPieces(IterableDataset[FrameBatch]):
    """Every piece once, in its own key, in order of length."""

    def __init__(self, pieces: Sequence[Roll], size: int = 16) -> None:
        """`size`: pieces a batch; it changes no figure."""
        self.pieces, self.size = sorted(pieces, key=len), size

    def __len__(self) -> int:
        """Count the batches."""
        return -(-len(self.pieces) // self.size)

    def __iter__(self) -> Iterator[FrameBatch]:
        """Give the batches, always the same."""
        for i in range(0, len(self.pieces), self.size):
            chosen = self.pieces[i : i + self.size]
            yield batch_of(chosen, [0] * len(chosen))
