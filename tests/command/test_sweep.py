import json
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hydra.core.utils import JobReturn, JobStatus

from mood2music.command.sweep import (
    VARIABLE,
    Job,
    check_launcher,
    collected,
    goes_on,
    summary,
    tell,
)
from mood2music.errors import SettingsError


def test_jobs_of_other_processes_are_collected_by_number() -> None:
    with collected() as jobs:
        with ProcessPoolExecutor(2, get_context("spawn")) as pool:
            list(pool.map(tell, (2, 0, 1), (["a=1"], ["a=2"], ["a=3"]), ("", "broken", "")))
        assert jobs == []
    assert jobs == [Job(0, ["a=2"], "broken"), Job(1, ["a=3"], ""), Job(2, ["a=1"], "")]
    assert VARIABLE not in os.environ


def test_outside_a_sweep_nobody_listens() -> None:
    tell(0, ["a=1"], "broken")


def test_a_sweep_without_failures_has_nothing_to_say() -> None:
    assert summary([Job(0, [], ""), Job(1, [], "")]) == []


def test_every_failed_job_has_its_line() -> None:
    jobs = [Job(0, ["a=1"], "broken"), Job(1, ["a=2"], ""), Job(2, ["a=\x1b[2J3"], "missing")]
    assert summary(jobs) == ["2 of 3 jobs failed", "  0  a=1  broken", "  2  a=3  missing"]


def test_hydra_raises_what_a_job_raised_and_prints_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    failed, done = JobReturn(status=JobStatus.FAILED), JobReturn(status=JobStatus.COMPLETED)
    failed.return_value, done.return_value = ValueError("no"), 7
    with collected():
        assert done.return_value == 7
        with pytest.raises(ValueError, match="no"):
            _ = failed.return_value
    assert capsys.readouterr().err == ""
    with pytest.raises(ValueError, match="no"):
        _ = failed.return_value
    assert "Error executing" in capsys.readouterr().err


def test_resume_auto_goes_on_with_the_newest_sweep_of_the_same_words(tmp_path: Path) -> None:
    def made(day: str, name: str, task: list[str]) -> None:
        (tmp_path / day / name).mkdir(parents=True)
        told = {"hydra": {"job": {"name": "train"}, "overrides": {"task": task}}}
        (tmp_path / day / name / "multirun.yaml").write_text(json.dumps(told))

    words = ["-m", "seed=0,1", "resume=auto"]
    assert goes_on(words, "train", tmp_path) == words
    made("2026-11-26", "10", ["resume=auto", "seed=0,1"])
    made("2026-11-27", "09", ["seed=0,1", "resume=auto"])
    made("2026-11-27", "10", ["seed=0,1,2", "resume=auto"])
    found = f"hydra.sweep.dir={(tmp_path / '2026-11-27' / '09').as_posix()}"
    assert goes_on(words, "train", tmp_path) == [*words, found]
    assert goes_on(words, "generate", tmp_path) == words
    for other in (["-m", "seed=0,1"], ["resume=auto"], [*words, "hydra.sweep.dir=mine"]):
        assert goes_on(other, "train", tmp_path) == other


@pytest.mark.parametrize(
    "words",
    [
        ["hydra/launcher=joblib", "hydra.launcher.n_jobs=2", "resume=auto"],
        ["+hydra.launcher.ray.init.num_cpus=2", "resume=auto"],
        ["resume=auto"],
    ],
)
@pytest.mark.parametrize("before", [["seed=0,1"], ["resume=auto", "seed=0,1"]])
def test_a_sweep_is_the_same_whatever_runs_its_jobs_and_whether_it_went_on(
    words: list[str], before: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "2026-11-27" / "10"
    folder.mkdir(parents=True)
    told = {"hydra": {"job": {"name": "train"}, "overrides": {"task": before}}}
    (folder / "multirun.yaml").write_text(json.dumps(told))
    words = ["-m", "seed=0,1", *words]
    assert goes_on(words, "train", tmp_path) == [*words, f"hydra.sweep.dir={folder.as_posix()}"]


def test_jobs_go_to_slurm_from_its_own_machines_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    check_launcher(["-m", "hydra/launcher=submitit_local"])
    with pytest.raises(SettingsError, match="submitit_slurm: there is no srun here"):
        check_launcher(["-m", "hydra/launcher=submitit_slurm"])
    (tmp_path / "srun").touch(mode=0o755)
    check_launcher(["-m", "hydra/launcher=submitit_slurm"])
