"""Cuts windows from an event store, with what is known beside their events."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mood2music.errors import DataError
from mood2music.generator.event_batch import BEAT, END_OF_PIECE, NO_EVENT, NO_LEVEL, PAD, EventBatch
from mood2music.generator.memory.past import Past
from mood2music.generator.network import EventNetwork
from mood2music.music.events import HELD, Events
from mood2music.store.event_store import PieceRow, Store


class Windows:
    """Batches of windows out of some pieces of a store, the end of each piece as one event more."""

    def __init__(self, store: Store, rows: Sequence[PieceRow], past: Past | None = None) -> None:
        """`rows`: the pieces to cut from; those of fewer than two events are left out.

        past: what is known of the store's events beside them, for networks that read it.
        """
        self.store, self._past = store, past
        self.rows = [row for row in rows if row.events > 1]
        self.first = np.array([row.first for row in self.rows], np.int64)
        self.length = np.array([row.events + 1 for row in self.rows], np.int64)
        self._starts = np.sort(np.array([row.first for row in store.pieces], np.int64))
        # Where in its quarter note each event of the store ends, counted from its piece's start.
        steps = np.cumsum(store.durations, dtype=np.int64)
        begin = np.zeros(len(steps), np.int64)
        for row in store.pieces:
            begin[row.first : row.first + row.events] = steps[row.first - 1] if row.first else 0
        grid = store.about["grid"]
        self.beats = ((steps - begin) % grid * BEAT // grid).astype(np.uint8)

    @property
    def points(self) -> bool:
        """Whether windows can be told where the piece comes back to."""
        return self._past is not None and self._past.points

    def __len__(self) -> int:
        """Count the events that can be predicted: all but the first of each piece."""
        return int((self.length - 1).sum())

    def cut(
        self,
        start: NDArray[np.int64],
        stop: NDArray[np.int64],
        points: NDArray[np.bool_] | None = None,
        told: bool = False,
    ) -> EventBatch:
        """Windows [start, stop) in events of the store, the shorter ones padded at the end.

        A stop one behind a piece's last event takes in the end of the piece. points: which windows
        are told where the piece comes back to (None: none of them); told: whether all are told
        their moods, chords and texture, which were read from what follows too: held-out loss is of
        what is not told.
        """
        time = int((stop - start).max())
        index = start[:, None] + np.arange(time)
        real = index < stop[:, None]
        following = np.searchsorted(self._starts, start, "right")
        ends = np.append(self._starts, len(self.store.durations))[following]
        final = real & (index == ends[:, None])
        real &= ~final
        index = np.where(real, index, start[:, None])
        low, high = self.store.offsets[index], self.store.offsets[index + 1]
        count = (high - low) * real
        place = np.arange(max(int(count.max()), 1))
        filled = place < count[..., None]
        at = np.where(filled, low[..., None] + place, 0)
        tokens = np.where(filled, self.store.tokens[at].astype(np.int64), PAD)
        levels = np.where(tokens < HELD, self.store.levels[at].astype(np.int64), NO_LEVEL)
        durations = np.where(real, self.store.durations[index], NO_EVENT).astype(np.int64)
        durations[final] = END_OF_PIECE
        beats = self.beats[index].astype(np.int64)
        batch = EventBatch(
            torch.from_numpy(tokens),
            torch.from_numpy(durations),
            torch.from_numpy(beats),
            torch.from_numpy(levels),
        )
        if self._past is None:
            return batch
        pointing = np.zeros(len(start), bool) if points is None else points
        past = self._past

        def shown(known: NDArray[np.uint8] | None) -> Tensor | None:
            return None if known is None else torch.from_numpy(known[index].astype(np.int64) * told)

        return batch._replace(
            bars=None if past.bars is None else torch.from_numpy(past.bars[index]),
            moods=shown(past.moods),
            harmony=shown(past.harmony),
            texture=shown(past.texture),
            recalled=past.recalled(index, real, pointing),
        )

    def passages(
        self,
        size: int,
        time: int,
        rng: np.random.Generator,
        points: float = 0.0,
        told: bool = False,
    ) -> EventBatch:
        """`size` windows of up to `time` + 1 events: a piece by its length, then any start.

        points: share of windows that are told where the piece comes back to; told: as in `cut`.
        """
        piece = rng.choice(len(self.rows), size, p=(self.length - 1) / len(self))
        room = np.maximum(self.length[piece] - 1 - time, 0)
        start = self.first[piece] + (rng.random(size) * (room + 1)).astype(np.int64)
        stop = np.minimum(start + time + 1, self.first[piece] + self.length[piece])
        return self.cut(start, stop, _pointing(size, points, rng), told)

    def following(
        self,
        size: int,
        time: int,
        rng: np.random.Generator,
        points: float = 0.0,
        told: bool = False,
    ) -> EventBatch:
        """`size` windows of exactly `time` events and the one behind them; the rest as above."""
        room = np.maximum(self.length - time, 0)
        if not room.sum():
            raise DataError(f"no piece has {time + 1} events: shorten data.window")
        piece = rng.choice(len(self.rows), size, p=room / room.sum())
        start = self.first[piece] + (rng.random(size) * room[piece]).astype(np.int64)
        return self.cut(start, start + time + 1, _pointing(size, points, rng), told)

    def covering(self, size: int, time: int, first: int = 0, step: int = 1) -> Iterator[EventBatch]:
        """Batches of `size` windows that predict every event but each piece's first once.

        first, step: the batches from that one on, every so many.
        """
        start = np.concatenate(
            [f + np.arange(0, n - 1, time) for f, n in zip(self.first, self.length, strict=True)]
        )
        ends = np.repeat(self.first + self.length, -(-(self.length - 1) // time))
        stop = np.minimum(start + time + 1, ends)
        for i in range(first * size, len(start), step * size):
            yield self.cut(start[i : i + size], stop[i : i + size])

    def pieces(self) -> list[Events]:
        """All pieces as events, views into the store."""
        return [self.store.piece(row) for row in self.rows]


def past_of(network: EventNetwork, store: Store) -> Past | None:
    """What a network reads of a store's events beside them; None where it reads nothing."""
    wanted = network.settings
    known = wanted.memory, wanted.bars, wanted.mood, wanted.harmony, wanted.texture
    return Past(store, *known) if any(known) else None


def _pointing(size: int, share: float, rng: np.random.Generator) -> NDArray[np.bool_] | None:
    """Which windows are told where the piece comes back to: (size,); None for none."""
    return rng.random(size) < share if share else None
