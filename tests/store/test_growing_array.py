from pathlib import Path

import numpy as np

from mood2music.store.growing_array import GrowingArray


def test_parts_become_one_array_that_numpy_loads(tmp_path: Path) -> None:
    with GrowingArray(tmp_path / "a.npy", "<i2") as array:
        for start in range(0, 1000, 10):
            array.append(np.arange(start, start + 10))
        array.append([])
        assert len(array) == 1000
    loaded = np.load(tmp_path / "a.npy", mmap_mode="r")
    assert loaded.dtype == np.int16
    assert np.array_equal(loaded, np.arange(1000))


def test_no_parts_become_an_empty_array(tmp_path: Path) -> None:
    with GrowingArray(tmp_path / "a.npy", "<u1"):
        pass
    assert np.load(tmp_path / "a.npy").shape == (0,)
