"""Every YAML in configs/ composes and is taken by its stage: a new choice tests itself."""

from functools import cache
from typing import Any

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import IntervalSweep
from omegaconf import DictConfig, OmegaConf

from mood2music.command.groups import group_folder, read_yaml, shared_groups
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.files import CONFIGS, PACKAGE

# generate, catalog and app have a folder of their own; the others share the groups beside them.
FOLDERS = {
    path.stem: path.parent
    for pattern in ("*.yaml", "*/generate.yaml", "*/catalog.yaml", "*/app.yaml")
    for path in CONFIGS.glob(pattern)
    if path.parent.name != "wandb_sweep"  # read by wandb, tests/test_wandb_sweeps.py
}
ENTRYPOINTS = sorted(FOLDERS)
# What sets other groups' values stands in the whole config, not in a part of it.
GLOBAL = "# @package _global_"
CHOICES = sorted(
    (path.parent.name, path.stem)
    for path in CONFIGS.rglob("*.yaml")
    if path.stem not in ENTRYPOINTS and not path.read_text().startswith(GLOBAL)
)
OVER_ALL = sorted(
    (group, path.relative_to(CONFIGS / group).with_suffix("").as_posix())
    for group in ("debug",)  # experiments: experiments/test_configs.py
    for path in (CONFIGS / group).rglob("*.yaml")
)


@cache
def groups_of(entrypoint: str) -> list[str]:
    return [
        key
        for entry in read_yaml(FOLDERS[entrypoint] / f"{entrypoint}.yaml")["defaults"]
        if isinstance(entry, dict)
        for key in entry
        if not key.startswith("override ")
    ]


def users_of(group: str, name: str) -> list[str]:
    """Entrypoints that have the group, and this choice in it."""
    return [
        entrypoint
        for entrypoint in ENTRYPOINTS
        if group in groups_of(entrypoint)
        and (group_folder(FOLDERS[entrypoint], group) / f"{name}.yaml").is_file()
    ]


def chosen_of(entrypoint: str) -> set[str]:
    """Groups of which something is chosen by default."""
    return {
        key
        for entry in read_yaml(FOLDERS[entrypoint] / f"{entrypoint}.yaml")["defaults"]
        if isinstance(entry, dict)
        for key, value in entry.items()
        if value is not None
    }


@cache
def composed(entrypoint: str, *overrides: str) -> DictConfig:
    folder = FOLDERS[entrypoint]
    with (
        shared_groups(entrypoint, folder),
        initialize_config_dir(str(folder), version_base="1.3"),
    ):
        return compose(entrypoint, list(overrides))


def taken(group: str, config: DictConfig) -> Any:
    """The settings dataclass that a stage makes of its part of the config."""
    if group == "model":
        return model_settings(config)
    if group == "data":
        return data_settings(config)
    if group == "catalog":
        from mood2music.catalog.open import CatalogSettings as Schema
    elif group == "face":
        from mood2music.face.reading.settings import ReadSettings as Schema
    elif group == "style":
        from mood2music.style.settings import StyleSettings as Schema  # type: ignore[assignment]
    elif group == "sampler":
        from mood2music.generator.sampling.choice import SamplerSettings as Schema  # type: ignore[assignment]
    elif group == "optimizer":
        from mood2music.learn.optimizer_settings import OptimizerSettings as Schema  # type: ignore[assignment]
    elif group == "trainer":
        from mood2music.learn.settings import TrainerSettings as Schema  # type: ignore[assignment]
    elif group == "parallel":
        from mood2music.store.parallel import ParallelSettings as Schema  # type: ignore[assignment]
    elif group == "callbacks":
        from mood2music.learn.callback_settings import callback_settings

        return callback_settings(config)  # type: ignore[arg-type]
    elif group == "benchmark":
        from mood2music.generator.polymusic.settings import (  # type: ignore[assignment]
            PolymusicSettings as Schema,
        )
    elif group == "logger":
        from mood2music.learn.settings import LoggerSettings as Schema  # type: ignore[assignment]
    else:
        raise AssertionError(f"say in this test which settings configs/{group} is read into")
    return parse(Schema, config, group)


def model_settings(config: DictConfig) -> Any:
    if config.task == "face":
        from mood2music.face.network.settings import FaceSettings

        return parse(FaceSettings, config, "model")
    from mood2music.generator.settings import MusicModelSettings

    return parse(MusicModelSettings, config, "model")


