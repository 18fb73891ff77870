"""An index to a file and back."""

import lzma
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mood2music.errors import CheckpointError
from mood2music.files import PRETRAINED
from mood2music.judge import training_index
from mood2music.judge.shingles import BREAK, shingles
from mood2music.judge.training_index import (
    FILE,
    KIND,
    _pack,
    _unpack,
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
    # Two bytes each: the shipped index has millions.
    assert (again.hashes.dtype, again.quarters.dtype) == (np.uint16, np.uint16)
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


def test_the_header_says_how_pieces_were_read_and_cut(tmp_path: Path) -> None:
    save_index(tmp_path / FILE, index_of(random_events(0, 50)))
    state, header = checkpoint.load(tmp_path / FILE, KIND)
    assert set(state) == {"hashes", "quarters", "pieces"}
    said = {key: header[key] for key in ("grid", "quantize", "cut")}
    assert said == {"grid": GRID, "quantize": [4, 3], "cut": [2, 10, 32]}


def without(name: str) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    return lambda state, header: (state if name in state else header).pop(name)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (without("hashes"), "'hashes'"),
        (without("pieces"), "'pieces'"),
        (without("grid"), "'grid'"),
        (lambda state, header: header.update(grid="x"), "invalid literal"),
        (lambda state, header: header.update(quantize=3), "'int' object is not iterable"),
        (
            lambda state, header: state.update(hashes=state["hashes"][:-20]),
            "a part is cut short or has more than 100,000,000 bytes",
        ),
        (lambda state, header: state.update(pieces=_pack(b"[[1, 2]]")), "missing 1 required"),
        (lambda state, header: state.update(pieces=_pack(b"[" * 50_000)), "maximum recursion"),
        (lambda state, header: state.update(pieces=_pack(b"[[")), "Expecting value"),
        (lambda state, header: state.update(hashes=_pack(b"123")), "buffer size"),
        (lambda state, header: state.update(hashes=state["pieces"] * 0 + 1), "Input format"),
    ],
)
def test_a_damaged_part_is_told_in_one_line(
    tmp_path: Path, damage: Callable[[dict[str, Any], dict[str, Any]], None], said: str
) -> None:
    path = tmp_path / FILE
    save_index(path, index_of(random_events(0, 50)))
    state, header = checkpoint.load(path, KIND)
    header = {key: header[key] for key in ("grid", "quantize", "cut")}
    damage(state, header)
    checkpoint.save(path, state, KIND, header)
    with pytest.raises(CheckpointError) as refused:
        load_index(path)
    text = str(refused.value)
    assert text.startswith(f"{path} is a damaged index: ")
    assert text.endswith("; build it again")
    assert said in text


def test_a_part_is_unpacked_to_the_limit_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_index, "MOST_BYTES", 1000)
    assert _unpack(_pack(bytes(1000)).numpy().tobytes()) == bytes(1000)
    with pytest.raises(ValueError, match="more than 1,000 bytes"):
        _unpack(_pack(bytes(1001)).numpy().tobytes())


def test_packing_is_made_for_numbers_of_sixteen_bits() -> None:
    numbers = np.cumsum(np.random.default_rng(0).integers(0, 9, 4000)).astype("<u2").tobytes()
    assert len(_pack(numbers)) < len(lzma.compress(numbers, preset=9 | lzma.PRESET_EXTREME))


def test_rounding_of_quarters_does_not_add_up() -> None:
    events = from_list([((60 + i % 7,), 7) for i in range(640)])  # 224 steps a mark, 9.33 quarters
    quarters = index_of(events).quarters.astype(int)
    assert len(quarters) == 20
    assert set(quarters.tolist()) == {9, 10}
    exact = np.arange(1, 21) * 32 * 7 / GRID
    assert np.abs(np.cumsum(quarters) - exact).max() <= 0.5


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
