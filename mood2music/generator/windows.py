"""Cuts batches of windows from an event store, split by piece before anything is cut."""

import fnmatch
import hashlib
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from mood2music.errors import DataError
from mood2music.generator.embedding import (
    BEAT,
    END_OF_PIECE,
    NO_EVENT,
    NO_LEVEL,
    PAD,
    EventBatch,
    Recalled,
)
from mood2music.generator.memory.past import Past
from mood2music.generator.moods import untold, untold_harmony
from mood2music.generator.network import EventNetwork
from mood2music.generator.settings import WindowSettings
from mood2music.music import changes
from mood2music.music.events import HELD, Events
from mood2music.store.event_store import PieceRow, Store

log = logging.getLogger(__name__)

PARTS = ("train", "val", "test")
# What the pitch axis is filled with that does not hold tokens.
FILL = {"levels": NO_LEVEL}
# Most events of another piece that a window begins with: a seed is as long.
OPENING = 64


def part_of(group: str, held_out: float) -> str:
    """Say which part a group of near copies belongs to: its name's hash decides.

    So a piece stays on its side in every folder in which it has the same near copies, and what
    is held out of a style's network is held out of the base trained on the same store too.
    """
    place = int(hashlib.sha256(group.encode()).hexdigest()[:12], 16) / 16**12
    return "test" if place < held_out else "val" if place < 2 * held_out else "train"


