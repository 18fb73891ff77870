"""`python -m mood2music.results FOLDER`: one table of the runs below it."""

from pathlib import Path

from tests.conftest import Run
from tests.study.runs import write_sweep


def test_a_folder_of_runs_becomes_a_table_and_pictures(run: Run, tmp_path: Path) -> None:
    write_sweep(tmp_path / "runs")
    done = run("results", "runs", "figures=[seconds]", "out=made")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["lr", "runs", "val/loss", "sd", "95", "%", "behind", "seconds"]
    assert lines[4:6] == ["1 of 5 did not finish", "  10  failed: lr=0: expected above 0"]
    assert lines[6:] == [
        f"made/{name}" for name in ("table.csv", "table.tex", "curves.png", "by_lr.png")
    ]
    assert all((tmp_path / name).is_file() for name in lines[6:])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "runs"]


def test_what_is_no_folder_of_runs_is_refused_in_one_line(run: Run) -> None:
    for words, said in (
        ((), "error: no folder of runs: python -m mood2music.results outputs/sweeps/"),
        (("nowhere",), "error: folder=nowhere: no such folder"),
    ):
        done = run("results", *words)
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert line.startswith(said)
