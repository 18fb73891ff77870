"""Finds the groups that a command chooses from, those that it shares with other commands too."""

from pathlib import Path
from typing import Any


def group_folder(folder: Path, name: str) -> Path:
    """Give the folder of a group's choices: a command's own, else that above it, shared.

    folder: of the command's YAML. configs/generate has no `logger`: it takes configs/logger.
    """
    own = folder / name
    return own if own.is_dir() or not (folder.parent / name).is_dir() else folder.parent / name


def share_groups(config_name: str, folder: Path) -> None:
    """Let Hydra find the groups that a command's defaults name and its folder lacks.

    Hydra looks in one folder, and the whole of configs cannot be it: beside its group `model`
    generate's own model=name would be refused.
    """
    import yaml
    from hydra.core.config_store import ConfigStore
    from omegaconf import OmegaConf

    config: dict[str, Any] = yaml.safe_load((folder / f"{config_name}.yaml").read_text("utf-8"))
    entries = [entry for entry in config.get("defaults", []) if isinstance(entry, dict)]
    for name in (name for entry in entries for name in entry if " " not in name):
        shared = group_folder(folder, name)
        if shared.parent != folder:
            for path in sorted(shared.glob("*.yaml")):
                ConfigStore.instance().store(path.stem, OmegaConf.load(path), group=name)
