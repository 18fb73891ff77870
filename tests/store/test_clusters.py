"""Dask and Ray for real, each with a cluster on this machine; skipped where they are missing."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mood2music.errors import SettingsError
from mood2music.music.write import write_midi
from mood2music.store import parallel
from mood2music.store.parallel import ParallelSettings, spread
from mood2music.store.piece_cache import PieceCache
from mood2music.store.read_new import TOGETHER, read_new
from mood2music.store.sources import MusicSourceSettings, find_sources
from tests.conftest import tune
from tests.store import readers
from tests.store.test_parallel import nobody

# What these frameworks warn of in themselves is not ours to mend.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


@contextmanager
def dask_cluster() -> Iterator[str]:
    distributed: Any = pytest.importorskip("distributed", reason="mood2music[dask] is missing")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


@contextmanager
def ray_cluster() -> Iterator[str]:
    ray: Any = pytest.importorskip("ray", reason="mood2music[ray] is missing")
    context = ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        yield context.address_info["address"]
    finally:
        ray.shutdown()


CLUSTERS = {"dask": dask_cluster, "ray": ray_cluster}


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_running_cluster_reads_and_a_dying_reader_costs_its_own_file(
    name: str, tmp_path: Path
) -> None:
    for seed in range(TOGETHER + 3):
        write_midi(tune(seed, 6), tmp_path / f"{seed}.mid")
    write_midi(tune(99, 6), tmp_path / "abort.mid")
    settings = MusicSourceSettings(name="midi", root=str(tmp_path))
    cache = PieceCache(tmp_path / "pieces.sqlite")
    sources = find_sources(settings)
    with CLUSTERS[name]() as address:
        asked = ParallelSettings(name, address)
        contents = read_new(cache, sources, settings, asked, False, readers.fragile)
    faults = {}
    for source, content in zip(sources, contents, strict=True):
        assert isinstance(content, str)
        found = cache.get(content)
        assert found is not None
        if found.data is None:
            faults[source.name] = found.fault
    cache.close()
    assert list(faults) == ["abort.mid"]
    assert "the parser crashed (SIGABRT)" in str(faults["abort.mid"])


@pytest.mark.parametrize("name", CLUSTERS)
def test_without_an_address_one_is_started_here_and_ended(name: str) -> None:
    module = {"dask": "distributed", "ray": "ray"}[name]
    pytest.importorskip(module, reason=f"mood2music[{name}] is missing")
    results = list(spread(readers.whereabouts, list(range(6)), ParallelSettings(name), 2))
    assert sorted(value for value, _ in results) == list(range(6))
    pids = {pid for _, pid in results}
    assert os.getpid() not in pids
    for _ in range(300):  # Ray does not wait until its workers have ended
        if not any(runs(pid) for pid in pids):
            return
        time.sleep(0.1)
    raise AssertionError(f"of {pids} some still run")


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_address_that_nobody_answers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "PATIENCE", "1s")
    pytest.importorskip("distributed", reason="mood2music[dask] is missing")
    with pytest.raises(SettingsError, match="no Dask scheduler answers there"):
        list(spread(readers.whereabouts, [1], ParallelSettings("dask", f"tcp://{nobody()}"), 2))
