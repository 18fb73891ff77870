import json
from pathlib import Path

import pytest

from mood2music.errors import DataError
from mood2music.study.runs import differing, read_runs
from tests.study.runs import write_run, write_sweep


def test_runs_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    runs = read_runs(write_sweep(tmp_path))
    assert [run.folder.name for run in runs] == ["0", "1", "2", "3", "10"]
    assert [run.finished for run in runs] == [True] * 4 + [False]
    assert runs[0].figures == {"seconds": 2.5, "val/loss": 5.0, "epoch": 3.0, "test/loss": 6.0}
    assert runs[4].reason == "lr=0: expected above 0"


def test_what_differs_is_neither_a_seed_nor_what_follows_from_a_choice(tmp_path: Path) -> None:
    for number, model in enumerate(("lstm", "lstm_tiny")):
        write_run(tmp_path / str(number), 1.0, model=model, seed=number)
    assert differing(read_runs(tmp_path)) == ["model"]
    assert differing(read_runs(tmp_path), seeds=()) == ["model", "seed"]


def test_words_that_differ_are_all_shown_also_where_one_tells_the_runs_apart(
    tmp_path: Path,
) -> None:
    for number, (lr, dropout) in enumerate([(0.1, 0.5), (0.2, 0.25)]):
        write_run(tmp_path / str(number), 1.0, **{"optimizer.lr": lr, "dropout": dropout, "x": 1})
    assert differing(read_runs(tmp_path)) == ["optimizer.lr", "dropout"]


def test_a_generated_pieces_measures_are_figures_the_mean_over_its_variants(tmp_path: Path) -> None:
    for strength in (0, 1):
        (tmp_path / str(strength)).mkdir()
        pieces = [{"key": "C", "statistics": {"notes": 100 * strength + n}} for n in (1, 3)]
        told = {"settings": {"style": {"strength": strength}}, "pieces": pieces}
        (tmp_path / str(strength) / "run.json").write_text(json.dumps(told))
    runs = read_runs(tmp_path)
    assert differing(runs) == ["style.strength"]
    assert [run.figures for run in runs] == [{"statistics.notes": 2}, {"statistics.notes": 102}]
    assert all(run.finished for run in runs)


def test_a_folder_without_runs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("no json")
    with pytest.raises(DataError, match="no run in"):
        read_runs(tmp_path)
