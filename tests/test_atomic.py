from pathlib import Path

import pytest

from mood2music.atomic import atomically


def test_a_file_takes_the_place_of_the_old_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "piece.mid"
    for text in ("first", "second"):
        with atomically(path) as unfinished:
            assert unfinished.suffix == ".mid"
            unfinished.write_text(text)
        assert path.read_text() == text
    assert [p.name for p in path.parent.iterdir()] == ["piece.mid"]


def test_after_an_error_the_old_file_stands_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "piece.mid"
    path.write_text("old")

    def write_half() -> None:
        with atomically(path) as unfinished:
            unfinished.write_text("half of it")
            raise ValueError("no more room")

    with pytest.raises(ValueError, match="no more room"):
        write_half()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["piece.mid"]
