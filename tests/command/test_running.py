from pathlib import Path

import pytest

from mood2music.command.running import Running


@pytest.mark.parametrize(
    ("overrides", "name"),
    [
        (["optimizer.lr=0.01", "seed=2"], "optimizer.lr=0.01 seed=2"),
        (["data.root=/home/ada/midi"], "data.root=midi"),
        ([], "12-00-00"),
        (["notes=" + "x" * 200], "notes=" + "x" * 122),
    ],
)
def test_a_job_is_named_by_its_overrides_without_folders(overrides: list[str], name: str) -> None:
    assert Running("train", Path("outputs/train/2026-11-27/12-00-00"), overrides).name == name


@pytest.mark.parametrize(
    ("choices", "sweep", "group"),
    [
        ({"model": "lstm"}, None, None),
        ({"experiment": "paper/lstm"}, Path("sweep"), "paper/lstm"),
        ({"experiment": None}, Path("rates"), "rates"),
        ({"experiment": "null"}, Path("outputs/sweeps/2026-11-27/12-00"), "2026-11-27/12-00"),
    ],
)
def test_a_job_belongs_to_its_experiment_or_else_to_its_sweep(
    choices: dict[str, str | None], sweep: Path | None, group: str | None
) -> None:
    assert Running("train", Path("0"), choices=choices, sweep=sweep).group == group


def test_the_line_runs_it_again() -> None:
    job = Running("train", Path("0"), ["model=lstm", "seed=1"])
    assert job.line == "python -m mood2music.train model=lstm seed=1"
    # A shell would read two words, and with braces and a comma two again.
    words = ["data.root=my midi", "style.mix={jazz:0.5,pop:0.2}"]
    line = Running("train", Path("0"), words).line
    assert line.endswith("'data.root=my midi' 'style.mix={jazz:0.5,pop:0.2}'")
