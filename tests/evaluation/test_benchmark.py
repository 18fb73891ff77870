from pathlib import Path

import pytest

from mood2music.errors import DataError, SettingsError
from mood2music.evaluation.benchmark import measure_benchmark


def test_an_experiment_without_its_data_says_what_to_pass(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"some of JSB_Chorales\.mat, .*: pass data\.root="):
        measure_benchmark({"name": "polymusic"}, None, tmp_path)


def test_an_unknown_experiment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"benchmark\.name=mnist: expected polymusic"):
        measure_benchmark({"name": "mnist"}, None, tmp_path)
