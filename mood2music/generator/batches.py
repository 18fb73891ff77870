"""Makes the batches that a network learns from and is measured on, out of windows of events."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from mood2music.generator.data_settings import WindowSettings
from mood2music.generator.event_batch import NO_LEVEL, PAD, EventBatch, Recalled
from mood2music.generator.moods import untold, untold_windows
from mood2music.generator.windows import Windows
from mood2music.music import changes
from mood2music.music.events import HELD

# What the pitch axis is filled with that does not hold tokens.
FILL = {"levels": NO_LEVEL}
# Most events of another piece that a window begins with: a seed is as long.
OPENING = 64


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
                batch = batch._replace(harmony=untold_windows(batch.harmony, s.untold, rng))
            if batch.texture is not None:
                batch = batch._replace(texture=untold_windows(batch.texture, s.untold, rng))
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
