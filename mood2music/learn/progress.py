"""Shows how far a training is: a bar with its losses, and about how long it takes."""

import shutil
import time
from typing import Any

import lightning as L
from lightning.pytorch.callbacks import (
    Callback,
    TQDMProgressBar,
)

from mood2music.learn.callbacks import MONITOR, log

# Of a line of the progress bar.
WIDTH = 100


class Duration(Callback):
    """Say after the first batches about how long an epoch takes, and all of them."""

    FIRST, MEASURED = 1, 10  # batches that warm up, and that are timed

    def __init__(self) -> None:
        """Nothing is known yet."""
        self.batches, self.begun, self.told = 0, 0.0, False

    def on_train_batch_end(self, trainer: L.Trainer, *of_the_batch: Any) -> None:
        """Time one more batch; held-out batches count as training batches do."""
        self.batches += 1
        if self.batches == self.FIRST:
            self.begun = time.monotonic()
        counted = self.batches - self.FIRST
        of_epoch = trainer.num_training_batches
        if self.told or counted < 1 or of_epoch == float("inf"):
            return
        if counted == min(self.MEASURED, int(of_epoch) - self.FIRST):
            self.told = True
            held_out = sum(n for n in trainer.num_val_batches if n != float("inf"))
            epoch = (time.monotonic() - self.begun) / counted * (of_epoch + held_out)
            left = (trainer.max_epochs or 0) - trainer.current_epoch
            log.info("about %s an epoch, %s for %d", in_words(epoch), in_words(epoch * left), left)


def in_words(seconds: float) -> str:
    """Write a time that is about so long.

    >>> in_words(0.4), in_words(75), in_words(5400), in_words(200_000)
    ('0.4 s', '75 s', '1.5 h', '2.3 days')
    """
    for longest, unit, name in (
        (10, 1, ""),
        (120, 1, "s"),
        (7200 / 2, 60, "min"),
        (172_800, 3600, "h"),
    ):
        if seconds < longest:
            return (
                f"{seconds:.1f} s" if not name else f"{seconds / unit:.{int(unit == 3600)}f} {name}"
            )
    return f"{seconds / 86_400:.1f} days"


class Bar(TQDMProgressBar):
    """A progress bar with the losses alone, on a line of at most 100 columns."""

    def __init__(self, metric: str = MONITOR) -> None:
        """`metric`: what is shown beside train/loss and val/loss."""
        super().__init__(refresh_rate=10)
        self.shown = ("train/loss", MONITOR, metric)

    def get_metrics(
        self, trainer: L.Trainer, pl_module: L.LightningModule
    ) -> dict[str, int | str | float | dict[str, float]]:
        """Give what fits."""
        metrics = super().get_metrics(trainer, pl_module)
        return {name: value for name, value in metrics.items() if name in self.shown}

    def init_train_tqdm(self) -> Any:
        """Make the bar of an epoch."""
        return _fitted(super().init_train_tqdm())

    def init_validation_tqdm(self) -> Any:
        """Make the bar of the held-out part."""
        return _fitted(super().init_validation_tqdm())

    def init_test_tqdm(self) -> Any:
        """Make the bar of the test part."""
        return _fitted(super().init_test_tqdm())


def _fitted(bar: Any) -> Any:
    """A bar no wider than the terminal, and never wider than WIDTH."""
    bar.dynamic_ncols = None
    bar.ncols = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    return bar
