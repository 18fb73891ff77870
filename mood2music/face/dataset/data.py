"""Makes from a data config a Lightning data module that gives whole batches of faces."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from omegaconf import DictConfig
from torch.utils.data import BatchSampler, DataLoader, Dataset, Sampler, SequentialSampler

from mood2music.command.settings import parse
from mood2music.face.dataset.pictures import Faces, fingerprint
from mood2music.face.dataset.split import Rows, Split, split
from mood2music.learn.batches import Data
from mood2music.registry import find

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FaceBatch:
    """A batch on its way to the networks.

    faces: (batch, 1, size, size) float in [0, 1]; moods: (batch, 2) valence and arousal;
    expressions: (batch,) AffectNet's codes, -1 where unknown; shares: (batch, 8), how the votes for
    the eight are spread, 1 for the one that is known without votes, 0 where none is.
    """

    faces: torch.Tensor
    moods: torch.Tensor
    expressions: torch.Tensor
    shares: torch.Tensor

    def to(self, device: torch.device) -> "FaceBatch":
        """Move all to `device`."""
        return FaceBatch(*(part.to(device) for part in vars(self).values()))


class FaceRows(Dataset[FaceBatch]):
    """A view of some rows of a table; indexed with a list of places, it gives a whole batch."""

    def __init__(self, table: Faces, rows: Rows) -> None:
        """Look at `rows` of `table`; a row may come more than once."""
        self.table, self.rows, self.shares = table, rows, table.shares()

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    def __getitem__(self, places: list[int]) -> FaceBatch:
        """Give the faces at `places` as one batch."""
        rows = self.rows[places]
        pixels = torch.from_numpy(np.asarray(self.table.images[rows]))
        return FaceBatch(
            pixels.unsqueeze(1).float() / 255,
            torch.from_numpy(self.table.moods[rows]),
            torch.from_numpy(self.table.expressions[rows]),
            torch.from_numpy(self.shares[rows]),
        )


class Shuffled(Sampler[int]):
    """The places of a part in an order of their own each epoch, the same when a run is resumed."""

    def __init__(self, count: int, data: "FaceData") -> None:
        """Shuffle `count` places by the seed and the epoch of `data`."""
        self.count, self.data = count, data

    def __len__(self) -> int:
        """Count the places."""
        return self.count

    def __iter__(self) -> Iterator[int]:
        """Give the order of the next epoch."""
        random = np.random.default_rng([self.data.seed, self.data.epoch])
        self.data.epoch += 1
        yield from random.permutation(self.count).tolist()


class NoneAlone(BatchSampler):
    """Batches whose last takes one place more rather than leave it to a batch of its own.

    Batch normalisation and correlation tell nothing of one face.
    """

    def __iter__(self) -> Iterator[list[int]]:
        """Give batch after batch of places, each once what follows it is known."""
        held: list[int] = []
        for batch in super().__iter__():
            if len(batch) < min(2, self.batch_size):
                held = held + batch
                continue
            if held:
                yield held
            held = batch
        if held:
            yield held

    def __len__(self) -> int:
        """Count the batches."""
        count = len(self.sampler)  # type: ignore[arg-type]  # ours have a length
        alone = self.batch_size > 1 and count > 1 and count % self.batch_size == 1
        return super().__len__() - alone


class FaceData(Data):
    """Train, val and test parts of a table of faces."""

    def __init__(
        self,
        table: Faces,
        parts: Split,
        batch_size: int,
        seed: int,
        facts: dict[str, Any] | None = None,
    ) -> None:
        """Take a decoded table and its split; seed: of the order of training batches.

        facts: what a run's record tells of the data, its fingerprint above all.
        """
        super().__init__()
        self.table, self.parts, self.facts = table, parts, facts or {}
        self.batch_size, self.seed = batch_size, seed
        self.epoch = 0

    def train_dataloader(self) -> DataLoader[FaceBatch]:
        """Batches of the train part, shuffled anew each epoch by the seed."""
        return self._batches(self.parts.train, shuffled=True)

    def val_dataloader(self) -> DataLoader[FaceBatch]:
        """Batches of the val part, in order."""
        return self._batches(self.parts.val)

    def test_dataloader(self) -> DataLoader[FaceBatch]:
        """Batches of the test part, in order; none when the data set has no test part."""
        return self._batches(self.parts.test)

    def transfer_batch_to_device(
        self, batch: FaceBatch, device: torch.device, dataloader_idx: int
    ) -> FaceBatch:
        """Move a batch; Lightning cannot by itself, the class being frozen."""
        return batch.to(device)

    def _batches(self, rows: Rows, shuffled: bool = False) -> DataLoader[FaceBatch]:
        view = FaceRows(self.table, rows)
        order: Sampler[int] = Shuffled(len(view), self) if shuffled else SequentialSampler(view)
        kind = NoneAlone if shuffled else BatchSampler
        batches = kind(order, self.batch_size, drop_last=False)
        return DataLoader(view, sampler=batches, batch_size=None)


def build_data(
    config: Mapping[str, Any] | DictConfig, seed: int
) -> tuple[FaceData, dict[str, Any]]:
    """Read and split the data set that `config` names; gives it and its part of a header.

    Raises DataError when it is missing (its text says how to get it), SettingsError for a name
    that nobody has registered.
    """
    choice = find("face_data", str(config.get("name")), "data.name")
    settings = parse(choice.settings, config, "data")
    table, shares = choice.build(settings, seed)
    parts = split(table, shares, seed)
    counts = {part: len(np.unique(getattr(parts, part))) for part in ("train", "val", "test")}
    log.info("faces: %(train)d to train on, %(val)d to stop by, %(test)d to test on", counts)
    told = {k: v for k, v in asdict(settings).items() if k not in ("root", "test_root")}
    print_of = fingerprint(table, np.unique(parts.train))
    header = {
        "data": told,
        "data_fingerprint": print_of,
        "split": {**counts, "duplicates": parts.duplicates, "seed": seed},
    }
    facts = {"fingerprint": print_of, **counts}
    return FaceData(table, parts, settings.batch_size, seed, facts), header
