"""A named call of mood2music.train comes in; its folder, trained to the end once, goes out."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from mood2music.errors import SettingsError

BEST = "best.safetensors"


@dataclass(frozen=True)
class Run:
    """A call of mood2music.train: where its folder goes, below the runs, and its overrides."""

    folder: str
    overrides: tuple[str, ...]


def is_done(run: Run, runs: Path) -> bool:
    """Whether a run was trained to its end."""
    return (runs / run.folder / "done").exists()


def train(run: Run, runs: Path) -> Path:
    """Train one network into its folder below `runs`, its output into train.txt there; gives it.

    A run that is done is left alone, one that was broken off goes on from its last epoch. One
    core. Raises SettingsError when the folder holds a run of other overrides.
    """
    folder = runs / run.folder
    told = folder / "overrides.json"
    if told.is_file() and json.loads(told.read_text()) != list(run.overrides):
        raise SettingsError(f"{folder} holds a run of other settings: give another folder for runs")
    if is_done(run, runs):
        return folder
    print(run.folder, flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    told.write_text(json.dumps(run.overrides))
    overrides = [*run.overrides, f"hydra.run.dir={folder}"]
    if (folder / "last.ckpt").is_file():
        overrides.append(f"resume={folder / 'last.ckpt'}")
    with (folder / "train.txt").open("a") as output:
        subprocess.run(
            [sys.executable, "-m", "mood2music.train", *overrides],
            stdout=output, stderr=subprocess.STDOUT, check=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
    (folder / "done").touch()
    return folder
