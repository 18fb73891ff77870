"""source.py: a folder and a zip of it read alike."""

import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import DataError
from mood2music.face.dataset.source import MOST_BYTES, open_source, printable


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


def test_every_picture_suffix_counts_in_either_case(tmp_path: Path) -> None:
    for name in ("a.JFIF", "b.gif", "c.Avif", "d.heic", "e.txt"):
        (tmp_path / name).touch()
    with open_source(tmp_path, "") as source:
        assert source.pictures() == ["a.JFIF", "b.gif", "c.Avif", "d.heic"]


def changed(path: Path, local: dict[int, int], central: dict[int, int]) -> Path:
    """Write 16-bit fields into the first file's two headers (PKWARE APPNOTE 4.3.7 and 4.3.12)."""
    data = bytearray(path.read_bytes())
    for mark, fields in ((b"PK\3\4", local), (b"PK\1\2", central)):
        start = data.index(mark)
        for place, value in fields.items():
            struct.pack_into("<H", data, start + place, value)
    path.write_bytes(data)
    return path


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", b"one " * 100)
        archive.writestr("b.png", b"two " * 100)
    return path


@pytest.mark.parametrize(
    ("local", "central", "said"),
    [
        ({6: 1}, {8: 1}, r"encrypted, expected a zip without a password"),
        ({8: 99}, {10: 99}, r"compression.*expected a zip of method stored or deflated"),
        ({8: 9}, {10: 9}, r"not supported, expected a zip of method stored or deflated"),
        ({8: 12}, {10: 12}, r"a\.png cannot be read: "),
        ({8: 14}, {10: 14}, r"a\.png cannot be read: "),
    ],
)
def test_a_file_that_no_method_unpacks_is_named_with_the_reason(
    two: Path, local: dict[int, int], central: dict[int, int], said: str
) -> None:
    with open_source(changed(two, local, central), "") as source:
        with pytest.raises(DataError, match=said) as caught:
            source.read("a.png")
        assert source.read("b.png") == b"two " * 100
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_of_gigabytes_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.png", "w", force_zip64=True) as file,
    ):
        for _ in range(MOST_BYTES // 1_000_000 + 1):
            file.write(bytes(1_000_000))
    assert path.stat().st_size < 1_000_000
    with (
        open_source(path, "") as source,
        pytest.raises(DataError, match="101,000,000 bytes unpacked, expected at most 100,000,000"),
    ):
        source.read("a.png")


def test_files_that_share_their_bytes_are_not_unpacked(two: Path) -> None:
    data = bytearray(two.read_bytes())
    second = data.index(b"PK\1\2", data.index(b"PK\1\2") + 1)
    struct.pack_into("<L", data, second + 42, 0)  # its bytes begin where the first one's do
    two.write_bytes(data)
    with open_source(two, "") as source, pytest.raises(DataError, match="another file's"):
        source.read("b.png")


def test_a_zip_with_wrong_bytes_ends_in_one_line(two: Path) -> None:
    whole = two.read_bytes()
    random = np.random.default_rng(0)
    said = []
    for _ in range(300):
        data = bytearray(whole)
        for place in random.integers(0, len(data), random.integers(1, 5)):
            data[place] = random.integers(0, 256)
        two.write_bytes(
            data[: random.integers(1, len(data) + 1)] if random.random() < 0.2 else data
        )
        try:
            with open_source(two, "") as source:
                for name in source.names:
                    source.read(name)
        except DataError as error:
            said.append(str(error))
    assert len(said) > 50
    assert all(len(text.splitlines()) == 1 for text in said)


def test_a_name_that_leads_out_of_the_zip_is_read_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "odd.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../up.png", "/top.png", "a\nb.png", "é.png", "x\x1b[31m.png"):
            archive.writestr(name, b"picture")
    with open_source(path, "") as source:
        assert len(source.pictures()) == 5
        assert {source.read(name) for name in source.names} == {b"picture"}
        assert all(printable(name).isprintable() for name in source.names)
    assert not (tmp_path.parent / "up.png").exists()
