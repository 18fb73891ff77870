import csv
import json
import math
from pathlib import Path

from mood2music.render.report import Table, as_text, write_report

MOODS = Table(
    "moods",
    [
        {"path": "a.jpg", "found": True, "valence": 0.25},
        {"path": "longer.jpg", "found": False, "valence": None},
    ],
)


def test_the_text_is_aligned_with_numbers_to_the_right() -> None:
    assert as_text(MOODS).splitlines() == [
        "moods",
        "path        found  valence",
        "a.jpg       yes      0.250",
        "longer.jpg  no           -",
    ]


def test_a_long_table_is_cut_and_says_so() -> None:
    text = as_text(Table("t", [{"n": i} for i in range(100)]), most=3)
    assert text.splitlines()[-1] == "... and 97 more in report.csv"
    assert len(text.splitlines()) == 6


def test_only_the_chosen_columns_are_printed() -> None:
    table = Table("t", [{"a": 1, "b": 2, "c": 3}], ("c", "a"))
    assert as_text(table).splitlines() == ["t", "c  a", "3  1"]


def test_a_table_without_rows_is_its_name() -> None:
    assert as_text(Table("none", [])).strip() == "none"


def test_json_and_csv_hold_every_row_of_every_table(tmp_path: Path) -> None:
    other = Table("pieces", [{"path": "x.mid", "notes": 12}], ("path",))
    path = write_report([MOODS, other], tmp_path, {"version": "1"})
    content = json.loads(path.read_text())
    assert content == {"version": "1", "moods": MOODS.rows, "pieces": other.rows}
    with (tmp_path / "report.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["table"] for row in rows] == ["moods", "moods", "pieces"]
    assert rows[0]["valence"] == "0.25"
    assert rows[2] == {
        "table": "pieces",
        "path": "x.mid",
        "found": "",
        "valence": "",
        "notes": "12",
    }
    assert sorted(p.name for p in tmp_path.iterdir()) == ["report.csv", "report.json"]


def test_what_is_no_number_is_null_in_json(tmp_path: Path) -> None:
    path = write_report([Table("t", [{"x": math.nan, "y": math.inf, "z": 1.5}])], tmp_path, {})
    assert json.loads(path.read_text())["t"] == [{"x": None, "y": None, "z": 1.5}]
