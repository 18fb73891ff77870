import math
import os
import socket

import pytest

from mood2music.errors import SettingsError
from mood2music.store.parallel import ParallelSettings, spread

pytestmark = pytest.mark.slow


def test_loky_gives_every_result_from_other_processes() -> None:
    results = list(spread(math.sqrt, [float(i * i) for i in range(10)], ParallelSettings(), 2))
    assert sorted(results) == [float(i) for i in range(10)]
    pids = set(spread(process, list(range(4)), ParallelSettings(), 2))
    assert os.getpid() not in pids


def process(_: int) -> int:
    return os.getpid()


def test_one_job_or_one_batch_stays_in_this_process() -> None:
    assert set(spread(process, [1, 2, 3], ParallelSettings(), 1)) == {os.getpid()}
    assert list(spread(process, [1], ParallelSettings(), 2)) == [os.getpid()]
    assert list(spread(process, [], ParallelSettings(), 2)) == []


def test_an_unknown_backend_and_an_address_without_cluster_are_said() -> None:
    with pytest.raises(SettingsError, match="parallel=spark: expected one of loky, dask, ray"):
        list(spread(process, [1, 2], ParallelSettings("spark"), 2))
    with pytest.raises(SettingsError, match=r"parallel\.address is for parallel=dask or"):
        list(spread(process, [1, 2], ParallelSettings("loky", "tcp://here"), 2))


def nobody() -> str:
    """An address of this machine at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"
