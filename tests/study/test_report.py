import json
from pathlib import Path

from mood2music.learn.resume import identity
from mood2music.study.report import PaperRow, Report, read_report
from mood2music.study.runs import differing, read_runs
from tests.study.runs import write_reported, write_run


def test_a_report_is_what_all_finished_runs_were_asked_for_of_it_what_they_know(
    tmp_path: Path,
) -> None:
    write_reported(tmp_path / "0", seed=0)
    write_reported(tmp_path / "1", seed=1)
    write_run(tmp_path / "2", None, seed=2)
    lstm, bilstm = {"model.name": "lstm"}, {"model.name": "bilstm"}
    assert read_report(read_runs(tmp_path)) == Report(
        ["model.name"],
        ["last/train/loss"],
        [PaperRow(lstm, {"last/train/loss": 0.088}), PaperRow(bilstm, {"last/train/loss": 0.0516})],
    )


def test_runs_of_several_experiments_and_of_none_report_nothing(tmp_path: Path) -> None:
    write_reported(tmp_path / "0")
    write_run(tmp_path / "1", 4.0)
    assert read_report(read_runs(tmp_path)) == Report()
    assert read_report(read_runs(tmp_path / "1")) == Report()


def test_a_report_is_no_column_and_no_reason_to_run_again(tmp_path: Path) -> None:
    write_reported(tmp_path / "0", seed=0)
    write_run(tmp_path / "1", 4.0, seed=1)
    assert differing(read_runs(tmp_path)) == []
    settings = [json.loads((tmp_path / n / "run.json").read_text())["settings"] for n in "01"]
    assert identity({**settings[0], "seed": 0}) == identity({**settings[1], "seed": 0})
