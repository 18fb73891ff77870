"""An index to a file and back."""

from pathlib import Path

import pytest

from mood2music.errors import CheckpointError
from mood2music.files import PRETRAINED
from mood2music.judge.training_index import (
    FILE,
    load_index,
    save_index,
)
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
