"""The name of a profiler gives the one that writes its table into the run's folder."""

from pathlib import Path

from lightning.pytorch.profilers import (
    AdvancedProfiler,
    Profiler,
    PyTorchProfiler,
    SimpleProfiler,
)

FOLDER, NAME = "profile", "time"  # profile/fit-time.txt


def profiler(name: str | None, folder: Path) -> Profiler | None:
    """Make a profiler; None for none.

    simple: seconds of each of Lightning's hooks; advanced: calls of Python's functions (cProfile);
    pytorch: operators of torch.
    """
    if name is None:
        return None
    folder = folder / FOLDER
    if name == "simple":
        return SimpleProfiler(folder, NAME)
    if name == "advanced":
        return AdvancedProfiler(folder, NAME, line_count_restriction=60)
    return PyTorchProfiler(folder, NAME, export_to_chrome=False, row_limit=40)
