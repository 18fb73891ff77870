"""Optuna's trials are jobs of a sweep: its study outlives failures and the sweep itself."""

import sys
from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.utils import JobReturn, JobStatus

from mood2music.command.entrypoint import entrypoint
from mood2music.command.optuna_sweeper import consecutive, distribution, figure_of
from tests.conftest import Run

optuna = pytest.importorskip("optuna", reason='pip install "mood2music[sweep]"')
from optuna.distributions import (  # noqa: E402
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import TrialState  # noqa: E402


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("interval(1,5)", FloatDistribution(1, 5)),
        ("tag(log,interval(0.001,1))", FloatDistribution(0.001, 1, log=True)),
        ("int(interval(1,5))", IntDistribution(1, 5)),
        ("int(tag(log,interval(1,64)))", IntDistribution(1, 64, log=True)),
        ("range(1,10,3)", IntDistribution(1, 7, step=3)),
        ("range(0,1,0.25)", FloatDistribution(0, 0.75, step=0.25)),
        ("x,y", CategoricalDistribution(["x", "y"])),
        ("choice(16,true,[1,2])", CategoricalDistribution(["16", "True", "[1,2]"])),
    ],
)
def test_words_of_hydra_are_drawn_from_as_they_say(word: str, expected: object) -> None:
    assert distribution(OverridesParser.create().parse_override(f"a={word}")) == expected


@pytest.mark.parametrize(
    ("status", "value", "figure"),
    [
        (JobStatus.COMPLETED, 2, 2.0),
        (JobStatus.COMPLETED, float("nan"), None),
        (JobStatus.COMPLETED, None, None),
        (JobStatus.FAILED, ValueError("no"), None),
    ],
)
def test_only_a_finite_number_is_a_figure(
    status: JobStatus, value: object, figure: float | None
) -> None:
    job = JobReturn(status=status, overrides=["a=1"])
    job.return_value = value
    assert figure_of(job) == figure


YAML = """
x: 0         # a number
y: 0         # another
mode: max    # the highest is best
resume: null # auto: go on
hydra:
  sweep:
    dir: all
"""


@pytest.fixture
def ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> object:
    """Sweep -(x - 2)^2, which fails where y is 1; give the exit status and the error's lines."""
    (tmp_path / "square.yaml").write_text(YAML)
    monkeypatch.chdir(tmp_path)

    def square(config) -> float:  # type: ignore[no-untyped-def]
        """Square."""
        if config.y == 1:
            raise OSError("y is 1")
        return -float((config.x - 2) ** 2)

    def call(*words: str) -> tuple[int, list[str]]:
        argv = ["square", "-m", "hydra/sweeper=optuna", "hydra/job_logging=none",
                "hydra/hydra_logging=none", *words]  # fmt: skip
        monkeypatch.setattr(sys, "argv", argv)
        try:
            entrypoint("square", tmp_path)(square)()
        except SystemExit as end:
            return int(end.code or 0), capsys.readouterr().err.splitlines()
        return 0, capsys.readouterr().err.splitlines()

    return call


def study() -> "optuna.Study":
    return optuna.load_study(study_name="sweep", storage="sqlite:///all/study.db")


def test_a_failed_trial_does_not_end_a_study_which_goes_on_where_it_stopped(ask) -> None:  # type: ignore[no-untyped-def]
    words = "x=interval(-5,5)", "y=choice(0,1)"
    code, error = ask(*words, "hydra.sweeper.n_trials=6", "hydra.sweeper.n_jobs=4")
    trials = study().trials
    failed = [t.number for t in trials if t.state == TrialState.FAIL]
    assert [t.number for t in trials] == list(range(6))
    assert failed == [t.number for t in trials if t.params["y"] == "1"]
    assert 0 < len(failed) < 6
    assert code == 1
    assert error[0] == f"error: {len(failed)} of 6 jobs failed"
    assert all(
        t.value == pytest.approx(-((t.params["x"] - 2) ** 2))
        for t in trials
        if t.number not in failed
    )
    assert study().direction.name == "MAXIMIZE"

    ask(*words, "hydra.sweeper.n_trials=7")
    assert [t.params for t in study().trials[:6]] == [t.params for t in trials]
    assert study().trials[6].params["x"] not in [t.params["x"] for t in trials]
    assert sorted(p.name for p in Path("all").iterdir() if p.is_dir()) == list("0123456")

    code, (line,) = ask("x=interval(-5,6)", "y=0,1")
    assert code == 1
    assert "holds a study of other values" in line


def test_a_trial_that_was_cut_off_is_not_waited_for(ask) -> None:  # type: ignore[no-untyped-def]
    assert ask("x=interval(-5,5)", "hydra.sweeper.n_trials=1")[0] == 0
    study().ask({"x": FloatDistribution(-5, 5)})
    assert ask("x=interval(-5,5)", "hydra.sweeper.n_trials=3")[0] == 0
    assert [t.state.name for t in study().trials] == ["COMPLETE", "FAIL", "COMPLETE"]


def test_with_resume_a_trial_that_was_cut_off_is_run_again_as_the_job_that_it_was(ask) -> None:  # type: ignore[no-untyped-def]
    words = "x=interval(-5,5)", "resume=auto"
    assert ask(*words, "hydra.sweeper.n_trials=1")[0] == 0
    cut_off = study().ask({"x": FloatDistribution(-5, 5)})
    assert ask(*words, "hydra.sweeper.n_trials=3")[0] == 0
    assert [t.state.name for t in study().trials] == ["COMPLETE"] * 3
    again = study().trials[cut_off.number]
    assert again.params == cut_off.params
    assert again.value == pytest.approx(-((cut_off.params["x"] - 2) ** 2))
    told = Path("all", str(cut_off.number), ".hydra", "overrides.yaml").read_text()
    assert f"x={cut_off.params['x']}" in told


def test_batches_are_of_jobs_whose_numbers_follow_one_another() -> None:
    trials = [optuna.trial.create_trial(value=0.0) for _ in range(5)]
    for trial, number in zip(trials, (2, 3, 4, 6, 7), strict=True):
        trial.number = number
    batches = consecutive(trials, 2)
    assert [[trial.number for trial in batch] for batch in batches] == [[2, 3], [4], [6, 7]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x=1,2", "mode=best"], "name hydra.sweeper.direction=minimize or maximize"),
        (["x=1"], "nothing to choose from"),
        (["x=1,2", "hydra.sweeper.n_trials=0"], "hydra.sweeper.n_trials=0: expected 1 or more"),
        (["x=1,2", "hydra.sweeper.direction=up"], "hydra.sweeper.direction=up"),
        (["x=1,2", "hydra.sweeper.sampler=tpee"], "did you mean tpe?"),
    ],
)
def test_what_cannot_be_swept_is_refused_in_one_line(ask, words: list[str], said: str) -> None:  # type: ignore[no-untyped-def]
    code, (line,) = ask(*words)
    assert (code, said in line) == (1, True), line


@pytest.mark.slow
def test_generate_is_optimised(run: Run, tmp_path: Path) -> None:
    done = run(
        "generate", "-m", "sweep=optuna", "mood=[0.5,0.2]", "style=jazz", "length=8",
        "metric=novelty", "hydra.sweeper.direction=maximize", "hydra.sweeper.n_trials=2",
        "hydra.sweep.dir=all",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = optuna.load_study(study_name="sweep", storage=f"sqlite:///{tmp_path}/all/study.db")
    assert set(found.best_params) == {"style.strength", "sampler.temperature"}
    assert len(found.trials) == 2
