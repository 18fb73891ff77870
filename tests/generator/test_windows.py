from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import DataError
from mood2music.generator.embedding import PAD
from mood2music.generator.sampling import to_batch
from mood2music.generator.windows import (
    PARTS,
    FixedBatches,
    RandomBatches,
    Windows,
    WindowSettings,
    part_of,
    select,
)
from mood2music.music.prepare import MusicSourceSettings, prepare
from mood2music.music.store import Store


@pytest.fixture
def store(library: Path) -> Store:
    return prepare(MusicSourceSettings(name="midi", root=str(library)), progress=False)


def test_parts_share_no_group_and_leave_out_no_piece(store: Store) -> None:
    parts = {part: select(store, WindowSettings(), part) for part in PARTS}
    assert all(parts.values())
    assert sorted(r.file for rows in parts.values() for r in rows) == sorted(
        r.file for r in store.pieces
    )
    groups = [{r.group for r in rows} for rows in parts.values()]
    assert not groups[0] & groups[1]
    assert not groups[0] & groups[2]
    assert not groups[1] & groups[2]


def test_a_group_stays_on_its_side_and_shares_come_out_as_asked() -> None:
    names = [f"{i:064x}" for i in range(5000)]
    parts = [part_of(name, 0.1) for name in names]
    assert parts == [part_of(name, 0.1) for name in names]
    assert parts.count("val") / 5000 == pytest.approx(0.1, abs=0.015)
    assert parts.count("test") / 5000 == pytest.approx(0.1, abs=0.015)


def test_patterns_choose_pieces(store: Store) -> None:
    settings = WindowSettings(include=["fast/*"], exclude=["*tune7.mid"])
    files = [r.file for part in PARTS for r in select(store, settings, part)]
    assert sorted(files) == ["fast/tune10.mid", "fast/tune11.mid", "fast/tune6.mid",
                             "fast/tune8.mid", "fast/tune9.mid"]  # fmt: skip


def test_patterns_that_leave_nothing_are_said(store: Store) -> None:
    with pytest.raises(DataError, match="leave none of 12 pieces"):
        select(store, WindowSettings(include=["polka/*"]), "train")


def test_a_window_holds_the_events_of_its_place_and_knows_the_beat(store: Store) -> None:
    row = store.pieces[3]
    windows = Windows(store, store.pieces)
    cut = windows.cut(np.array([row.first + 7]), np.array([row.first + 19]))
    expected = to_batch([store.piece(row)[7:19]])
    for ours, theirs in zip(cut, expected, strict=True):
        assert ours.tolist() == theirs.tolist()


def test_covering_windows_predict_every_event_but_the_first_once(store: Store) -> None:
    windows = Windows(store, store.pieces)
    predicted = sum(
        int((batch.durations[:, 1:] > 0).sum()) for batch in windows.covering(size=5, time=16)
    )
    assert predicted == len(windows) == sum(r.events - 1 for r in store.pieces)


def test_training_draws_new_windows_each_epoch_and_the_same_for_the_same_seed(store: Store) -> None:
    settings = WindowSettings(window=8, batch_size=4)

    def epochs(seed: int) -> list[list[int]]:
        batches = RandomBatches(Windows(store, store.pieces), settings, "all", seed)
        return [[int(b.tokens.sum()) for b in batches] for _ in range(2)]

    first, second = epochs(0)
    assert first != second
    assert epochs(0) == [first, second]
    assert epochs(1)[0] != first


def test_windows_of_a_bidirectional_network_have_no_padding_and_many_lengths(store: Store) -> None:
    settings = WindowSettings(window=30, shortest=5, batch_size=4)
    batches = list(RandomBatches(Windows(store, store.pieces), settings, "last", 0))
    assert all(bool((b.durations > 0).all()) for b in batches)
    lengths = {b.durations.shape[1] - 1 for b in batches}
    assert len(lengths) > 5
    assert lengths <= set(range(5, 31))


@pytest.mark.parametrize("targets", ["all", "last"])
def test_held_out_batches_are_the_same_every_time(store: Store, targets: str) -> None:
    settings = WindowSettings(window=16, batch_size=4, scored=40)
    batches = FixedBatches(Windows(store, store.pieces), settings, targets, 0)
    sums = [[int(b.tokens.sum()) for b in batches] for _ in range(2)]
    assert sums[0] == sums[1]
    assert len(sums[0]) == len(batches)


def test_short_pieces_are_padded_behind_their_end(store: Store) -> None:
    a, b = store.pieces[:2]
    cut = Windows(store, store.pieces).cut(
        np.array([a.first, b.first]), np.array([a.first + 3, b.first + 6])
    )
    assert cut.durations[0, 3:].tolist() == [0, 0, 0]
    assert bool((cut.tokens[0, 3:] == PAD).all())
