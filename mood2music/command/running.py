"""Tells of the job that Hydra runs: what was asked, its folder, and what it is one of."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# The longest name that Weights & Biases takes.
LONGEST_NAME = 128


@dataclass(frozen=True)
class Running:
    """A job as it was asked for.

    command: "train"; folder: what it writes into; overrides: the words of its command line;
    choices: by group, the choice that is taken; sweep: the folder of the sweep that it is a job of,
    None for a run by itself; number: its number there.
    """

    command: str
    folder: Path
    overrides: list[str] = field(default_factory=list)
    choices: Mapping[str, str | None] = field(default_factory=dict)
    sweep: Path | None = None
    number: int = 0

    @property
    def name(self) -> str:
        """Its overrides, of paths the last part, cut to what a list of runs can show.

        >>> Running("train", Path("0"), ["optimizer.lr=0.01", "data.root=my/midi"]).name
        'optimizer.lr=0.01 data.root=midi'
        """
        words = []
        for word in self.overrides:
            key, mark, value = word.partition("=")
            words.append(f"{key}{mark}{Path(value).name}" if "/" in value else word)
        return " ".join(words)[:LONGEST_NAME] or self.folder.name

    @property
    def group(self) -> str | None:
        """What it is one of: the experiment, else the sweep; None for neither."""
        experiment = self.choices.get("experiment")
        if experiment not in (None, "null"):
            return str(experiment)
        if self.sweep is None:
            return None
        # outputs/sweeps/2026-11-27/09-10-01: the day belongs to the name.
        dated = self.sweep.parent.name.count("-") == 2
        return "/".join(self.sweep.parts[-2:] if dated else self.sweep.parts[-1:])

    @property
    def line(self) -> str:
        """What runs this job alone, as it is typed into a shell.

        >>> Running("train", Path("0"), ["model.memory=[same]"]).line
        "python -m mood2music.train 'model.memory=[same]'"
        """
        return shlex.join(["python", "-m", f"mood2music.{self.command}", *self.overrides])


def running() -> Running:
    """Read it off Hydra; raises ValueError outside of a job."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    hydra = HydraConfig.get()
    sweep = hydra.mode == RunMode.MULTIRUN
    return Running(
        str(hydra.job.config_name),
        Path(hydra.runtime.output_dir),
        [str(word) for word in hydra.overrides.task],
        {
            str(group): None if choice is None else str(choice)
            for group, choice in hydra.runtime.choices.items()
            if not str(group).startswith("hydra/")
        },
        Path(hydra.sweep.dir) if sweep else None,
        int(hydra.job.num) if sweep else 0,
    )


def first_process() -> bool:
    """Whether this process trains alone, or is the first of several: it alone writes and tells.

    The others are started by Lightning, or by a cluster, which number them in the environment.
    """
    numbers = ("RANK", "LOCAL_RANK", "NODE_RANK", "SLURM_PROCID")
    return all(os.environ.get(name, "0") == "0" for name in numbers)
