"""An index to a file and back."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import CheckpointError
from mood2music.files import PRETRAINED
from mood2music.judge.shingles import BREAK, shingles
from mood2music.judge.training_index import (
    FILE,
    KIND,
    build_index,
    join_indexes,
    load_index,
    save_index,
)
from mood2music.learn import checkpoint
from mood2music.music.events import from_list
from mood2music.store.event_store import open_store, write_store
from mood2music.store.piece import to_piece
from tests.conftest import tune
from tests.judge.random_pieces import GRID, index_of, random_events


def test_a_saved_index_comes_back_and_holds_no_event(tmp_path: Path) -> None:
    pieces = [random_events(seed, count) for seed, count in enumerate((80, 2, 0, 33, 32))]
    index = index_of(*pieces)
    save_index(tmp_path / FILE, index)
    again = load_index(tmp_path / FILE)
    assert again.pieces == index.pieces
    assert (again.grid, again.divisors) == (GRID, (4, 3))
    assert again.hashes.tolist() == index.hashes.tolist()
    assert again.quarters.tolist() == index.quarters.tolist()
    assert set(vars(again)) == {"pieces", "hashes", "quarters", "grid", "divisors"}


def test_places_are_told_in_quarters_of_the_right_piece() -> None:
    first, second = random_events(0, 77), random_events(1, 40)
    index = index_of(first, second)
    for event in (0, 10, 32, 37):
        piece, at, quarter = index.place(77 + event)  # 76 shingles and a BREAK before
        assert (piece.file, at) == ("folder/1.mid", event)
        assert quarter == pytest.approx(second.durations[:event].sum() / GRID, abs=3)


def test_a_file_that_is_no_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="expected novelty"):
        load_index(PRETRAINED / "lstm_base.safetensors")
    save_index(tmp_path / FILE, index_of(random_events(0, 50)))
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[:-40])
    with pytest.raises(CheckpointError, match="not a mood2music checkpoint"):
        load_index(tmp_path / FILE)
    (tmp_path / FILE).write_bytes(whole[:-40] + bytes(40))
    with pytest.raises(CheckpointError, match="damaged index"):
        load_index(tmp_path / FILE)


@pytest.mark.parametrize("event", [0, 1, 31, 32, 33, 63, 64, 69])
def test_a_place_is_exact_where_all_events_last_alike(event: int) -> None:
    even = from_list([((60 + i % 7,), 12) for i in range(70)])
    index = index_of(random_events(0, 40), even, random_events(1, 33), start=5)
    piece, at, quarter = index.place(40 + event)
    assert (piece.file, piece.name, piece.events) == ("folder/6.mid", f"{6:016x}", 70)
    assert (at, quarter) == (event, event / 2)
    assert index.names() == {f"{i:016x}" for i in (5, 6, 7)}
    assert index.quarters.tolist()[2:5] == [16, 16, 3]
    assert (index.quarters.dtype, index.hashes.dtype) == (np.uint16, np.uint16)


def test_joined_indexes_hold_the_pieces_of_each_in_turn() -> None:
    first, second = index_of(random_events(0, 40)), index_of(random_events(1, 33), start=1)
    both = join_indexes([first, second])
    whole = index_of(random_events(0, 40), random_events(1, 33))
    assert both.pieces == whole.pieces
    assert both.hashes.tolist() == whole.hashes.tolist()
    assert both.quarters.tolist() == whole.quarters.tolist()
    assert (both.grid, both.divisors) == (GRID, (4, 3))


def test_an_index_cut_otherwise_or_of_other_sizes_is_refused(tmp_path: Path) -> None:
    index = index_of(random_events(0, 50))
    path = tmp_path / FILE
    save_index(path, replace(index, quarters=index.quarters[:-1]))
    with pytest.raises(CheckpointError) as refused:
        load_index(path)
    assert str(refused.value) == f"{path} is a damaged index: sizes differ; build it again"
    save_index(path, index)
    state, header = checkpoint.load(path, KIND)
    header = {key: header[key] for key in ("grid", "quantize", "cut")}
    checkpoint.save(path, state, KIND, {**header, "cut": [3, 10, 32]})
    with pytest.raises(CheckpointError) as refused:
        load_index(path)
    assert str(refused.value) == (
        f"{path} was cut with [3, 10, 32], this version reads [2, 10, 32]: build it again "
        "(experiments/novelty/build.py)"
    )


def test_an_index_of_a_store_holds_its_pieces_as_they_are_stored(tmp_path: Path) -> None:
    pieces = {f"{seed}.mid": to_piece(tune(seed), (4, 3)) for seed in (1, 2)}
    rows = [(file, file[0] * 64, piece) for file, piece in pieces.items()]
    write_store(tmp_path / "store", rows, 24, (4, 3))
    store = open_store(tmp_path / "store")
    index = build_index(store, store.pieces)
    assert [(piece.file, piece.events) for piece in index.pieces] == [
        (file, len(piece.events)) for file, piece in pieces.items()
    ]
    assert [piece.name for piece in index.pieces] == [row.name for row in store.pieces]
    wanted = [shingles(piece.events).tolist() for piece in pieces.values()]
    assert index.hashes.tolist() == [*wanted[0], BREAK, *wanted[1], BREAK]
    assert (index.grid, index.divisors) == (24, (4, 3))
