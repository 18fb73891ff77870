from pathlib import Path

import numpy as np
import pytest
import torch

from mood2music.errors import DataError
from mood2music.generator.bigram import Bigram
from mood2music.generator.score import measure, names, network_bits, sample_events, struck, unseen
from mood2music.generator.windows import Windows
from mood2music.music.prepare import MusicSourceSettings, prepare
from mood2music.music.store import Store
from tests.generator.test_network import small


@pytest.fixture
def store(library: Path) -> Store:
    return prepare(MusicSourceSettings(name="midi", root=str(library)), progress=False)


def header(store: Store, train: int, val: int) -> dict[str, dict[str, list[str]]]:
    rows = store.pieces
    return {
        "data": {
            "train_names": names(rows[:train]),
            "val_names": names(rows[train : train + val]),
        }
    }


def test_pieces_that_were_trained_on_or_chosen_by_are_not_scored(store: Store) -> None:
    held_out, train = unseen(store, header(store, 6, 2))
    assert [r.file for r in held_out] == [r.file for r in store.pieces[8:]]
    assert [r.file for r in train] == [r.file for r in store.pieces[:6]]


def test_what_the_network_before_has_seen_is_not_held_out_either(store: Store) -> None:
    told = header(store, 2, 1)
    told["data"]["seen_before"] = names(store.pieces[3:7])
    held_out, train = unseen(store, told)
    assert [r.file for r in held_out] == [r.file for r in store.pieces[7:]]
    assert len(train) == 2


def test_a_folder_of_training_pieces_alone_is_refused(store: Store) -> None:
    with pytest.raises(DataError, match="seen all 12 pieces"):
        unseen(store, header(store, 12, 0))


def test_a_checkpoint_without_its_pieces_is_refused(store: Store) -> None:
    with pytest.raises(DataError, match="does not list"):
        unseen(store, {"data": {}})


@pytest.mark.parametrize("name", ["lstm", "bilstm_attention"])
def test_each_scored_event_costs_what_the_network_gives_it_after_its_context(
    store: Store, name: str
) -> None:
    network = small(name)
    windows = Windows(store, store.pieces)
    places = sample_events(windows, 20, seed=0)
    bits = network_bits(network, windows, places)
    batch = windows.cut(places[7:8] - 32, places[7:8] + 1)
    with torch.no_grad():
        chords, durations = network.nats(batch)
    assert bits[7].tolist() == pytest.approx(
        [float(chords[-1]) / np.log(2), float(durations[-1]) / np.log(2)], rel=1e-4
    )


def test_a_row_adds_up_and_the_bigram_stands_beside_it(store: Store) -> None:
    rows = measure(small(), header(store, 6, 2), store, count=50, seed=0)
    assert [row["model"] for row in rows] == ["lstm pitchwise", "bigram"]
    for row in rows:
        assert row["bits_event"] == pytest.approx(row["chord_bits"] + row["duration_bits"])
        assert row["bits_note"] == pytest.approx(row["bits_event"] * row["events"] / row["notes"])
    assert rows[1]["bits_event"] < rows[0]["bits_event"]  # the network is untrained


def test_struck_notes_are_counted_and_held_ones_are_not(store: Store) -> None:
    row = store.pieces[0]
    places = np.arange(row.first, row.first + row.events)
    assert struck(store, places) == row.notes


def test_a_bigram_of_the_scored_pieces_themselves_is_better_than_of_others(store: Store) -> None:
    from mood2music.generator.score import bigram_bits

    places = sample_events(Windows(store, store.pieces[8:]), 200, seed=0)
    own = Bigram.fit([store.piece(row) for row in store.pieces[8:]])
    other = Bigram.fit([store.piece(row) for row in store.pieces[:6]])
    assert bigram_bits(own, store, places).sum() < bigram_bits(other, store, places).sum()
