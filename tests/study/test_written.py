import csv
import io
from pathlib import Path

import pytest

from mood2music.study.runs import read_runs
from mood2music.study.table import tabulate
from mood2music.study.written import as_csv, as_latex, as_text, failures, number, write
from tests.study.runs import write_reported, write_sweep


def test_csv_and_latex_hold_the_same(tmp_path: Path) -> None:
    results = tabulate(read_runs(write_sweep(tmp_path)))
    first, *_ = csv.DictReader(io.StringIO(as_csv(results)))
    assert (first["lr"], first["val/loss"], first["finished"]) == ("0.01", "4.125", "2")
    assert float(first["val/loss_sd"]) == pytest.approx(0.1768, abs=1e-4)
    latex = as_latex(results)
    assert r"lr & val/loss & epoch & test/loss \\" in latex
    assert r"0.01 & $\mathbf{4.125 \pm 0.1768}$ & $3 \pm 0$" in latex
    assert [path.name for path in write(results, tmp_path)] == ["table.csv", "table.tex"]


def test_what_did_not_finish_is_told_with_its_reason(tmp_path: Path) -> None:
    runs = read_runs(write_sweep(tmp_path))
    assert failures(runs, tmp_path) == ["  10  failed: lr=0: expected above 0"]


def test_the_papers_figures_stand_beside_ours_and_below_where_no_run_is_of_them(
    tmp_path: Path,
) -> None:
    for seed in (0, 1):
        write_reported(tmp_path / str(seed), seed=seed)
    results = tabulate(read_runs(tmp_path))
    head, lstm, bilstm = (line.split() for line in as_text(results).splitlines())
    assert head == [
        "name", "runs", "val/loss", "sd", "95", "%", "behind", "last/train/loss", "paper"
    ]  # fmt: skip
    assert lstm == ["lstm", "2", "4", "0", "0", "0", "0.5", "0.088"]
    assert bilstm == ["bilstm", "-", "-", "-", "-", "-", "-", "0.0516"]
    first, second = csv.DictReader(io.StringIO(as_csv(results)))
    assert (first["last/train/loss"], first["last/train/loss_paper"]) == ("0.5", "0.088")
    assert (second["model.name"], second["last/train/loss_paper"]) == ("bilstm", "0.0516")
    assert r"lstm & $\mathbf{4 \pm 0}$ & $0.5 \pm 0$ & $0.088$ \\" in as_latex(results)
    assert r"bilstm & -- & -- & $0.0516$ \\" in as_latex(results)
    # What is asked for by name is shown alone.
    assert tabulate(read_runs(tmp_path), by=["seed"]).paper == []


def test_numbers_have_four_digits() -> None:
    values = (25.16274, 0.000123, 7.0, 1234567.0, float("nan"))
    assert [number(value) for value in values] == ["25.16", "0.000123", "7", "1.235e+06", "-"]