def included(row: PieceRow, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Say whether the patterns on its path include a piece; no `include` includes all."""

    def listed(patterns: Sequence[str]) -> bool:
        return any(fnmatch.fnmatch(row.file, pattern) for pattern in patterns)

    return (not include or listed(include)) and not listed(exclude)


def select(store: Store, settings: WindowSettings, part: str) -> list[PieceRow]:
    """Pieces of one part that the patterns let in. Raises DataError when none is left."""
    return select_parts(store, settings)[part]


def select_parts(store: Store, settings: WindowSettings) -> dict[str, list[PieceRow]]:
    """Pieces of "train", "val" and "test" that the patterns let in; raises as `select` does."""
    chosen = [row for row in store.pieces if included(row, settings.include, settings.exclude)]
    if not chosen:
        raise DataError(
            f"data.include={settings.include} and data.exclude={settings.exclude} leave none of "
            f"{len(store.pieces)} pieces, for example {store.pieces[0].file}"
        )
    if len({row.group for row in chosen}) < 3:
        raise DataError(
            f"{len(chosen)} pieces, near copies counted once, are too few to hold some out: "
            "expected 3 or more"
        )
    by_part = {name: [r for r in chosen if part_of(r.group, settings.held_out) == name]
               for name in PARTS}  # fmt: skip
    return by_part if all(by_part.values()) else _few(chosen, settings.held_out)


def _few(rows: list[PieceRow], held_out: float) -> dict[str, list[PieceRow]]:
    """Split a handful of pieces, where hashing leaves a part empty: a group each at least."""
    log.warning(
        "%d pieces are few: dealt anew, not as in a larger folder, so that no part is empty",
        len(rows),
    )
    groups = sorted({row.group for row in rows}, key=lambda g: hashlib.sha256(g.encode()).digest())
    held = max(1, int(len(groups) * held_out))
    names = {g: "test" if i < held else "val" if i < 2 * held else "train"
             for i, g in enumerate(groups)}  # fmt: skip
    return {part: [row for row in rows if names[row.group] == part] for part in PARTS}


def left_out(store: Store, settings: WindowSettings) -> list[PieceRow]:
    """Training pieces that `include` leaves out and `exclude` does not: those of other styles."""
    return [
        row
        for row in store.pieces
        if included(row, [], settings.exclude)
        and not included(row, settings.include, settings.exclude)
        and part_of(row.group, settings.held_out) == "train"
    ]


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
        their moods and chords, which were read from what follows too: held-out loss is of what is
        not told.
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
        bars, moods, harmony = self._past.bars, self._past.moods, self._past.harmony
        return batch._replace(
            bars=None if bars is None else torch.from_numpy(bars[index]),
            moods=None if moods is None else torch.from_numpy(moods[index].astype(np.int64) * told),
            harmony=None
            if harmony is None
            else torch.from_numpy(harmony[index].astype(np.int64) * told),
            recalled=self._past.recalled(index, real, pointing),
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
    known = wanted.memory, wanted.bars, wanted.mood, wanted.harmony
    return Past(store, *known) if any(known) else None


def _pointing(size: int, share: float, rng: np.random.Generator) -> NDArray[np.bool_] | None:
    """Which windows are told where the piece comes back to: (size,); None for none."""
    return rng.random(size) < share if share else None


def transposed(batch: EventBatch, keys: int, rng: np.random.Generator) -> EventBatch:
    """Move each window by semitones drawn from `keys` neighbouring ones, 12: -6 to 5.

    A window with a pitch that would leave 0 to 127 stays where it is.
    """
    shift = torch.from_numpy(rng.integers(-(keys // 2), keys - keys // 2, len(batch.tokens)))
    pitched = batch.tokens != PAD
    pitch = batch.tokens % HELD + shift[:, None, None]
    outside = (pitched & ((pitch < 0) | (pitch >= HELD))).flatten(1).any(1)
    shift = torch.where(outside, 0, shift)
    moved = batch._replace(tokens=batch.tokens + pitched * shift[:, None, None])
    if batch.recalled is not None:
        moved = moved._replace(recalled=_moved(batch.recalled, shift))
    if batch.harmony is not None:
        moved = moved._replace(harmony=_chords_moved(batch.harmony, shift))
    return moved


def _moved(recalled: Recalled, shift: torch.Tensor) -> Recalled:
    """Move what is recalled with its window, (batch,) semitones; it stays where it would leave."""
    far = recalled.tokens % HELD + shift[:, None, None, None]
    inside = (recalled.tokens != PAD) & (far >= 0) & (far < HELD)
    step = shift[:, None, None, None] * inside
    return recalled._replace(tokens=recalled.tokens + step)


def _chords_moved(codes: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
    """Move chords, (batch, time, 2), with their windows, (batch,) semitones."""
    by = shift[:, None, None].expand_as(codes)
    return torch.from_numpy(changes.transposed(codes.numpy(), by.numpy()))


def opened(batch: EventBatch, opening: EventBatch) -> EventBatch:
    """Let windows begin with those of other pieces, cut off at the end to keep their length.

    Of these nothing is scored, nor the first event behind, where the music changes; they are told
    the mood of what follows, as a seed is when a piece is written.
    """
    first, time = opening.durations.shape[1], batch.durations.shape[1]
    cut = batch.part(None, time - first)
    whole = batch._replace(
        **{
            name: _joined(before, behind, FILL.get(name, PAD))
            for name, before, behind in zip(batch._fields, opening, cut, strict=True)
            if before is not None and behind is not None
        }
    )
    scored = torch.ones(batch.durations.shape, dtype=torch.bool)
    scored[:, : first + 1] = False
    whole = whole._replace(scored=scored)
    if whole.moods is not None and batch.moods is not None:
        whole.moods[:, :first] = batch.moods[:, :1]
    return whole


def _joined(before: Any, behind: Any, fill: int) -> Any:
    """Put two tensors, or the parts of two Recalled, one behind the other along the time.

    fill: of the pitch axis, where one is narrower.
    """
    if isinstance(before, Recalled):
        return Recalled(*(_joined(*pair, fill) for pair in zip(before, behind, strict=True)))
    if before.dim() > 2:
        widest = max(before.shape[-1], behind.shape[-1])
        before, behind = (
            F.pad(part, (0, widest - part.shape[-1]), value=fill) for part in (before, behind)
        )
    return torch.cat([before, behind], 1)


class RandomBatches(torch.utils.data.IterableDataset[EventBatch]):
    """An epoch of freshly drawn batches for training; the epoch's number is part of the seed."""

    def __init__(
        self,
        windows: Windows,
        settings: WindowSettings,
        targets: str,
        seed: int,
        others: Windows | None = None,
    ) -> None:
        """`targets`: "all" or "last", as the network says; others: what windows may begin with."""
        self.windows, self.settings, self.targets, self.seed = windows, settings, targets, seed
        self.others = others
        self.epoch = 0
        self._points = settings.points if windows.points else 0.0

    def __len__(self) -> int:
        """Count the batches of an epoch."""
        s = self.settings
        count = s.epoch or -(-len(self.windows) // s.window)
        return max(1, count // s.batch_size)

    def __iter__(self) -> Iterator[EventBatch]:
        """Draw the batches of the next epoch; each of several worker processes draws its share."""
        s, worker, epoch = self.settings, torch.utils.data.get_worker_info(), self.epoch
        first, step = (0, 1) if worker is None else (worker.id, worker.num_workers)
        self.epoch += 1
        for i in range(first, len(self), step):
            rng = np.random.default_rng([self.seed, epoch, i])
            if self.targets == "all":
                batch = self.windows.passages(s.batch_size, s.window, rng, self._points, True)
            else:
                longest = min(s.window, int(self.windows.length.max()) - 1)
                time = int(rng.integers(min(s.shortest, longest), longest + 1))
                batch = self.windows.following(s.batch_size, time, rng, self._points, True)
            if self.others is not None and rng.random() < s.openings:
                count = int(rng.integers(1, min(OPENING, batch.durations.shape[1] // 2) + 1))
                opening = self.others.following(s.batch_size, count, rng, 0.0, True)
                batch = opened(batch, opening.part(None, count))
            if batch.moods is not None:
                batch = batch._replace(moods=untold(batch.moods, s.untold, rng))
            if batch.harmony is not None:
                batch = batch._replace(harmony=untold_harmony(batch.harmony, s.untold, rng))
            yield transposed(batch, s.transpose, rng) if s.transpose > 1 else batch


class FixedBatches(torch.utils.data.IterableDataset[EventBatch]):
    """The same held-out batches every epoch: all events, or `scored` of them for "last"."""

    def __init__(self, windows: Windows, settings: WindowSettings, targets: str, seed: int) -> None:
        """`targets`: "all" or "last", as the network says."""
        self.windows, self.settings, self.targets, self.seed = windows, settings, targets, seed

    def __len__(self) -> int:
        """Count the batches."""
        s = self.settings
        if self.targets == "all":
            count = int((-(-(self.windows.length - 1) // s.window)).sum())
            return -(-count // s.batch_size)
        return max(1, s.scored // s.batch_size)

    def __iter__(self) -> Iterator[EventBatch]:
        """Give the batches, the same ones every time; each of several workers gives its share."""
        s, worker = self.settings, torch.utils.data.get_worker_info()
        first, step = (0, 1) if worker is None else (worker.id, worker.num_workers)
        if self.targets == "all":
            yield from self.windows.covering(s.batch_size, s.window, first, step)
            return
        rng = np.random.default_rng(self.seed)
        longest = min(s.window, int(self.windows.length.max()) - 1)
        for i in range(len(self)):
            batch = self.windows.following(s.batch_size, min(32, longest), rng)
            if i % step == first:
                yield batch
