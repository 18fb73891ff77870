from dataclasses import replace

import numpy as np

from mood2music.face.dataset.data import build_data
from mood2music.face.dataset.summary import SHOWN, summarize

DRAWN = {"name": "drawn", "count": 50, "val_fraction": 0.2, "test_fraction": 0.2}


def test_the_summary_counts_parts_moods_expressions_and_what_is_left_out() -> None:
    data, _ = build_data(DRAWN, seed=0)
    data.table = replace(
        data.table,
        moods=np.tile(np.array([[0.25, -0.5], [0.75, -0.5]], np.float32), (25, 1)),
        expressions=np.array([1] * 20 + [3] * 10 + [-1] * 20),
        skipped=[(f"{i}.png", "no face") for i in range(SHOWN + 3)],
    )
    lines = summarize(data)
    said = dict(lines)
    assert [name for name, _ in lines[:4]] == ["pictures", "train", "val", "test"]
    assert [said[part] for part in ("pictures", "val", "test")] == ["50", "10", "10"]
    assert said["train"] == "30, 30 an epoch"
    assert said["equal pixels in a later part"] == "0"
    assert said["expressions"] == "happiness 20, surprise 10"
    assert said["valence"] == "mean +0.500, deviation 0.250"
    assert said["arousal"] == "mean -0.500, deviation 0.000"
    left = [told for name, told in lines if name == "left out"]
    assert said["pictures left out"] == str(SHOWN + 3)
    assert left == [*(f"{i}.png: no face" for i in range(SHOWN)), "3 more"]
