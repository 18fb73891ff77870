"""Collects what the jobs of a sweep came to, and tells it together at the end.

The jobs may run in other processes of this machine (hydra/launcher=joblib), hence a file that the
environment names.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from mood2music.command import devices
from mood2music.command.overrides import is_sweep
from mood2music.command.text import one_line
from mood2music.errors import SettingsError

VARIABLE = "MOOD2MUSIC_SWEEP"
# The process that a sweep was started in: what it says itself is no other process's.
LAUNCHER = "MOOD2MUSIC_SWEEP_PROCESS"
# Where the YAML files put sweeps, a folder a day and in it one a sweep.
SWEEPS = Path("outputs/sweeps")
# Words that are no part of what the jobs are: flags, what Hydra does, whether they go on.
_ASIDE = re.compile(r"-|[+~]*hydra[./]|resume=")


@dataclass(frozen=True)
class Job:
    """One job: its number, what it was asked for, and why it failed, "" when it did not.

    sweep: the folder of all.
    """

    number: int
    overrides: list[str]
    reason: str
    sweep: str = ""


@contextmanager
def collected() -> Iterator[list[Job]]:
    """Give a list that holds every job told of, by number, when the block has ended.

    Hydra's own line about the first that failed is not printed within.
    """
    jobs: list[Job] = []
    with _no_line_of_hydra(), tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "jobs"
        os.environ[VARIABLE], os.environ[LAUNCHER] = str(file), str(os.getpid())
        try:
            yield jobs
        finally:
            del os.environ[VARIABLE], os.environ[LAUNCHER]
            if file.is_file():
                lines = file.read_text(encoding="utf-8").splitlines()
                told = (Job(**json.loads(line)) for line in lines)
                jobs += sorted(told, key=lambda job: job.number)


@contextmanager
def _no_line_of_hydra() -> Iterator[None]:
    """Let Hydra raise what a job raised without printing its overrides first."""
    from hydra.core.utils import JobReturn, JobStatus

    usual: Any = vars(JobReturn)["return_value"]

    def value(job: JobReturn) -> Any:
        if job.status == JobStatus.FAILED:
            raise job._return_value
        return usual.fget(job)

    setattr(JobReturn, "return_value", property(value, usual.fset))  # noqa: B010
    try:
        yield
    finally:
        setattr(JobReturn, "return_value", usual)  # noqa: B010


def tell(number: int, overrides: Sequence[str], reason: str = "", sweep: str = "") -> None:
    """Tell what a job came to; nobody hears it outside `collected`."""
    if VARIABLE in os.environ:
        line = json.dumps(asdict(Job(number, list(overrides), reason, sweep))) + "\n"
        # One write at the file's end: the lines of several processes do not mix.
        with Path(os.environ[VARIABLE]).open("ab", buffering=0) as file:
            file.write(line.encode())


def take_device() -> None:
    """Let a process that a launcher started see one GPU of several; the sweep's own sees all."""
    file = Path(os.environ.get(VARIABLE, ""))
    if os.environ.get(LAUNCHER) != str(os.getpid()) and file.parent.is_dir() and file.name:
        devices.take(file.parent)


def check_launcher(words: Sequence[str]) -> None:
    """Raise SettingsError for jobs that go to Slurm from a machine that is not of a cluster."""
    if "hydra/launcher=submitit_slurm" in words and shutil.which("srun") is None:
        raise SettingsError(
            "hydra/launcher=submitit_slurm: there is no srun here, expected a machine of a Slurm "
            "cluster; submitit_local runs the jobs on this one"
        )


def summary(jobs: Sequence[Job]) -> list[str]:
    """Say how many jobs failed, then a line for each; nothing where none did.

    >>> summary([Job(0, ["seed=1"], ""), Job(1, ["seed=-1"], "seed=-1: expected 0 or more")])
    ['1 of 2 jobs failed', '  1  seed=-1  seed=-1: expected 0 or more']
    """
    failed = [job for job in jobs if job.reason]
    if not failed:
        return []
    lines = [f"  {job.number}  {one_line(' '.join(job.overrides))}  {job.reason}" for job in failed]
    return [f"{len(failed)} of {len(jobs)} jobs failed", *lines]


def goes_on(words: Sequence[str], command: str, root: Path = SWEEPS) -> list[str]:
    """The words with the folder of the newest sweep of the same ones, where resume=auto asks.

    Whether that sweep was asked to go on itself, and what ran its jobs, is no difference. A folder
    that is named stays; without an earlier sweep nothing is added. Hydra keeps a sweep's words in
    its multirun.yaml.
    """
    given = list(words)
    named = any(word.startswith(("hydra.sweep.dir=", "hydra.run.dir=")) for word in given)
    if not is_sweep(given) or named or "resume=auto" not in given:
        return given
    own = _asked(given)
    for path in sorted(root.glob("*/*/multirun.yaml"), reverse=True):
        try:
            found = yaml.safe_load(path.read_text(encoding="utf-8"))["hydra"]
            same = found["job"]["name"] == command and _asked(found["overrides"]["task"]) == own
        except (OSError, yaml.YAMLError, KeyError, TypeError):
            continue
        if same:
            return [*given, f"hydra.sweep.dir={path.parent.as_posix()}"]
    return given


def _asked(words: Sequence[str]) -> set[str]:
    """The words that say what the jobs of a sweep are; Hydra's own say how they are run."""
    return {word for word in words if not _ASIDE.match(word)}
