import json
from pathlib import Path

import pytest

from mood2music.errors import SettingsError
from mood2music.study.runs import read_runs
from mood2music.study.table import tabulate
from mood2music.study.written import as_text
from tests.study.runs import write_sweep


def test_the_best_row_comes_first_with_its_spread(tmp_path: Path) -> None:
    lines = as_text(tabulate(read_runs(write_sweep(tmp_path)))).splitlines()
    heads = ["runs", "val/loss", "sd", "95", "%", "behind", "epoch", "test/loss"]
    assert lines[0].split() == ["lr", *heads]
    assert lines[1].split() == ["0.01", "2", "4.125", "0.1768", "1.588", "0", "3", "5.125"]
    assert lines[2].split() == ["0.1", "2", "5.25", "0.3536", "3.177", "1.125", "3", "6.25"]
    assert lines[3].split() == ["0", "0", "of", "1", "-", "-", "-", "-", "-", "-"]
    assert len(lines) == 4


def test_max_turns_the_order_and_figures_choose_the_columns(tmp_path: Path) -> None:
    runs = read_runs(write_sweep(tmp_path))
    results = tabulate(runs, by=["seed"], figures=["seconds"], metric="test/loss", mode="max")
    assert (results.settings, results.figures) == (["seed"], ["test/loss", "seconds"])
    assert [row.values for row in results.rows] == [(1,), (0,)]


def test_runs_that_say_no_metric_are_shown_as_they_ran_with_their_first_figures(
    tmp_path: Path,
) -> None:
    for place, tempo in enumerate((120, 90)):
        (tmp_path / str(place)).mkdir()
        told = {"overrides": [f"pieces={place}"], "seconds": 1, "figures": {"tempo": tempo}}
        (tmp_path / str(place) / "run.json").write_text(json.dumps(told))
    results = tabulate(read_runs(tmp_path))
    assert (results.metric, results.figures) == (None, ["tempo"])
    lines = as_text(results).splitlines()
    assert [line.split() for line in lines] == [
        ["pieces", "runs", "tempo"], ["0", "1", "120"], ["1", "1", "90"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": ["lrr"]}, r"^by=lrr: no run has it, did you mean lr"),
        ({"figures": ["val/los"]}, r"^figures=val/los: no run has it, did you mean val/loss"),
    ],
)
def test_a_name_that_no_run_has_is_refused(
    tmp_path: Path, asked: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        tabulate(read_runs(write_sweep(tmp_path)), **asked)
