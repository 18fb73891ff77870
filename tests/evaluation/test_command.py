import csv
import json
from pathlib import Path

from tests.conftest import Run
from tests.evaluation.conftest import write_labels
from tests.wandb_files import read_runs


def test_what_pieces_measure_beside_real_ones_is_in_the_report(
    run: Run, pieces: Path, tmp_path: Path
) -> None:
    done = run("evaluate", f"pieces={pieces}", f"beside={pieces}", "passage=4", "hydra.run.dir=out")
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    rows = {row["measure"]: row for row in report["beside"]}
    assert rows["one_voice"]["pieces"] == rows["one_voice"]["real_pieces"] == 2
    assert rows["one_voice"]["mean"] == rows["one_voice"]["real_mean"] == 1
    assert rows["bar_likeness"]["mean"] is None
    assert [row["path"] for row in report["beside_unread"]] == ["empty.mid", "beside: empty.mid"]


def test_beside_needs_pieces_and_a_folder(run: Run, pieces: Path) -> None:
    done = run("evaluate", f"beside={pieces}", "network=lstm")
    assert done.returncode == 1
    assert "without pieces: pass pieces=folder too" in done.stderr
    done = run("evaluate", f"pieces={pieces}", f"beside={pieces / 'arpeggio.mid'}")
    assert done.returncode == 1
    assert "beside=" in done.stderr
    assert "expected a folder of music, not a file" in done.stderr


def test_several_measures_go_into_one_report(
    run: Run, tmp_path: Path, photos: Path, pieces: Path, face_weights: Path
) -> None:
    write_labels(photos)
    done = run(
        "evaluate",
        "photos=photos",
        "pieces=pieces",
        "face.detector=none",
        f"face.weights={face_weights}",
        "hydra.run.dir=out",
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["settings"]["photos"] == "photos"
    assert len(report["photos"]) == 4
    assert len(report["pieces"]) == 2
    with (tmp_path / "out" / "report.csv").open(newline="") as file:
        counts = [row["table"] for row in csv.DictReader(file)]
    assert counts.count("photos") == 4
    assert counts.count("photos_measured") == 4
    assert "longest_repeat" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("report.json")


def test_asking_for_nothing_names_the_four(run: Run) -> None:
    done = run("evaluate")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert all(word in line for word in ("photos=", "pieces=", "network=", "benchmark="))


def test_a_failed_measure_leaves_no_report(run: Run, tmp_path: Path) -> None:
    done = run("evaluate", "pieces=nowhere", "hydra.run.dir=out")
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    assert not list((tmp_path / "out").glob("report*"))


def test_a_sweep_ends_in_one_table_of_its_figures(run: Run, pieces: Path, tmp_path: Path) -> None:
    done = run("evaluate", "-m", f"pieces={pieces},{pieces / 'deep'}", "hydra.sweep.dir=sweep")
    assert done.returncode == 0, done.stderr
    head, *rows = done.stdout.splitlines()[-4:-1]
    assert head.split()[:4] == ["pieces", "runs", "pieces_mean/pieces", "pieces_mean/notes"]
    assert [row.split()[1:4] for row in rows] == [["1", "2", "4"], ["1", "1", "4"]]
    table = (tmp_path / "sweep" / "table.csv").read_text().splitlines()
    assert len(table) == 3
    record = json.loads((tmp_path / "sweep" / "0" / "run.json").read_text())
    assert (record["status"], record["figures"]["pieces_mean/tempo"]) == ("finished", 90)


def test_the_tables_are_logged(run: Run, pieces: Path, tmp_path: Path) -> None:
    done = run(
        "evaluate", f"pieces={pieces}", "logger=wandb", "logger.mode=offline", "hydra.run.dir=out"
    )
    assert done.returncode == 0, done.stderr
    (logged,) = read_runs(tmp_path)
    assert (logged.exit_code, logged.job_type) == (0, "evaluate")
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    (mean,) = report["pieces_mean"]
    assert logged.summary["pieces_mean/notes"] == mean["notes"] == 4
    shown = {Path(name).name.rpartition("_")[0].rpartition("_")[0] for name in logged.media}
    assert shown == {"pieces", "pieces_mean", "pieces_unread"}
