import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from mood2music.generator.batches import FixedBatches
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.generator.windows import Windows
from mood2music.store.prepare import MusicSourceSettings, prepare
from mood2music.style.own_batches import Mixed, Opened


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


def test_windows_of_one_predicted_event_are_held_out_without_an_opening(library: Path) -> None:
    store = prepare(MusicSourceSettings(name="midi", root=str(library)), progress=False)
    one, *others = store.pieces
    held = Windows(store, [one])
    settings = MusicDataSettings(window=one.events - 1, batch_size=1)
    plain = list(FixedBatches(held, settings, "all", 0))
    begun = list(Opened(held, settings, "all", 0, Windows(store, others)))
    assert [batch.durations.shape for batch in begun] == [(1, one.events), (1, 2)]
    assert all(batch.scored is None or batch.scored.any() for batch in begun)
    assert begun[0].scored is not None
    assert begun[1].durations.tolist() == plain[1].durations.tolist()
