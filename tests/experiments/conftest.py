"""Trainings that an experiment starts, without their imports."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest

from experiments import training_runs
from tests.warm import Warm


@pytest.fixture
def quick_trainings(warm: Warm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let training_runs start its commands in the process that has made the imports."""

    def run(
        command: list[str], stdout: IO[str], stderr: int, check: bool, env: dict[str, str]
    ) -> None:
        assert command[:2] == [sys.executable, "-m"]
        assert (stderr, check) == (subprocess.STDOUT, True)
        out, err = tmp_path / "training.out", tmp_path / "training.err"
        code = warm.start(command[2], command[3:], Path.cwd(), env, out, err).wait(600)
        stdout.write(out.read_text() + err.read_text())
        if code:
            raise subprocess.CalledProcessError(code, command)

    starting = SimpleNamespace(run=run, STDOUT=subprocess.STDOUT)
    monkeypatch.setattr(training_runs, "subprocess", starting)
