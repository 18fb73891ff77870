"""Finds the groups that a command chooses from, those that it shares with other commands too."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

# Groups of configs/ that commands whose YAML lies in a folder of it have too.
SHARED = ("face", "logger")


def group_folder(folder: Path, name: str) -> Path:
    """Give the folder of a group's choices: a command's own, else that above it, where it shares.

    folder: of the command's YAML. configs/generate has no `logger`: it takes configs/logger.
    """
    own, above = folder / name, folder.parent / name
    return above if name in SHARED and not own.is_dir() and above.is_dir() else own


def read_yaml(path: Path) -> Any:
    """Read a YAML file, by libyaml where PyYAML has it: a command reads some twenty."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)


@contextmanager
def quick_yaml() -> Iterator[None]:
    """Let OmegaConf read YAML by libyaml, within, where PyYAML has it: a sixth of composing.

    It asks for its loader anew with each file.
    """
    from omegaconf import _utils

    loader, before = quick_loader(), _utils.get_yaml_loader
    _utils.get_yaml_loader = lambda: loader
    try:
        yield
    finally:
        _utils.get_yaml_loader = before


@cache
def quick_loader() -> Any:
    """OmegaConf's own loader with libyaml's parser: it refuses keys that stand twice all the same.

    OmegaConf's as it is where PyYAML is without libyaml.
    """
    import yaml
    from omegaconf._utils import get_yaml_loader

    made = get_yaml_loader()
    if not yaml.__with_libyaml__:
        return made

    class Quick(yaml.cyaml.CParser, made):  # type: ignore[misc, valid-type]
        def __init__(self, stream: Any) -> None:
            yaml.cyaml.CParser.__init__(self, stream)
            yaml.constructor.SafeConstructor.__init__(self)
            yaml.resolver.Resolver.__init__(self)

    return Quick


def group_names(config: dict[str, Any]) -> list[str]:
    """Groups that a command's YAML names in its defaults, those that nothing is chosen of too."""
    entries = [entry for entry in config.get("defaults", []) if isinstance(entry, dict)]
    return [name for entry in entries for name in entry if " " not in name]


def choices(group: Path) -> list[str]:
    """Choices of a group's folder; of a folder inside it as `paper/figure_1`."""
    paths = (path.relative_to(group).with_suffix("") for path in group.rglob("*.yaml"))
    return sorted(path.as_posix() for path in paths)


@contextmanager
def shared_groups(config_name: str, folder: Path) -> Iterator[None]:
    """Let Hydra find, within, the groups that a command's defaults name and its folder lacks.

    What it reads it reads quickly.

    Hydra looks in one folder, and the whole of configs cannot be it: beside its group `model`
    generate's own model=name would be refused. hydra/sweeper=optuna is found as well.
    """
    from hydra.core.config_store import ConfigStore
    from omegaconf import OmegaConf

    from mood2music.command import optuna_sweeper

    optuna_sweeper.register()
    config: dict[str, Any] = read_yaml(folder / f"{config_name}.yaml")
    shared = [name for name in group_names(config) if group_folder(folder, name).parent != folder]
    store = ConfigStore.instance()
    for name in shared:
        for path in sorted(group_folder(folder, name).glob("*.yaml")):
            store.store(path.stem, OmegaConf.load(path), group=name)
    try:
        with quick_yaml():
            yield
    finally:
        # Where another command has the group itself, Hydra would hold one against the other.
        for name in shared:
            store.repo.pop(name, None)