def data_settings(config: DictConfig) -> Any:
    from mood2music.train_request import data_settings as made

    return made(OmegaConf.to_container(config, resolve=True))


@pytest.mark.parametrize("entrypoint", ENTRYPOINTS)
def test_every_entrypoint_composes_without_overrides(entrypoint: str) -> None:
    config = composed(entrypoint)
    OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    assert {name for name in groups_of(entrypoint) if name in chosen_of(entrypoint)} <= set(config)


@pytest.mark.parametrize("entrypoint", ENTRYPOINTS)
def test_every_entrypoint_has_its_module(entrypoint: str) -> None:
    modules = (PACKAGE / f"{entrypoint}.py", PACKAGE / entrypoint / "__main__.py")
    assert any(module.is_file() for module in modules)


@pytest.mark.parametrize(("group", "name"), CHOICES)
def test_every_choice_composes_and_its_stage_takes_it(group: str, name: str) -> None:
    users = users_of(group, name)
    assert users, f"no entrypoint has configs/{group}"
    for entrypoint in users:
        config = composed(entrypoint, f"{group}={name}")
        settings = taken(group, config[group])
        for key, value in OmegaConf.to_container(config[group], resolve=True).items():  # type: ignore[union-attr]
            known = settings if isinstance(settings, dict) else vars(settings)
            assert str(key) in known or value is None, f"{group}/{name}.yaml: {key}={value}"


@pytest.mark.parametrize(("group", "name"), OVER_ALL)
def test_every_experiment_and_debug_config_composes_and_train_takes_it(
    group: str, name: str
) -> None:
    from mood2music.train_request import TrainSettings

    plain = composed("train")
    config = composed("train", f"{group}={name}")
    assert config != plain
    parse(TrainSettings, config)


@pytest.mark.parametrize("name", ["grid", "optuna"])
@pytest.mark.parametrize("entrypoint", ["train", "generate"])
def test_every_sweep_varies_options_that_there_are(entrypoint: str, name: str) -> None:
    folder = FOLDERS[entrypoint]
    assert {path.stem for path in (folder / "sweep").glob("*.yaml")} == {"grid", "optuna"}
    with (
        shared_groups(entrypoint, folder),
        initialize_config_dir(str(folder), version_base="1.3"),
    ):
        config = compose(entrypoint, [f"sweep={name}"], return_hydra_config=True)
    for option, values in config.hydra.sweeper.params.items():
        value = OverridesParser.create().parse_override(f"{option}={values}").value()
        first = value.start if isinstance(value, IntervalSweep) else value.list[0]
        assert OmegaConf.select(composed(entrypoint, f"{option}={first}"), option) == first


@pytest.mark.parametrize(("group", "name"), CHOICES)
def test_a_misspelt_key_is_refused_by_name(group: str, name: str) -> None:
    entrypoint = users_of(group, name)[0]
    config = composed(entrypoint, f"{group}={name}")[group]
    misspelt = OmegaConf.create({**OmegaConf.to_container(config), "mispelt": 1})  # type: ignore[dict-item]
    with pytest.raises(SettingsError, match="mispelt"):
        taken(group, misspelt)


@pytest.mark.parametrize("name", [name for group, name in CHOICES if group == "model"])
def test_every_model_builds_from_its_config(name: str) -> None:
    config = composed("train", f"model={name}")
    settings = taken("model", config.model)
    if config.model.task == "face":
        from mood2music.face.network.backbone import build_networks

        network: Any = build_networks(settings)
    else:
        from mood2music.generator.network import NetworkSettings, build_network

        network = build_network(
            NetworkSettings(settings.name, settings.representation, settings.encoder)
        )
    assert sum(p.numel() for p in network.parameters()) > 1000


@pytest.mark.parametrize("name", [name for group, name in CHOICES if group == "model"])
def test_a_model_brings_data_and_optimizer_and_the_command_line_wins(name: str) -> None:
    own = composed("train", f"model={name}")
    music = own.model.task == "music"
    assert own.data.name in (("corpus",) if music else ("drawn",))
    data = "midi" if music else "faces"
    asked = composed("train", f"model={name}", f"data={data}", "optimizer=adamw")
    assert (asked.data.name, asked.optimizer.name) == (data, "adamw")


def test_the_papers_optimizers_come_with_its_networks() -> None:
    assert composed("train", "model=lstm").optimizer.name == "adam"
    assert composed("train", "model=bilstm_attention").optimizer.name == "rmsprop"
