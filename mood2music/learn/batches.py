"""Data sets that give whole batches become what Lightning trains on."""

from typing import Any

import lightning as L
from torch.utils.data import DataLoader, IterableDataset


class WholeBatches(L.LightningDataModule):
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
    ) -> None:
        """`train`, `val`, `test`: data sets that give batches; `train` counts epochs in `epoch`.

        facts: what a run's record tells of the data, its fingerprint above all.
        """
        super().__init__()
        self.train, self.val, self.test = train, val, test
        self.facts = facts or {}

    def train_dataloader(self) -> DataLoader[Any]:
        """Freshly drawn batches."""
        return DataLoader(self.train, batch_size=None)

    def val_dataloader(self) -> DataLoader[Any]:
        """The same held-out batches every epoch."""
        return DataLoader(self.val, batch_size=None)

    def test_dataloader(self) -> Any:
        """The batches that are measured once; None where there are none."""
        return None if self.test is None else DataLoader(self.test, batch_size=None)

    def state_dict(self) -> dict[str, Any]:
        """The epoch, so that a resumed run draws on and not again."""
        return {"epoch": self.train.epoch}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the epoch of the run that is resumed."""
        self.train.epoch = state_dict["epoch"]
