import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from mood2music.style.own_batches import Mixed


class Batches:
    """Numbers in place of batches."""

    def __init__(self, first: int) -> None:
        self.first = first

    def __len__(self) -> int:
        return 200

    def __iter__(self) -> Iterator[int]:
        return itertools.islice(itertools.count(self.first), 200)


def test_some_batches_are_of_rehearsed_music_others_each_epoch() -> None:
    own: Any = Batches(0)
    other: Any = Batches(1000)
    mixed = Mixed(own, other, 0.3, seed=0)
    epochs: Any = [np.array(list(mixed)) for _ in range(2)]
    assert [len(epoch) for epoch in epochs] == [200, 200]
    assert 0.2 < np.mean(epochs[0] >= 1000) < 0.4
    assert (epochs[0] != epochs[1]).any()
    assert list(Mixed(own, None, 0.3, seed=0)) == list(range(200))
