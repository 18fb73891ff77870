"""groups.py: a group of one folder serves the commands of another."""

import pytest
import yaml
from hydra import compose, initialize_config_dir

from mood2music.command.groups import SHARED, group_folder, read_yaml, shared_groups
from mood2music.files import CONFIGS

OWN = CONFIGS / "generate"


def test_a_command_has_its_own_groups_and_those_above_it() -> None:
    assert group_folder(OWN, "style") == OWN / "style"
    for name in SHARED:
        assert group_folder(OWN, name) == CONFIGS / name == group_folder(CONFIGS, name)
    # configs/model is train's: of generate `model` is a path.
    assert group_folder(OWN, "model") == OWN / "model"


def test_a_shared_group_composes_and_a_plain_name_of_the_others_stays_one() -> None:
    with shared_groups("generate", OWN), initialize_config_dir(str(OWN), version_base="1.3"):
        config = compose("generate", ["logger=wandb", "logger.mode=offline", "model=my_lstm"])
    assert (config.logger.name, config.logger.mode, config.model) == ("wandb", "offline", "my_lstm")


def test_a_file_says_the_same_with_and_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [OWN / "generate.yaml", *sorted((CONFIGS / "data").glob("*.yaml"))]
    found = [read_yaml(path) for path in paths]
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert found == [read_yaml(path) for path in paths]
    assert found[0]["defaults"]
