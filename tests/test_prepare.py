from pathlib import Path

import numpy as np

from mood2music.store.event_store import open_store
from tests.affectnet import write_lists
from tests.conftest import Run


def test_prepare_tells_what_it_found_and_where_the_store_is(fresh: Run, library: Path) -> None:
    done = fresh("prepare", "data=midi", f"data.root={library}", "data.jobs=1")
    assert done.returncode == 0, done.stderr
    said = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    assert ["pieces", "12"] in said
    assert ["styles", "fast 6, slow 6"] in said
    (left_out,) = (
        line for line in done.stdout.splitlines() if "broken.mid" in line and "left out " in line
    )
    assert "slow/broken.mid: broken.mid is truncated" in left_out
    store = open_store(Path(done.stdout.splitlines()[-1]))
    assert len(store.pieces) == 12


def test_an_unknown_backend_ends_in_one_line(run: Run, library: Path) -> None:
    done = run("prepare", "data=midi", f"data.root={library}", "parallel.name=spark")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("error: parallel=spark: expected one of")
    assert "Traceback" not in done.stderr


def test_faces_are_decoded_once_and_counted(run: Run, tmp_path: Path) -> None:
    root = write_lists(tmp_path / "affectnet")
    done = run("prepare", "data=affectnet", f"data.root={root}")
    assert done.returncode == 0, done.stderr
    said = {line[:28].strip(): line[28:].strip() for line in done.stdout.splitlines()}
    assert said["pictures"] == "11"
    assert said["test"] == "2"
    assert said["pictures left out"] == "3"
    assert "happiness 1" in said["expressions"]
    stored = sorted(Path(done.stdout.splitlines()[-1]).glob("*.npy"))
    assert any(np.load(path, mmap_mode="r").shape == (11, 49, 49) for path in stored)
