"""A run's run.json says what was asked, where it ran and how it ended, from its first moment on."""

import json
import os
import platform
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from mood2music.command.failures import reason
from mood2music.command.running import Running
from mood2music.files import PACKAGE, atomically
from mood2music.version import __version__

RECORD = "run.json"
# How a run stands: its status in run.json. "running" stays where a run was killed.
RUNNING, FINISHED, FAILED, STOPPED = "running", "finished", "failed", "stopped"
# Of what a training's figures depend on.
PACKAGES = ("torch", "lightning", "numpy", "timm", "hydra-core", "wandb")


@dataclass
class Record:
    """What run.json holds; `told` is written at once, so that a run that is killed has it too."""

    folder: Path
    facts: dict[str, Any] = field(default_factory=dict)

    def tell(self, **facts: Any) -> None:
        """Add facts and write the file, whole or not at all."""
        self.facts.update(facts)
        # Of the processes of one distributed training the first alone writes.
        if os.environ.get("LOCAL_RANK", "0") != "0":
            return
        text = json.dumps(self.facts, indent=2, ensure_ascii=False, default=str) + "\n"
        with atomically(self.folder / RECORD) as unfinished:
            unfinished.write_text(text, encoding="utf-8", errors="backslashreplace")


@contextmanager
def recorded(job: Running, settings: Mapping[str, Any]) -> Iterator[Record]:
    """Write run.json when the block begins and when it ends, however it ends.

    settings: the resolved config. A failure's reason is the line that the user reads.
    """
    begun, used = time.monotonic(), time.process_time()
    record = Record(job.folder)
    record.tell(
        mood2music=__version__,
        command=job.line,
        overrides=job.overrides,
        choices=dict(job.choices),
        sweep=None if job.sweep is None else job.sweep.name,
        number=job.number,
        code=code(),
        versions=versions(),
        host=host(),
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        settings=settings,
        status=RUNNING,
    )

    def ended(status: str, why: str | None = None) -> None:
        record.tell(
            status=status,
            reason=why,
            seconds=round(time.monotonic() - begun, 3),
            processor_seconds=round(time.process_time() - used, 3),
            ended=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    try:
        yield record
    except BaseException as error:
        with suppress(OSError):  # of a full disk: it is the error already
            stopped = isinstance(error, KeyboardInterrupt)
            ended(STOPPED if stopped else FAILED, reason(error, job.folder))
        raise
    ended(FINISHED)


def read_record(folder: Path) -> dict[str, Any] | None:
    """What a run.json says; None where there is none, or it is none."""
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def wandb_id(folder: Path) -> str | None:
    """By which a run that goes on with the one in `folder` goes on at wandb too."""
    found = (read_record(folder) or {}).get("wandb")
    return found if isinstance(found, str) else None


@cache
def code(root: Path = PACKAGE.parent) -> dict[str, Any] | None:
    """The commit of the checkout that this program runs from, and whether files of it are changed.

    None where it runs from no checkout, or git is not there.
    """
    if not (root / ".git").exists():
        return None
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit, "dirty": bool(changed)}


def _git(root: Path, *words: str) -> str:
    asked = ["git", "--no-optional-locks", "-C", str(root), *words]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.strip()


@cache
def versions() -> dict[str, str]:
    """Of Python and of the packages that figures depend on; nothing is imported for it."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def host() -> dict[str, Any]:
    """The machine: its name, system and processors, and which GPUs are seen where that is said."""
    seen = os.environ.get("CUDA_VISIBLE_DEVICES")
    return {
        "name": socket.gethostname(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        **({} if seen is None else {"cuda_visible_devices": seen}),
    }


def device(accelerator: str) -> str:
    """What a training of this `trainer.accelerator` runs on: a GPU's name, mps or cpu."""
    import torch

    if accelerator in ("auto", "gpu", "cuda") and torch.cuda.is_available():
        return torch.cuda.get_device_name()
    if accelerator in ("auto", "gpu", "mps") and torch.backends.mps.is_available():
        return "mps"
    return "cpu" if accelerator == "auto" else accelerator
