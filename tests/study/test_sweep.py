from pathlib import Path

import pytest

from mood2music.study.sweep import conclude
from tests.study.runs import write_sweep


def test_a_sweep_is_concluded_by_its_table_and_its_failures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conclude(write_sweep(tmp_path))
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith("lr")
    assert said[-3:] == [
        "1 of 5 did not finish",
        "  10  failed: lr=0: expected above 0",
        str(tmp_path / "table.csv"),
    ]
    assert (tmp_path / "table.tex").is_file()


def test_a_sweep_that_leaves_no_records_says_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conclude(tmp_path)
    assert capsys.readouterr().out == ""
