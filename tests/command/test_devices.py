"""command/devices.py: of several GPUs each process of a sweep sees one of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mood2music.command.devices import VISIBLE, devices, take

# A process of a sweep: takes a device, tells it, and stays until it is told to end.
PROCESS = """
import os, sys
from pathlib import Path
from mood2music.command.devices import take
print(take(Path(sys.argv[1])), os.environ["CUDA_VISIBLE_DEVICES"], flush=True)
sys.stdin.readline()
"""


def start(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def told(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


def test_gpus_are_those_that_the_environment_names_or_the_system_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm", "null"):
        (tmp_path / name).touch()
    monkeypatch.delenv(VISIBLE, raising=False)
    assert devices(tmp_path) == ["0", "1"]
    monkeypatch.setenv(VISIBLE, "GPU-1a, 3")
    assert devices(tmp_path) == ["GPU-1a", "3"]
    monkeypatch.setenv(VISIBLE, "")
    assert devices(tmp_path) == []


def test_each_process_has_a_gpu_and_one_that_ended_leaves_its_own_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VISIBLE, "4,6")
    processes = [start(tmp_path), start(tmp_path)]
    first, second = (told(process) for process in processes)
    # What it took is all that CUDA shows it.
    assert sorted([first, second]) == [["4", "4"], ["6", "6"]]
    processes[0].communicate("\n")
    third = start(tmp_path)
    assert told(third) == first
    # More processes than GPUs share them.
    assert take(tmp_path) == "4"
    assert os.environ[VISIBLE] == "4"
    for process in (processes[1], third):
        process.communicate("\n")


@pytest.mark.parametrize("seen", ["", "2"])
def test_without_several_gpus_nothing_is_taken(
    seen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VISIBLE, seen)
    assert take(tmp_path) is None
    assert os.environ[VISIBLE] == seen
    assert not list(tmp_path.iterdir())
