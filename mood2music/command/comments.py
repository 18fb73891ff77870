"""Reads what the comments of a YAML file's text say of each key."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import yaml


@dataclass(frozen=True)
class Comments:
    """What a YAML file says of itself.

    opening: its first lines of comment, without the commands among them; commands: those, the
    lines that start with `python -m`; meanings: by dotted name the comment behind a value;
    paragraphs: by dotted name the comment above a key, or behind the name of a section.
    """

    opening: list[str]
    commands: list[str]
    meanings: dict[str, str]
    paragraphs: dict[str, str]


@cache
def read_comments(text: str) -> Comments:
    """Read the comments of a YAML file; those of `defaults` and `hydra` are left out.

    >>> read_comments("# Kingma & Ba 2015\\nlr: 0.001  # learning rate").meanings
    {'lr': 'learning rate'}
    """
    lines = text.splitlines()
    first = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    opening = [_bare(line) for line in lines[:first]]
    meanings: dict[str, str] = {}
    paragraphs: dict[str, str] = {}
    for name, key, value in _keys(yaml.compose(text)):
        section = isinstance(value, yaml.MappingNode) and not value.flow_style
        end = key.end_mark if section else value.end_mark
        behind = lines[end.line][end.column :].lstrip(" :")
        above = key.start_mark.line
        while above > first and lines[above - 1].strip().startswith("#"):
            above -= 1
        said = [_bare(line) for line in lines[above : key.start_mark.line]]
        if behind.startswith("#") and section:
            said.append(_bare(behind))
        elif behind.startswith("#"):
            meanings[name] = _bare(behind)
        if said:
            paragraphs[name] = " ".join(said)
    commands = [line for line in opening if line.startswith("python -m")]
    told = [line for line in opening if line not in commands and not line.startswith("@package")]
    return Comments(told, commands, meanings, paragraphs)


def _bare(comment: str) -> str:
    return comment.strip().removeprefix("#").strip()


def _keys(node: yaml.Node | None, prefix: str = "") -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Each key of nested mappings: its dotted name, where it stands, and its value."""
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        name = f"{prefix}{key.value}"
        if name not in ("defaults", "hydra"):
            yield name, key, value
            yield from _keys(value, f"{name}.")
