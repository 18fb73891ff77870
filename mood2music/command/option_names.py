"""Lists the options that a command has, by their dotted names, from its YAML files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mood2music.command.groups import choices, group_folder, group_names, read_yaml

# How a choice begins that sets what other groups have.
GLOBAL = "# @package _global_"


def names(config_name: str, folder: Path) -> list[str]:
    """All options of a command, by their dotted names, those of every choice of its groups too."""
    config = read_config(folder / f"{config_name}.yaml")
    found = list(_leaves({k: v for k, v in config.items() if k not in ("defaults", "hydra")}))
    for group in group_names(config):
        found.append(group)
        for choice in choices(group_folder(folder, group)):
            found += options_of(folder, group, choice)
    return list(dict.fromkeys(found))


def options_of(folder: Path, group: str, choice: str) -> list[str]:
    """Dotted names of what a group's choice has; what sets other groups' options has none."""
    path = group_folder(folder, group) / f"{choice}.yaml"
    if path.read_text(encoding="utf-8").startswith(GLOBAL):
        return []
    read = read_config(path)
    bases = [base for base in read.pop("defaults", []) if base in choices(path.parent)]
    inherited = [option for base in bases for option in options_of(folder, group, base)]
    return list(dict.fromkeys([*inherited, *(f"{group}.{leaf}" for leaf in _leaves(read))]))


def read_config(path: Path) -> dict[str, Any]:
    """Read a YAML file; an empty one has no option."""
    found: dict[str, Any] = read_yaml(path) or {}
    return found


def _leaves(values: Any, prefix: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"
