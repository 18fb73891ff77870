"""Gives each process of a parallel sweep one GPU of the machine: a device a job.

joblib's and submitit's launchers start processes that all see every GPU, and each would take the
first. A process takes the one that fewest others have, before torch looks, and keeps it for all its
jobs; the one of a process that has ended is free again.
"""

import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

VISIBLE = "CUDA_VISIBLE_DEVICES"


def devices(root: Path = Path("/dev")) -> list[str]:
    """Name the GPUs that this process sees, as CUDA_VISIBLE_DEVICES does.

    root: where the system lists them, nvidia0 and so on. torch is not asked: it takes seconds to
    import, and what it has looked at once stays.
    """
    given = os.environ.get(VISIBLE)
    if given is not None:
        return [name.strip() for name in given.split(",") if name.strip()]
    found = [path for path in root.glob("nvidia*") if re.fullmatch(r"nvidia\d+", path.name)]
    return [str(number) for number in range(len(found))]


def take(folder: Path, known: Sequence[str] | None = None) -> str | None:
    """Take a GPU for this process, and give its name; None where there are not several.

    folder: that all processes of the sweep share, a file a place; known: the GPUs, those of this
    machine where None. From then on this process sees no other. More processes than GPUs share
    them evenly.
    """
    known = devices() if known is None else known
    if len(known) < 2:
        return None
    for turn in count():
        for number, name in enumerate(known):
            if _claimed(folder / f"device_{turn}_{number}"):
                os.environ[VISIBLE] = name
                return name
    raise AssertionError  # pragma: no cover  # `count` has no end


def _claimed(place: Path) -> bool:
    """Whether the place was free, or its process has ended, and is this one's now."""
    with suppress(FileNotFoundError, ValueError):  # made a moment ago, or taken over by another
        if not _runs(int(place.read_text(encoding="ascii"))):
            place.rename(place.with_name(f"{place.name}_ended_{os.getpid()}"))
    try:
        with place.open("x", encoding="ascii") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        return False
    return True


def _runs(pid: int) -> bool:
    """Whether a process of this machine is still there."""
    if sys.platform == "win32":  # there, signal 0 is Ctrl-C
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
