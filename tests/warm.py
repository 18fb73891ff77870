"""Runs `python -m mood2music.<name>` in processes whose imports are made already.

A fresh Python needs three to six seconds to import torch, Lightning and music21. Here one process
imports them and does nothing else; each command line is run by a fork of it, with its own folder,
environment, outputs and exit code: all that a user's process has but the import. What a test says
about imports, or about two processes that hash differently, needs a fresh Python.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

# Not wandb, whose import makes a folder that the first process to end removes for all.
IMPORTED = (
    "hydra.core.plugins",
    "hydra.main",
    "mood2music.command.entrypoint",
    "mood2music.face.training.task",
    "mood2music.generator.task",
    "mood2music.flow.pipeline",
    "mood2music.learn.fit",
    "music21",
)


class Warm:
    """A process that waits for command lines; as a context manager it ends with the block."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(
        self, module: str, words: Sequence[str], cwd: Path, env: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run `python -m module words...`; `timeout` in seconds raises as subprocess.run does."""
        out, err = cwd.parent / f"{cwd.name}.stdout", cwd.parent / f"{cwd.name}.stderr"
        order = [module, list(words), str(cwd), dict(env), str(out), str(err), timeout]
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(order), file=self._process.stdin, flush=True)
        code = json.loads(self._process.stdout.readline())
        if code is None:
            raise subprocess.TimeoutExpired([module, *words], timeout, out.read_text())
        return subprocess.CompletedProcess([module, *words], code, out.read_text(), err.read_text())


def _become(cwd: str, env: Mapping[str, str], out: str, err: str) -> None:
    """Take the folder, the environment and the outputs of a command of its own."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.path[0] = cwd
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        file = os.open(path, flags)
        os.dup2(file, number)
        os.close(file)


def _code_of(child: int, timeout: float) -> int | None:
    """Wait for a child's exit code, minus the signal where one ended it, None after `timeout`."""
    last = time.monotonic() + timeout
    while time.monotonic() < last:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _command() -> tuple[str, list[str]] | None:
    """Fork for every line of stdin; a child gets its module and words, the parent None at the end.

    Returning lets the child end as any Python does, with its atexit functions.
    """
    for line in sys.stdin:
        module, words, cwd, env, out, err, timeout = json.loads(line)
        child = os.fork()
        if not child:
            _become(cwd, env, out, err)
            return module, words
        print(json.dumps(_code_of(child, timeout)), flush=True)
    return None


if __name__ == "__main__":
    for name in IMPORTED:
        importlib.import_module(name)
    # A fork that leaves these objects alone copies no memory.
    gc.freeze()
    if command := _command():
        sys.argv[1:] = command[1]
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
