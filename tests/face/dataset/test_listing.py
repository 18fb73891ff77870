"""listing.py: tables and class folders become labelled pictures; what is left out has a reason."""

import zipfile
from pathlib import Path

import pytest

from mood2music.errors import DataError
from mood2music.face.dataset.listing import Faults, listing
from mood2music.face.dataset.pictures import UNKNOWN, Picture
from mood2music.face.dataset.source import open_source
from mood2music.face.labels import EXPRESSIONS


def test_folders_give_affectnets_class_means(classes: Path) -> None:
    with open_source(classes, "") as source:
        pictures, faults = listing(source)
    assert len(pictures) == 14
    sad = next(p for p in pictures if p.path == "Sad/0.png")
    assert (sad.valence, sad.arousal, sad.expression) == (-0.628, -0.267, 2)
    assert faults == [("landscape/hill.png", "no folder above it names an expression")]


def test_a_table_gives_its_own_moods_and_lists_its_faults(labelled: Path) -> None:
    with open_source(labelled, "") as source:
        pictures, faults = listing(source)
    assert [p.valence for p in pictures] == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert pictures[0].expression == 1
    reasons = dict(faults)
    assert "not there" in reasons["images/6.png"]
    assert "arousal -2" in reasons["images/7.png"]


def test_a_table_may_lie_deeper_and_paths_are_its_own(labelled: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(labelled) as archive:
        archive.extractall(tmp_path / "root" / "inner")
    with open_source(tmp_path / "root", "") as source:
        pictures, _ = listing(source)
    assert pictures[0].path == "inner/images/0.png"


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,valence\na.png,1\n")
    with (
        open_source(tmp_path, "") as source,
        pytest.raises(DataError, match="lacks arousal, path"),
    ):
        listing(source)


def test_two_tables_ask_for_a_choice(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("path,valence,arousal\n")
    with open_source(tmp_path, "") as source, pytest.raises(DataError, match=r"data\.labels"):
        listing(source)


def test_a_root_without_labels_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    with open_source(tmp_path, "") as source, pytest.raises(DataError, match="no labelled picture"):
        listing(source)


def test_votes_of_a_table_are_told_and_must_be_counts(tmp_path: Path) -> None:
    votes = ",".join(f"votes_{name}" for name in reversed(EXPRESSIONS))
    rows = ["0.png,0,0,1,0,0,0,0,0,0,2,8", "1.png,0,0,1,0,0,0,0,0,0,-2,8"]
    (tmp_path / "labels.csv").write_text(
        "\n".join([f"path,valence,arousal,expression,{votes}", *rows])
    )
    for row in rows:
        (tmp_path / row[:5]).write_bytes(b"")
    with open_source(tmp_path, "") as source:
        pictures, faults = listing(source)
    assert [p.votes for p in pictures] == [(8, 2, 0, 0, 0, 0, 0, 0)]
    assert faults == [("1.png", "its votes are no counts")]


def test_most_votes_name_an_expression_that_is_not_named(tmp_path: Path) -> None:
    votes = ",".join(f"votes_{name}" for name in EXPRESSIONS)
    cells = [",1,0,7,0,0,0,0,2", "1,1,0,7,0,0,0,0,2", ",0,0,0,0,0,0,0,0"]
    pictures, faults = of_table(tmp_path, f"expression,{votes}", cells)
    assert [p.expression for p in pictures] == [2, 1, UNKNOWN]
    assert faults == []


def test_a_group_is_called_as_it_is_written_and_an_empty_cell_is_none(tmp_path: Path) -> None:
    pictures, _ = of_table(tmp_path, "group", ["1", "NA", "", " anna "])
    assert [p.group for p in pictures] == ["1", "NA", "", "anna"]


def test_a_picture_is_known_by_any_way_to_it_and_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "labels.csv").write_text("path,valence,arousal\n./a.png,0.5,0\na.png,-0.5,0\n")
    with open_source(tmp_path, "") as source:
        pictures, faults = listing(source)
    assert [(p.path, p.valence) for p in pictures] == [("a.png", 0.5)]
    assert faults == [("a.png", "named before in the table")]


def of_table(root: Path, columns: str, cells: list[str]) -> tuple[list[Picture], Faults]:
    """List pictures of calm faces, with `columns` of their own and a row of cells each."""
    rows = [f"path,valence,arousal,{columns}"]
    for number, row in enumerate(cells):
        (root / f"{number}.png").write_bytes(b"")
        rows.append(f"{number}.png,0,0,{row}")
    (root / "labels.csv").write_text("\n".join(rows))
    with open_source(root, "") as source:
        return listing(source)
