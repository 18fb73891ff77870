from pathlib import Path

import numpy as np
import pytest
import torch

from mood2music.errors import DataError
from mood2music.generator.event_ngram import EventNGram
from mood2music.generator.score import (
    means,
    measure,
    names,
    network_bits,
    ngram_bits,
    sample_events,
    struck,
    unseen,
)
from mood2music.generator.windows import Windows
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare
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
    with torch.no_grad():
        nats = network.nats(windows.cut(places[7:8] - 32, places[7:8] + 1))
    assert bits[7].tolist() == pytest.approx([float(x[-1]) / np.log(2) for x in nats], rel=1e-4)


def test_a_row_adds_up_and_the_n_grams_stand_beside_it(store: Store) -> None:
    rows = measure(small(), header(store, 6, 2), store, count=50, seed=0)
    assert [row["model"] for row in rows] == ["lstm pitchwise", "5-gram", "bigram"]
    for row in rows:
        assert row["bits_event"] == pytest.approx(row["chord_bits"] + row["duration_bits"])
        assert row["bits_note"] == pytest.approx(row["bits_event"] * row["events"] / row["notes"])
        assert rows[0]["bits_event"] >= row["bits_event"]  # the network is untrained


def test_bits_are_averaged_over_events_and_over_notes() -> None:
    assert means(np.array([[4.0, 1.0, 2.0], [6.0, 3.0, 0.0]]), notes=4) == {
        "bits_event": 7.0, "chord_bits": 5.0, "duration_bits": 2.0, "bits_note": 3.5,
        "level_bits": 1.0,
    }  # fmt: skip


def test_struck_notes_are_counted_and_held_ones_are_not(store: Store) -> None:
    row = store.pieces[0]
    places = np.arange(row.first, row.first + row.events)
    assert struck(store, places) == row.notes


def test_an_n_gram_scores_each_event_in_its_own_piece(store: Store) -> None:
    ngram = EventNGram.fit([store.piece(row) for row in store.pieces[:6]], 5)
    windows = Windows(store, store.pieces[8:])
    places = sample_events(windows, 30, seed=0)
    bits = ngram_bits(ngram, windows, places)
    row = next(r for r in store.pieces if r.first <= places[11] < r.first + r.events)
    assert bits[11].tolist() == ngram.bits(store.piece(row))[places[11] - row.first].tolist()


def test_an_n_gram_of_the_scored_pieces_themselves_is_better_than_of_others(store: Store) -> None:
    windows = Windows(store, store.pieces[8:])
    places = sample_events(windows, 200, seed=0)
    own, other = (
        ngram_bits(EventNGram.fit([store.piece(row) for row in rows], 5), windows, places).sum()
        for rows in (store.pieces[8:], store.pieces[:6])
    )
    assert own < other
