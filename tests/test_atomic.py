from pathlib import Path

import pytest

from mood2music.atomic import atomically, together
from tests.disk import room_for


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


def test_a_full_disk_leaves_the_old_file_and_its_name_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "piece.wav"
    path.write_text("old")
    with (
        pytest.raises(OSError, match="File too large") as refused,
        room_for(1000),
        atomically(path) as unfinished,
    ):
        unfinished.write_bytes(bytes(2000))
    assert refused.value.filename == str(path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["piece.wav"]


def test_several_files_appear_together_the_manifest_last(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with together(folder, last="a.json") as unfinished:
        for name in ("a.json", "b.mid", "c.wav"):
            (unfinished / name).write_text(name)
            assert not (folder / name).exists()
    assert sorted(p.name for p in folder.iterdir()) == ["a.json", "b.mid", "c.wav"]


def test_of_several_files_none_appears_after_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "b.mid").write_text("old")

    def write(size: int) -> None:
        with together(folder) as unfinished:
            (unfinished / "b.mid").write_text("new")
            with atomically(unfinished / "c.wav") as sound:
                sound.write_bytes(bytes(size))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(10)
    with pytest.raises(OSError, match="File too large") as refused, room_for(1000):
        write(2000)
    assert refused.value.filename == str(folder / "c.wav")
    assert [(p.name, p.read_text()) for p in folder.iterdir()] == [("b.mid", "old")]


def test_what_is_refused_elsewhere_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as refused, together(tmp_path / "out"):
        (tmp_path / "tune.mid").read_bytes()
    assert refused.value.filename == str(tmp_path / "tune.mid")
