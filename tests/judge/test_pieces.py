"""A folder of pieces to a table, bad files told apart."""

from pathlib import Path

import pytest

from mood2music.errors import DataError
from mood2music.judge.judges import columns
from mood2music.judge.pieces import pieces_table
from mood2music.music.notes import make_notes
from mood2music.music.write import write_midi


def write_scale(path: Path, count: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    onsets = [24 * i for i in range(count)]
    write_midi(make_notes(onsets, [24] * count, range(60, 60 + count), [80] * count, 90.0), path)


def test_one_row_a_piece_and_the_reason_for_each_bad_file(tmp_path: Path) -> None:
    write_scale(tmp_path / "b.mid", 5)
    write_scale(tmp_path / "below" / "a.mid", 8)
    (tmp_path / "empty.mid").touch()
    (tmp_path / "words.midi").write_text("la la la")
    (tmp_path / "notes.txt").write_text("not music, not asked for")
    table = pieces_table(tmp_path, progress=False)
    counts = {row.path: row.judged["statistics"].notes for row in table.rows}
    assert counts == {"b.mid": 5, "below/a.mid": 8}
    assert sorted(table.bad) == ["empty.mid", "words.midi"]
    assert "empty" in table.bad["empty.mid"]


def test_a_row_has_every_column(tmp_path: Path) -> None:
    write_scale(tmp_path / "a.mid", 5)
    row = pieces_table(tmp_path, progress=False).rows[0].as_dict()
    assert tuple(row) == ("path", *columns())
    assert row["tempo"] == pytest.approx(90.0, rel=1e-3)


def test_a_folder_without_music_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no music in .*\.mid"):
        pieces_table(tmp_path)
    with pytest.raises(DataError, match="no folder"):
        pieces_table(tmp_path / "gone")
