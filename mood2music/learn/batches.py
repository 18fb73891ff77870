"""Data sets that give whole batches become what Lightning trains, stops and tests on."""

from itertools import islice
from typing import Any

import lightning as L
import torch
from torch.utils.data import DataLoader, IterableDataset


class Data(L.LightningDataModule):
    """Parts of a data set; a resumed run goes on with the epoch at which its draws stopped.

    facts: what a run's record tells of the data, its fingerprint above all.
    """

    epoch: int
    facts: dict[str, Any]

    def state_dict(self) -> dict[str, Any]:
        """The epoch, so that a resumed run draws on and not again."""
        return {"epoch": self.epoch}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the epoch of the run that is resumed."""
        self.epoch = state_dict["epoch"]


class FewBatches(Data):
    """A few training batches, the same each epoch, that are learnt and measured alike."""

    def __init__(self, data: Data, count: int) -> None:
        """`count`: batches of the first epoch of `data`."""
        super().__init__()
        self.batches = list(islice(iter(data.train_dataloader()), count))
        self.data, self.facts, self.epoch = data, data.facts, 0

    def train_dataloader(self) -> DataLoader[Any]:
        """The few batches."""
        return DataLoader(self.batches, batch_size=None)  # type: ignore[arg-type]  # a list will do

    def val_dataloader(self) -> DataLoader[Any]:
        """The few batches."""
        return self.train_dataloader()

    def test_dataloader(self) -> None:
        """None: what was learnt by heart is not tested."""

    def transfer_batch_to_device(
        self, batch: Any, device: torch.device, dataloader_idx: int
    ) -> Any:
        """Move a batch as its data set does."""
        return self.data.transfer_batch_to_device(batch, device, dataloader_idx)


class WholeBatches(Data):
    """Batches that data sets give whole; nothing is collated.

    train: drawn freshly each epoch, by its number `train.epoch`; val: the same ones every epoch;
    test: those that the best weights are measured on, None for none.
    """

    def __init__(
        self,
        train: Any,
        val: IterableDataset[Any],
        test: IterableDataset[Any] | None = None,
        facts: dict[str, Any] | None = None,
        workers: int = 0,
    ) -> None:
        """`train`, `val`, `test`: data sets that give batches; `train` counts epochs in `epoch`.

        facts: what a run's record tells of the data, its fingerprint above all; workers: processes
        that draw them, of which the data sets know their share (`get_worker_info`).
        """
        super().__init__()
        self.train, self.val, self.test, self.workers = train, val, test, workers
        self.facts = facts or {}

    @property
    def epoch(self) -> int:
        """Number of the next epoch."""
        count: int = self.train.epoch
        return count

    @epoch.setter
    def epoch(self, count: int) -> None:
        self.train.epoch = count

    def train_dataloader(self) -> DataLoader[Any]:
        """Freshly drawn batches."""
        return _Epochs(self.train, **self._how())

    def val_dataloader(self) -> DataLoader[Any]:
        """The same held-out batches every epoch."""
        return DataLoader(self.val, **self._how())

    def test_dataloader(self) -> Any:
        """The batches that are measured once; None where there are none."""
        return None if self.test is None else DataLoader(self.test, **self._how())

    def _how(self) -> dict[str, Any]:
        pinned = bool(self.workers) and torch.cuda.is_available()
        return {"batch_size": None, "num_workers": self.workers, "pin_memory": pinned}


class _Epochs(DataLoader[Any]):
    """Counts the epochs that its workers draw: they are copies of the data set and go with it."""

    def __iter__(self) -> Any:
        batches = super().__iter__()
        if self.num_workers:
            self.dataset.epoch += 1  # type: ignore[attr-defined]  # of what is drawn freshly
        return batches
