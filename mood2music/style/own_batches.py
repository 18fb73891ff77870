"""Mixes batches of one's own pieces with rehearsed music, to learn from and to be held out."""

from collections.abc import Iterator

import numpy as np

from mood2music.generator.batches import OPENING, FixedBatches, RandomBatches, opened
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.generator.event_batch import EventBatch
from mood2music.generator.windows import Windows


class Mixed(RandomBatches):
    """Batches of one's own pieces, some of them exchanged for such of rehearsed music."""

    def __init__(
        self, own: RandomBatches, other: RandomBatches | None, share: float, seed: int
    ) -> None:
        """`other`: of rehearsed music; share: of the batches that are of it."""
        self.own, self.other, self.share, self.seed = own, other, share, seed
        self.epoch = 0

    def __len__(self) -> int:
        """Count the batches of an epoch."""
        return len(self.own)

    def __iter__(self) -> Iterator[EventBatch]:
        """Draw the batches of the next epoch."""
        rng = np.random.default_rng([self.seed, self.epoch])
        self.epoch += 1
        others = iter(self.other) if self.other is not None else iter(())
        for batch in self.own:
            yield next(others, batch) if rng.random() < self.share else batch


class Opened(FixedBatches):
    """Held-out windows that begin with rehearsed music, unscored: so a piece is written."""

    def __init__(
        self,
        windows: Windows,
        settings: MusicDataSettings,
        targets: str,
        seed: int,
        others: Windows | None,
    ) -> None:
        """others: what they begin with; None: nothing."""
        super().__init__(windows, settings, targets, seed)
        self.others = others

    def __iter__(self) -> Iterator[EventBatch]:
        """Give the batches, the same ones every time.

        Windows of two events stay as they are: behind an opening nothing of them would be scored.
        """
        rng = np.random.default_rng(self.seed)
        for batch in super().__iter__():
            rows, time = batch.durations.shape
            if self.others is None or time < 3:
                yield batch
                continue
            count = min(OPENING // 2, time // 2)
            yield opened(batch, self.others.following(rows, count, rng).part(None, count))
