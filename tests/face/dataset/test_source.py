"""source.py: a folder and a zip of it read alike."""

import zipfile
from pathlib import Path

import pytest

from mood2music.errors import DataError
from mood2music.face.dataset.source import open_source


def zipped(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*"):
            archive.write(file, file.relative_to(folder))
    return path


def test_a_folder_and_its_zip_have_the_same_names_and_bytes(classes: Path) -> None:
    (classes / ".hidden").touch()
    with open_source(classes, "") as one, open_source(zipped(classes), "") as other:
        assert one.names == other.names
        assert len(one.pictures()) == 15
        assert one.read("Sad/1.png") == other.read("Sad/1.png")


def test_a_changed_file_changes_the_fingerprint(classes: Path) -> None:
    with open_source(classes, "") as source:
        before = source.fingerprint()
        assert source.fingerprint() == before
        (classes / "Sad" / "1.png").write_bytes(b"another")
        assert source.fingerprint() != before


def test_a_missing_root_says_how_to_get_the_data(tmp_path: Path) -> None:
    with (
        pytest.raises(DataError, match=r"no data at data\.root=.*none: ask for it"),
        open_source(tmp_path / "none", "ask for it"),
    ):
        pass


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "faces.rar").write_bytes(b"Rar!")
    with (
        pytest.raises(DataError, match="neither a directory nor a zip"),
        open_source(tmp_path / "faces.rar", ""),
    ):
        pass
