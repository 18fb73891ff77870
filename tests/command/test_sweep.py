import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from hydra.core.utils import JobReturn, JobStatus

from mood2music.command.sweep import VARIABLE, Job, collected, summary, tell


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
