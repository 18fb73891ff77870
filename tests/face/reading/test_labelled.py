"""labelled.py: figures of the photos that have a label beside them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mood2music.face.labels import EXPRESSIONS
from mood2music.face.reading.labelled import (
    Labels,
    labels,
    measure_expressions,
    measure_groups,
    measure_photos,
)
from mood2music.face.reading.photos import PhotoRow
from mood2music.mood import Mood


def test_labels_come_from_a_table_or_from_class_folders(
    labelled: Path, classes: Path, album: Path
) -> None:
    assert labels(labelled).moods["images/3.png"] == Mood(0.3, 0.1)
    assert labels(classes).moods["Sad/0.png"].valence == -0.628
    assert labels(album).moods == {}


def test_a_table_of_another_name_is_not_taken_for_labels(tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_text("a,b\n1,2\n")
    assert labels(tmp_path).moods == {}


def test_every_folder_may_have_labels_of_its_own(tmp_path: Path) -> None:
    for folder in ("anna", "ben"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1.png").write_bytes(b"")
        (tmp_path / folder / "labels.csv").write_text("path,valence,arousal\n1.png,0.5,0\n")
    assert set(labels(tmp_path).moods) == {"anna/1.png", "ben/1.png"}


def test_labels_without_a_picture_are_told(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    (tmp_path / "labels.csv").write_text(
        "path,valence,arousal\na.png,0.5,0\ngone.png,0.5,0\na.png,nan,0\n"
    )
    found = labels(tmp_path)
    assert found.moods == {"a.png": Mood(0.5, 0.0)}
    assert found.faults == [
        ("gone.png", "named in the table, not there"),
        ("a.png", "valence nan, arousal 0: expected -1 to 1"),
    ]


def test_figures_are_of_the_rows_with_a_face_and_a_label() -> None:
    rows = [PhotoRow(str(n), True, n / 10, -n / 10) for n in range(5)]
    rows.append(PhotoRow("lost", False, None, None, "no face"))
    truth = {str(n): Mood(n / 10, n / 10) for n in range(5)} | {"lost": Mood(1, 1)}
    measured = measure_photos(rows, truth)
    assert [(r["axis"], r["predictor"]) for r in measured] == [
        ("valence", "network"),
        ("valence", "constant"),
        ("arousal", "network"),
        ("arousal", "constant"),
    ]
    assert measured[0]["rmse"] == 0
    assert measured[0]["ccc"] == pytest.approx(1)
    assert measured[2]["pearson"] == pytest.approx(-1)
    assert measured[1]["rmse"] == pytest.approx(np.std([0, 0.1, 0.2, 0.3, 0.4]))
    assert measure_photos(rows, {}) == []


def told(path: str, expression: str, sure: float, valence: float = 0.0) -> PhotoRow:
    """A photo told `expression` with probability `sure`, the others alike."""
    rest = (1 - sure) / (len(EXPRESSIONS) - 1)
    shares = {name: sure if name == expression else rest for name in EXPRESSIONS}
    return PhotoRow(path, True, valence, 0.0, "", shares)


def test_expressions_are_measured_by_votes_and_the_surest_half_by_itself() -> None:
    rows = [told("a", "happiness", 0.9), told("b", "anger", 0.4), told("c", "sadness", 0.8)]
    rows += [told("d", "fear", 0.5), PhotoRow("lost", False, None, None, "no face")]
    truth = Labels(
        {row.path: Mood(0, 0) for row in rows},
        [],
        {"a": 1, "b": 1, "c": 2, "d": 4, "lost": 0},
        {path: np.eye(8)[code] for path, code in {"a": 1, "b": 1, "c": 2, "d": 4}.items()},
    )
    (figures,), confusion = measure_expressions(rows, truth)
    assert (figures["photos"], figures["accuracy"], figures["surest_half_right"]) == (4, 0.75, 1.0)
    assert figures["balanced"] == pytest.approx((0.5 + 1 + 1) / 3)
    assert confusion[0]["expression"] == "happiness"
    assert (confusion[0]["told_happiness"], confusion[0]["told_anger"]) == (0.5, 0.5)
    assert measure_expressions(rows, Labels({}, [])) == ([], [])


def test_groups_that_the_labels_name_stand_side_by_side_with_their_gap() -> None:
    rows = [told(str(n), "happiness", 0.9, valence=0.1 * n) for n in range(4)]
    truth = Labels(
        {str(n): Mood(0, 0) for n in range(4)},
        [],
        {str(n): 1 if n else 2 for n in range(4)},
        {},
        {"0": "old", "1": "old", "2": "young", "3": "young"},
    )
    old, young, gap = measure_groups(rows, truth)
    assert (old["accuracy"], young["accuracy"], gap["accuracy"]) == (0.5, 1.0, 0.5)
    assert gap["group"] == "largest gap"
    assert gap["valence_rmse"] == pytest.approx(np.sqrt(0.065) - np.sqrt(0.005))
    assert measure_groups(rows[:2], truth) == []


def test_the_group_column_and_the_votes_are_read(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    votes = ",".join(f"votes_{name}" for name in EXPRESSIONS)
    (tmp_path / "labels.csv").write_text(
        f"path,valence,arousal,expression,group,{votes}\na.png,0.5,0,1,dark,3,1,0,0,0,0,0,0\n"
    )
    found = labels(tmp_path)
    assert (found.groups, found.expressions) == ({"a.png": "dark"}, {"a.png": 1})
    np.testing.assert_allclose(found.shares["a.png"], [0.75, 0.25, 0, 0, 0, 0, 0, 0])
