from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import DataError, SettingsError
from mood2music.generator.polymusic.rolls import FILES, read_rolls, sets_in
from tests.generator.polymusic.conftest import roll_of, write

PIECE = roll_of([60], [62]).astype(np.uint8)


def test_a_file_gives_back_the_pieces_of_its_three_splits(tmp_path: Path) -> None:
    others = [roll_of([21, 108]).astype(np.uint8), roll_of([], [64], []).astype(np.uint8)]
    write(tmp_path / "JSB_Chorales.mat", train=[PIECE, *others], valid=others, test=[PIECE])
    rolls = read_rolls(tmp_path, "jsb")
    assert [len(part) for part in (rolls.train, rolls.valid, rolls.test)] == [3, 2, 1]
    assert np.array_equal(rolls.train[1], others[0])
    assert np.array_equal(rolls.valid[1], others[1])
    assert rolls.test[0].dtype == np.bool_
    assert np.array_equal(rolls.test[0], PIECE)


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (PIECE[:, :87], r"train piece 1 has shape \(2, 87\), expected \(frames, 88\)"),
        (PIECE[:0], "train piece 1 has shape"),
        (PIECE * 2, "train piece 1 has values besides 0 and 1"),
    ],
)
def test_a_piece_that_is_no_piano_roll_is_named(
    tmp_path: Path, broken: np.ndarray, fault: str
) -> None:
    write(tmp_path / "Nottingham.mat", train=[PIECE, broken], valid=[PIECE], test=[PIECE])
    with pytest.raises(DataError, match=fault):
        read_rolls(tmp_path, "nottingham")


def test_a_missing_split_is_named(tmp_path: Path) -> None:
    write(tmp_path / "JSB_Chorales.mat", train=[PIECE], test=[PIECE])
    with pytest.raises(DataError, match="no validdata"):
        read_rolls(tmp_path, "jsb")


def test_another_file_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "JSB_Chorales.mat").write_text("a web page that says: not found")
    with pytest.raises(DataError, match="not a MATLAB file"):
        read_rolls(tmp_path, "jsb")


def test_no_folder_and_no_file_say_what_to_pass(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"some of JSB_Chorales\.mat, .*MuseData\.mat.*data\.root="):
        read_rolls(None, "jsb")
    with pytest.raises(DataError, match=r"no Nottingham\.mat in .*data\.root="):
        read_rolls(tmp_path, "nottingham")


def test_an_unknown_data_set_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="bach: expected one of jsb, nottingham"):
        read_rolls(tmp_path, "bach")


def test_the_sets_of_a_folder_are_those_whose_files_lie_there(tmp_path: Path) -> None:
    assert sets_in(None) == sets_in(tmp_path) == list(FILES)
    for name in ("musedata", "jsb"):
        (tmp_path / FILES[name]).touch()
    assert sets_in(tmp_path) == ["jsb", "musedata"]
