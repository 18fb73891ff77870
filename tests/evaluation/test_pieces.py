from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from mood2music.errors import DataError
from mood2music.evaluation.pieces import measure_pieces
from tests.evaluation.conftest import by_name
from tests.judge.test_quadrants import made


def test_pieces_are_measured_with_their_mean_and_the_unread_listed(pieces: Path) -> None:
    tables = by_name(measure_pieces(pieces))
    rows = {row["path"]: row for row in tables["pieces"]}
    assert list(rows) == ["arpeggio.mid", "deep/faster.mid"]
    assert rows["arpeggio.mid"]["notes"] == 4
    assert rows["arpeggio.mid"]["pitch_class_entropy"] == pytest.approx(1.5)
    assert rows["arpeggio.mid"]["onsets_per_second"] == pytest.approx(1.0)
    (mean,) = tables["pieces_mean"]
    assert mean["pieces"] == 2
    assert mean["onsets_per_second"] == pytest.approx(1.5)
    assert "key" not in mean
    assert [row["path"] for row in tables["pieces_unread"]] == ["empty.mid"]


def test_a_judges_file_adds_the_probabilities_of_four_quadrants(
    pieces: Path, tmp_path: Path
) -> None:
    file = tmp_path / "judge.safetensors"
    save_file({name: value.astype(np.float32) for name, value in made().items()}, file)
    tables = by_name(measure_pieces(pieces, str(file)))
    for row in tables["pieces"]:
        assert row["happy"] + row["tense"] + row["sad"] + row["calm"] == pytest.approx(1)


def test_a_folder_without_one_readable_piece_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.mid").write_bytes(b"")
    with pytest.raises(DataError, match=r"none of 1 files .*empty\.mid"):
        measure_pieces(tmp_path)
