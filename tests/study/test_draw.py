from pathlib import Path

from PIL import Image

from mood2music.study.draw import curve, draw
from mood2music.study.runs import read_runs
from mood2music.study.table import tabulate
from tests.study.runs import write_run, write_sweep


def test_a_sweep_of_numbers_is_drawn_by_epoch_and_by_setting(tmp_path: Path) -> None:
    results = tabulate(read_runs(write_sweep(tmp_path / "runs")))
    written = draw(results, tmp_path)
    assert [path.name for path in written] == ["curves.png", "by_lr.png"]
    for path in written:
        with Image.open(path) as picture:
            assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 20  # lines in colours


def test_two_settings_have_parallel_coordinates(tmp_path: Path) -> None:
    for number, (model, lr) in enumerate((("a", 0.1), ("a", 0.2), ("b", 0.1), ("b", 0.2))):
        write_run(tmp_path / str(number), 1.0 + number, model=model, lr=lr)
    written = draw(tabulate(read_runs(tmp_path)), tmp_path)
    assert [path.name for path in written] == ["parallel.png", "by_lr.png"]


def test_a_curve_is_read_from_the_csv_log(tmp_path: Path) -> None:
    write_run(tmp_path / "0", 4.0, (5.0, 4.0))
    assert curve(tmp_path / "0", "val/loss") == [(0, 5.0), (1, 4.0)]
    assert curve(tmp_path / "0", "val/ccc") == []
    assert curve(tmp_path, "val/loss") == []


def test_the_curve_of_a_run_that_went_on_has_the_epochs_before(tmp_path: Path) -> None:
    def log(name: str, *lines: str) -> None:
        (tmp_path / name).mkdir(exist_ok=True)
        text = "\n".join(["epoch,val/loss", *lines]) + "\n"
        (tmp_path / name / "metrics.csv").write_text(text)

    log("log_1", "0,9.5", "1,9")  # another run's
    log("log_2", "0,6", "1,5", "2,4.5")
    log("log_10", "2,4")
    log("log", "3,3", "4,2")
    assert curve(tmp_path, "val/loss") == [(0, 6.0), (1, 5.0), (2, 4.0), (3, 3.0), (4, 2.0)]
    log("log", "0,8", "1,7")  # begun anew
    assert curve(tmp_path, "val/loss") == [(0, 8.0), (1, 7.0)]
