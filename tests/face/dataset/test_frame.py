"""frame.py: a table becomes a frame, anything else one line."""

from pathlib import Path

import pytest

from mood2music.errors import DataError
from mood2music.face.dataset.frame import read_frame
from mood2music.face.dataset.source import open_source


def test_wanted_columns_alone_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("path,valence,landmarks\nx.png,0.5,1;2\n")
    with open_source(tmp_path, "") as source:
        frame = read_frame(source, "a.csv", ("path", "valence", "arousal"))
    assert list(frame.columns) == ["path", "valence"]


def test_a_field_longer_than_the_csv_module_takes_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"path,note\nx.png,{'a' * 200_000}\n")
    with open_source(tmp_path, "") as source:
        assert read_frame(source, "a.csv")["note"].str.len().item() == 200_000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"\xff\xfep\0a\0t\0h\0",
        "path,état\n".encode("latin-1"),
        b'path,valence\n"a,1\n',
    ],
)
def test_what_is_no_table_is_said_in_one_line(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    with (
        open_source(tmp_path, "") as source,
        pytest.raises(DataError, match=r"a\.csv in .* is not a table") as caught,
    ):
        read_frame(source, "a.csv")
    assert len(str(caught.value).splitlines()) == 1


def test_a_parquet_that_is_none_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 nothing PAR1")
    with open_source(tmp_path, "") as source, pytest.raises(DataError) as caught:
        read_frame(source, "a.parquet")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "table",
    [
        "path, valence, arousal\na b.png, 0.5, -1\n",
        "path;valence;arousal\na b.png;0,5;-1\n",
        "path;valence;arousal\na b.png;0.5;-1\n",
        "path\tvalence\tarousal\na b.png\t0.5\t-1\n",
        '"path;of",path,valence,arousal\nx,a b.png,0.5,-1\n',
    ],
)
def test_columns_are_parted_as_spreadsheets_do(tmp_path: Path, table: str) -> None:
    (tmp_path / "labels.csv").write_text(table)
    with open_source(tmp_path, "") as source:
        (row,) = read_frame(source, "labels.csv").to_dict("records")
    assert (row["path"], float(row["valence"]), float(row["arousal"])) == ("a b.png", 0.5, -1)
