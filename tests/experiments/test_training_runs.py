"""training_runs: a run is trained once, goes on where it broke off, and is never another's."""

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments.training_runs import BEST, Run, is_done, train
from mood2music.errors import SettingsError

pytestmark = pytest.mark.usefixtures("quick_trainings")

TINY = ("model=cnn10_tiny", "data=drawn_tiny", "trainer=tiny", "trainer.limit_train_batches=2")


def test_a_run_is_trained_once_goes_on_and_refuses_other_settings(tmp_path: Path) -> None:
    run = Run("one", TINY)
    folder = train(run, tmp_path)
    assert is_done(run, tmp_path)
    before = (folder / BEST).stat().st_mtime_ns
    assert train(run, tmp_path) == folder
    assert (folder / BEST).stat().st_mtime_ns == before
    with pytest.raises(SettingsError, match="a run of other settings"):
        train(Run("one", (*TINY, "seed=5")), tmp_path)
    # Broken off after its two epochs, it goes on to the four that are planned now.
    (folder / "done").unlink()
    longer = (*TINY, "trainer.epochs=4")
    (folder / "overrides.json").write_text(json.dumps(longer))
    train(Run("one", longer), tmp_path)
    logs = pd.concat([pd.read_csv(log) for log in folder.glob("log*/metrics.csv")])
    logs = logs[logs["val/loss"].notna()]
    assert sorted(logs["epoch"].unique()) == [0, 1, 2, 3]
