"""configs/wandb_sweep: what `wandb sweep` reads names options of ours, and starts them rightly."""

import importlib.util
from pathlib import Path

import pytest
import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser

from mood2music.files import CONFIGS
from tests.test_configs import composed

FILES = sorted((CONFIGS / "wandb_sweep").glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_agent_starts_the_command_with_options_that_it_has(path: Path) -> None:
    sweep = yaml.safe_load(path.read_text())
    module = f"mood2music.{path.stem}"
    assert sweep["program"] == module
    assert importlib.util.find_spec(module) is not None
    assert sweep["command"] == ["${env}", "python", "-m", module, "${args_no_hyphens}"]
    assert sweep["parameters"]["logger"] == {"value": "wandb"}
    words = []
    for name, given in sweep["parameters"].items():
        values = given.get("values") or [
            given[key] for key in ("value", "min", "max") if key in given
        ]
        words.append([f"{name}={value}" for value in values])
    for number in range(max(map(len, words))):
        # An option that there is not, or a choice that a group has not, does not compose.
        chosen = [each[min(number, len(each) - 1)] for each in words]
        assert all(OverridesParser.create().parse_overrides(chosen))
        assert composed(path.stem, *chosen).logger.name == "wandb"


def test_train_and_generate_have_one() -> None:
    assert [path.stem for path in FILES] == ["generate", "train"]
