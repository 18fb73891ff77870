import subprocess
import sys

import pytest

# Tells how many MiB the process has behind a freed block of 40: before, within, behind, once more.
SCRIPT = """
import os
from pathlib import Path

import numpy as np

from mood2music.learn.freed_memory import freed_memory_kept


def resident():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def used():
    for _ in range(3):
        np.ones(40 << 17)
    return resident()


before = used()
with freed_memory_kept():
    kept = used()
print(before, kept, resident(), used())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's malloc")
def test_a_freed_block_stays_within_and_is_given_back_behind() -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    before, kept, given_back, later = map(int, run.stdout.split())
    assert kept - before >= 35
    assert given_back - before <= 10
    assert later - before <= 10
