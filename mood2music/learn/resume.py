"""A run that goes on takes up what an earlier one left, or says why it cannot."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mood2music.command.running import Running
from mood2music.command.settings import shown
from mood2music.errors import CheckpointError, SettingsError
from mood2music.files import atomically
from mood2music.learn.record import FINISHED, RECORD, read_record

if TYPE_CHECKING:
    import lightning as L

LAST = "last.ckpt"
AUTO = "auto"
# Settings that change nothing of what a run learns.
ASIDE = re.compile(
    r"(resume|test|logger|plugins|report|"
    r"trainer\.(progress|threads|keep_last|accelerator|profiler))\b"
)
# Of these more can be asked of a run that has ended.
MORE = ("trainer.epochs", "callbacks.early_stopping.patience")
# Of these last.ckpt has its own, whatever is asked: by the metric it has chosen a best epoch.
ITS_OWN = ("optimizer.", "model.", "seed", "metric", "mode")


def take_over(earlier: Path, path: Path) -> None:
    """Begin with the best network of the run that is resumed, which may stay the best."""
    if earlier.is_file() and earlier.resolve() != path.resolve():
        with atomically(path) as unfinished:
            shutil.copyfile(earlier, unfinished)


def check_resume(path: Path, task: "L.LightningModule") -> None:
    """Raise CheckpointError unless `path` is a last.ckpt of a run of the same network."""
    if not path.is_file():
        raise CheckpointError(f"resume={path}: no such file, expected a run's last.ckpt")
    import torch

    try:
        state = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
        shapes = {name: tuple(tensor.shape) for name, tensor in state.items()}
    except Exception as error:  # torch, zipfile and pickle each raise their own
        raise CheckpointError(f"resume={path}: not a run's last.ckpt") from error
    if shapes != {name: tuple(tensor.shape) for name, tensor in task.state_dict().items()}:
        raise CheckpointError(
            f"resume={path} is a run of another network: repeat that run's options"
        )


def check_same(path: Path, settings: Mapping[str, Any]) -> None:
    """Raise SettingsError where a run goes on from `path` with what that would take no notice of.

    What its run was asked is in the record beside it; without one nothing is known.
    """
    found = read_record(path.parent)
    if found is None or not found.get("settings"):
        return
    own, had = identity(settings), identity(found["settings"])
    for name in _different(own, had):
        if name.startswith(ITS_OWN):
            raise SettingsError(
                f"resume={path} is of {_told(name, own, had)}: repeat that run's options, or begin "
                "anew without resume"
            )


def check_data(path: Path, had: Mapping[str, Any] | None, own: Mapping[str, Any]) -> None:
    """Raise SettingsError where a run goes on from `path` with other music or faces.

    Its best epoch was best on other held-out ones, and may have learnt these. had: what that run's
    record tells of its data, None where it tells nothing; own: the same of this run's.
    """
    for name in _different(own, had or own):
        raise SettingsError(
            f"resume={path} is of a run on other data, {name}={shown((had or {}).get(name))}, "
            f"found {shown(own.get(name))}: give it the same files, or begin anew without resume"
        )


@dataclass(frozen=True)
class Earlier:
    """What resume=auto found. job: with the folder to work in; last: a last.ckpt to go on from.

    value: of the metric, where the run has ended already and nothing is left to do.
    """

    job: Running
    last: Path | None = None
    value: float | None = None


def find_earlier(job: Running, settings: Mapping[str, Any]) -> Earlier:
    """Look for the same run in the job's folder, and in a sweep in those of its other jobs.

    The same is a run of the same settings, but for how it is watched. A run by itself may be asked
    for more epochs or patience than it had. In a sweep a folder that another run took is left to
    it, and the job takes a free one. Raises SettingsError where the folder of a run by itself holds
    another.
    """
    own = identity(settings)
    folders = [job.folder]
    if job.sweep is not None and job.sweep.is_dir():
        folders += [path.parent for path in sorted(job.sweep.glob(f"*/{RECORD}"))]
    for folder in dict.fromkeys(folders):
        found = read_record(folder)
        if found is None or identity(found.get("settings") or {}) != own:
            continue
        if found.get("status") == FINISHED:
            return Earlier(replace(job, folder=folder), value=float(found["metric"]["value"]))
        return _from(replace(job, folder=folder))
    if job.sweep is not None:
        return Earlier(replace(job, folder=_free(job.folder, job.sweep)))
    taken = read_record(job.folder)
    if taken is None:
        return Earlier(job)
    had = identity(taken.get("settings") or {})
    names = _different(own, had)
    other = [n for n in names if n not in MORE or not _more(own.get(n), had.get(n))]
    if not other:
        return _from(job)
    raise SettingsError(
        f"resume=auto: {job.folder} holds {_told(other[0], own, had)}: name another folder with "
        "out="
    )


def identity(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """By dotted name, the settings that make a run what it is.

    >>> identity({"seed": 1, "resume": "auto", "trainer": {"epochs": 4, "progress": True}})
    {'seed': 1, 'trainer.epochs': 4}
    """
    found: dict[str, Any] = {}
    for key, value in settings.items():
        name = f"{prefix}{key}"
        if ASIDE.match(name):
            continue
        if isinstance(value, Mapping):
            found |= identity(value, f"{name}.")
        else:
            # A value that is no number is unlike itself: as text it is the same in every call.
            found[name] = value if value == value else str(value)
    return found


def _different(own: Mapping[str, Any], had: Mapping[str, Any]) -> list[str]:
    """Names of what is asked of two runs otherwise."""
    return [name for name in {**own, **had} if own.get(name) != had.get(name)]


def _told(name: str, own: Mapping[str, Any], had: Mapping[str, Any]) -> str:
    return f"a run of {name}={shown(had.get(name))}, asked for {shown(own.get(name))}"


def _from(job: Running) -> Earlier:
    """Go on with what the job's folder holds, from the start where it kept no last.ckpt."""
    last = job.folder / LAST
    return Earlier(job, last if last.is_file() else None)


def _more(asked: Any, had: Any) -> bool:
    """Whether more epochs or patience are asked for than a run had."""
    return asked is not None and had is not None and float(asked) > float(had)


def _free(own: Path, sweep: Path) -> Path:
    """Take the job's own folder, where another job has it that of the next number without a run."""
    numbered = (sweep / str(number) for number in count())
    return next(folder for folder in chain([own], numbered) if _take(folder))


def _take(folder: Path) -> bool:
    """Take a folder by making its record; jobs run side by side, and one alone can make it."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        (folder / RECORD).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
