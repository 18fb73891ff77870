"""Writes the page that `--help` prints from an entrypoint's YAML files.

What the page says stands in the YAML files and nowhere else. A file's opening comment says what the
choice is, with commands to copy on lines that start with `python -m`; a comment above a key opens a
paragraph; the comment behind a value is its meaning. A choice that says nothing of a key takes the
words of the group's other choices.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from omegaconf import DictConfig, OmegaConf

from mood2music import registry
from mood2music.command.comments import Comments, read_comments
from mood2music.command.groups import (
    choices,
    group_folder,
    group_names,
    read_yaml,
    shared_groups,
)
from mood2music.command.settings import shown

COLUMN = 34  # where meanings start
WIDTH = 100  # of a page at most

FOLDER = "Files go to a new folder in outputs/; out=folder names another."
CLOSING = """\
-m runs every combination of values with commas between them, into outputs/sweeps: seed=0,1,2
-m hydra/launcher=joblib runs several of them at once.
--help behind other words shows what they change; -c job prints the settings and does nothing;
--hydra-help tells of Hydra's own flags."""


@dataclass(frozen=True)
class Option:
    """One `name=value`: the value is its default; paragraph: what is said before it."""

    name: str
    value: str
    meaning: str
    paragraph: str


@dataclass(frozen=True)
class Group:
    """A folder of YAML files to choose from by `name=choice`, for the part of that name."""

    name: str
    choices: dict[str, Comments]


def read_groups(config_name: str, folder: Path) -> list[Group]:
    """Find the groups that an entrypoint's defaults name: `data`, `model`."""
    config = read_yaml(folder / f"{config_name}.yaml")
    groups = []
    for name in group_names(config):
        place = group_folder(folder, name)
        texts = {c: (place / f"{c}.yaml").read_text(encoding="utf-8") for c in choices(place)}
        groups.append(Group(name, {choice: read_comments(text) for choice, text in texts.items()}))
    return groups


def read_options(
    config: DictConfig, chosen: Mapping[str, str | None], own: Comments, groups: Sequence[Group]
) -> dict[str, list[Option]]:
    """Give the options of the config itself, under "", then those of each group, by its name.

    own: what the entrypoint's YAML says; chosen: by a group's name, the choice that is taken.
    """
    words = {"": own, **{g.name: _words(g, chosen.get(g.name)) for g in groups}}
    options: dict[str, list[Option]] = {part: [] for part in words}
    for name, value, opened in _leaves(OmegaConf.to_container(config)):
        part = next((p for p in words if p and name.startswith(f"{p}.")), "")
        start = f"{part}." if part else ""
        said = (words[part].paragraphs.get(place.removeprefix(start), "") for place in opened)
        meaning = words[part].meanings.get(name.removeprefix(start), "")
        options[part].append(
            Option(name, shown(value, None), meaning, " ".join(filter(None, said)))
        )
    return options


def _words(group: Group, choice: str | None) -> Comments:
    """What is said of the keys of a choice, where it is silent by the others of its group."""
    taken = group.choices.get(choice or "", Comments([], [], {}, {}))
    meanings: dict[str, str] = {}
    for other in (*group.choices.values(), taken):
        meanings.update(other.meanings)
    return Comments(taken.opening, taken.commands, meanings, taken.paragraphs)


def _leaves(
    values: Any, prefix: str = "", opened: tuple[str, ...] = ()
) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """Each value that is no section: its dotted name, and the sections it opens, itself the last.

    >>> list(_leaves({"augment": {"flip": 0.5, "blur": 0.1}}))
    [('augment.flip', 0.5, ('augment', 'augment.flip')), ('augment.blur', 0.1, ('augment.blur',))]
    """
    for place, (key, value) in enumerate(values.items()):
        name = f"{prefix}{key}"
        opens = (*opened, name) if place == 0 else (name,)
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{name}.", opens)
        else:
            yield name, value, opens


def page(config_name: str, folder: Path, summary: str, overrides: list[str]) -> str:
    """Write the page of `python -m mood2music.<config_name>`, its defaults after `overrides`.

    summary: what the command does, in a sentence. Raises HydraException for an override that
    Hydra refuses.
    """
    from hydra import compose, initialize_config_dir

    with (
        shared_groups(config_name, folder),
        initialize_config_dir(str(folder), version_base="1.3"),
    ):
        config = compose(config_name, overrides, return_hydra_config=True)
    chosen = dict(config.hydra.runtime.choices)
    config = OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])
    own = read_comments((folder / f"{config_name}.yaml").read_text(encoding="utf-8"))
    groups = read_groups(config_name, folder)
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH)
    # The YAML's own first example says how a command outside the package is called.
    called = own.commands[0].split()[2] if own.commands else f"mood2music.{config_name}"
    lines = [f"python -m {called} [name=value ...]", ""]
    lines += [*wrap(" ".join([summary, *own.opening]), width), "", "Examples"]
    lines += [f"  {command}" for command in own.commands]
    if groups:
        lines += ["", "Groups: name=choice takes a whole set of options; * is taken now"]
    for group in groups:
        lines += ["", f"  {group.name}="]
        for choice, said in group.choices.items():
            mark = "*" if chosen.get(group.name) == choice else " "
            lines += _row(f"  {mark} {choice}", " ".join(said.opening), width, 24)
    options = read_options(config, chosen, own, groups)
    titles = {group.name: f"Options of {group.name}={chosen[group.name]}" for group in groups}
    for part in (name for name, given in options.items() if given):
        lines += ["", titles.get(part, "Options: name=value; the value here is the default")]
        for option in options[part]:
            if option.paragraph:
                lines += ["", *(f"  {line}" for line in wrap(option.paragraph, width - 2))]
            lines += _row(f"  {option.name}={option.value}", option.meaning, width, COLUMN)
    lines += _registered([one.name for given in options.values() for one in given], config, width)
    # Its own out= says where else its files go.
    files = [] if "out" in config else [FOLDER]
    return "\n".join([*lines, "", *files, CLOSING])


def _registered(known: Sequence[str], config: DictConfig, width: int) -> list[str]:
    """Names that options of this command choose from, those of the plug-ins asked for too."""
    plugins = config.get("plugins") or []
    registry.load_plugins([plugins] if isinstance(plugins, str) else plugins)
    lines = []
    for kind, options in registry.OPTIONS.items():
        if set(options) & set(known):
            start = f"{options[0]}: " if len(options) == 1 else ""
            there = ", ".join(registry.names(kind)) or "none yet"
            lines += _row(f"  {kind}", start + there, width, 24)
    return ["", "Registered; plugins=[my_module] adds to them", *lines] if lines else []


def _row(name: str, meaning: str, width: int, column: int) -> list[str]:
    """A name and, from the column on, its meaning; on the next line where the name is too long."""
    said = [" " * column + line for line in wrap(meaning, width - column)]
    if not said:
        return [name]
    return [name, *said] if len(name) > column - 2 else [name + said[0][len(name) :], *said[1:]]
