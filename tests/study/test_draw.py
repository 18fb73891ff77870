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
