"""unpack.py: the music of a zip, and nothing else of it."""

import zipfile
from pathlib import Path

import pytest

from mood2music.errors import DataError
from mood2music.store import unpack
from mood2music.store.unpack import unpacked


def packed(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_music_lies_side_by_side_wherever_its_name_leads(tmp_path: Path) -> None:
    files = {"../../a.mid": b"1", "b/a.MID": b"2", "c.txt": b"3", "__MACOSX/._a.mid": b"4"}
    folder = unpacked(packed(tmp_path / "a.zip", **files))
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {
        "0000_a.mid": b"1",
        "0001_a.MID": b"2",
    }
    (folder / "0000_a.mid").write_bytes(b"changed")
    assert unpacked(tmp_path / "a.zip") == folder
    assert (folder / "0000_a.mid").read_bytes() == b"changed"  # not unpacked again


def test_what_cannot_be_unpacked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataError, match="holds none of"):
        unpacked(packed(tmp_path / "text.zip", **{"c.txt": b""}))
    (tmp_path / "no.zip").write_bytes(b"PK no zip")
    with pytest.raises(DataError, match=r"no\.zip cannot be unpacked"):
        unpacked(tmp_path / "no.zip")
    monkeypatch.setattr(unpack, "LARGEST", 3)
    with pytest.raises(DataError, match=r"a\.mid is larger than"):
        unpacked(packed(tmp_path / "large.zip", **{"a.mid": b"1234"}))
    monkeypatch.setattr(unpack, "MOST_FILES", 1)
    with pytest.raises(DataError, match="2 files of music"):
        unpacked(packed(tmp_path / "many.zip", **{"a.mid": b"1", "b.mid": b"2"}))
