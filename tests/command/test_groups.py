"""groups.py: a group of one folder serves the commands of another."""

import pytest
import yaml
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from mood2music.command.groups import (
    SHARED,
    group_folder,
    quick_loader,
    quick_yaml,
    read_yaml,
    shared_groups,
)
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


def test_omegaconf_reads_the_same_with_libyaml() -> None:
    paths = [OWN / "generate.yaml", *sorted((CONFIGS / "optimizer").glob("*.yaml"))]
    plain = [OmegaConf.to_container(OmegaConf.load(path)) for path in paths]
    with quick_yaml():
        assert [OmegaConf.to_container(OmegaConf.load(path)) for path in paths] == plain
        made = OmegaConf.create("{a: 1e3, b: 2024-01-01, c: no, d: .5}")
        assert made == {"a": 1000.0, "b": "2024-01-01", "c": False, "d": 0.5}
        with pytest.raises(yaml.YAMLError, match="found duplicate key a"):
            OmegaConf.create("a: 1\na: 2")


def test_omegaconfs_own_loader_is_put_back_and_serves_without_libyaml(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from omegaconf import _utils

    before = _utils.get_yaml_loader
    with quick_yaml(), quick_yaml():
        assert _utils.get_yaml_loader is not before
    assert _utils.get_yaml_loader is before
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert quick_loader.__wrapped__().__name__ == "OmegaConfLoader"
