"""batches.py: parts of a data set, and a few batches to learn by heart."""

from collections.abc import Iterator

import torch
from torch.utils.data import IterableDataset

from mood2music.learn.batches import FewBatches, WholeBatches


class Counting(IterableDataset[torch.Tensor]):
    """Three batches an epoch that say which they are."""

    epoch = 0

    def __iter__(self) -> Iterator[torch.Tensor]:
        self.epoch += 1
        yield from (torch.tensor([10 * self.epoch + n]) for n in range(3))


def told(batches: object) -> list[int]:
    return [int(batch) for batch in batches]  # type: ignore[attr-defined]


def test_a_resumed_run_draws_on() -> None:
    data = WholeBatches(Counting(), Counting())
    assert told(data.train_dataloader()) == [10, 11, 12]
    again = WholeBatches(Counting(), Counting())
    again.load_state_dict(data.state_dict())
    assert told(again.train_dataloader()) == [20, 21, 22]


def test_a_test_part_is_there_where_one_was_given() -> None:
    assert WholeBatches(Counting(), Counting()).test_dataloader() is None
    data = WholeBatches(Counting(), Counting(), Counting())
    assert told(data.test_dataloader()) == [10, 11, 12]


def test_a_few_batches_are_the_same_each_epoch_to_learn_and_to_measure() -> None:
    few = FewBatches(WholeBatches(Counting(), Counting(), Counting()), 2)
    assert [told(few.train_dataloader()) for _ in range(2)] == [[10, 11]] * 2
    assert told(few.val_dataloader()) == [10, 11]
    assert few.test_dataloader() is None
