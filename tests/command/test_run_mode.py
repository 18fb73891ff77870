"""run_mode.py: settings are composed once, and hydra.mode still counts where a word sets it."""

from pathlib import Path

import pytest
import yaml
from hydra._internal.hydra import Hydra

from mood2music.command.run_mode import composed_once
from mood2music.files import CONFIGS
from tests.conftest import Run

EXPERIMENTS = Path(__file__).parents[2] / "experiments"


@pytest.mark.parametrize("folder", [CONFIGS, EXPERIMENTS])
def test_no_yaml_of_ours_says_what_mode_to_run_in(folder: Path) -> None:
    read = {
        path: yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for path in folder.rglob("*.yaml")
    }
    saying = [path for path, told in read.items() if "mode" in ((told or {}).get("hydra") or {})]
    assert len(read) > 10
    assert saying == []


@pytest.mark.parametrize(
    "word", ["hydra.mode=MULTIRUN", "++hydra.mode=RUN", "--config-dir=here", "-cd", "hydra=mine"]
)
def test_hydra_is_asked_where_a_word_may_set_it(word: str) -> None:
    ask = Hydra.get_mode
    with composed_once(["length=3", word]):
        assert Hydra.get_mode is ask
    with composed_once(["length=3"]):
        assert Hydra.get_mode is not ask
    assert Hydra.get_mode is ask


def test_the_mode_as_a_word_makes_a_sweep(run: Run) -> None:
    done = run("export", "weights=a,b", "hydra.sweep.dir=all", "hydra.mode=MULTIRUN")
    assert "2 of 2 jobs failed" in done.stderr, done.stderr
