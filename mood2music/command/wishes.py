"""Brings words as people type them to the options that there are.

`out=folder`, `instrument=flute`, `style=Jazz` and `mood=0.5,0.2` are no words of Hydra's.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from mood2music.command.groups import choices, group_folder, group_names
from mood2music.command.option_names import options_of, read_config
from mood2music.command.overrides import LISTS, TEXTS, is_override, is_sweep, literal
from mood2music.command.settings import shown
from mood2music.errors import SettingsError
from mood2music.registry import near

# Options that hold several values: commas between them are no sweep unless -m asks for one.
SEVERAL = {
    "mood", "near", "plugins", "range", "structure", "render.score", "data.composers",
    "data.include", "data.exclude", "data.quantize", "data.repeat", "data.val_fraction",
    "data.test_fraction", "model.axes", "logger.tags", "benchmark.sets", "app.hosts",
    "by", "figures", "seeds",
}  # fmt: skip
_SPLIT = re.compile(r"(?P<mark>\+{0,2})(?P<name>[A-Za-z_][\w.]*)=(?P<value>.*)", re.DOTALL)
_OWN_WORDS = re.compile(r"[\w/-]+([,+][\w/-]+)*")
# Letters of a form without anything between: AABA, ABA2; the word "learned" is no form.
_RUN = re.compile(r"(?!(?i:learned)$)([A-Z]([1-9]\d?)?|[a-h]([1-9]\d?)?){2,}")
_SIGN = re.compile(r"([A-Ga-g])[ -]?(flat|sharp)(?![a-z])", re.IGNORECASE)


def granted(words: Sequence[str], config_name: str, folder: Path) -> list[str]:
    """Give the words with other names and spellings brought to those of the YAML files.

    config_name, folder: of the command. Raises SettingsError for a choice that a group has not.

    >>> granted(["style=Jazz", "mood=0.5,0.2", "out=a"], "generate", CONFIGS / "generate")
    ['style=jazz', 'mood=[0.5,0.2]', 'hydra.run.dir=a']
    """
    config = read_config(folder / f"{config_name}.yaml")
    sweep = is_sweep(words)
    other = {}
    if "out" not in config:
        other["out"] = "hydra.sweep.dir" if sweep else "hydra.run.dir"
    if "render" in config:
        other["instrument"] = other["program"] = "render.program"
    groups = {name: choices(group_folder(folder, name)) for name in group_names(config)}
    if "benchmark" in groups:
        # What trains inside of evaluate had this name; train's experiments have it now.
        words = [re.sub(r"^experiment(?=[.=])", "benchmark", word) for word in words]
    given: list[str] = []
    for word in words:
        found = _SPLIT.fullmatch(word) if is_override(word) else None
        given += [word] if found is None else _granted(found, other, groups, words, sweep)
    return _added(given, config_name, folder) if sweep else given


def _granted(
    word: re.Match[str],
    other: Mapping[str, str],
    groups: Mapping[str, list[str]],
    words: Sequence[str],
    sweep: bool,
) -> list[str]:
    """One of the words; other: options with another name here; groups: their choices."""
    mark, name, value = word["mark"], word["name"], word["value"]
    if not value and (name in other or name in groups):
        known = "a folder" if name == "out" else "an instrument"
        if name in groups:
            known = f"one of {', '.join(groups[name])}"
        raise SettingsError(f"{name}=: expected {known}")
    if name in other:
        return [f"{other[name]}={Path(value).expanduser() if name == 'out' else value}"]
    if name == "style" and value.endswith(".safetensors"):
        return [f"style.name={literal(value)}"]  # a file with a style of the user's own
    if name == "structure" and _RUN.fullmatch(value):
        return [f"structure=[{','.join(sections_of(value))}]"]
    if name == "key" and _SIGN.match(value):
        return [f"key={_SIGN.sub(_signed, value)}"]
    if name == "style" and value.startswith("{"):
        return [f"style.mix={value}"]
    if name in groups and _OWN_WORDS.fullmatch(value) and value != "null":
        return _chosen(mark, name, value, groups[name], words, sweep)
    if not sweep and "," in value and value[:1] not in "[{\"'" and "(" not in value[1:]:
        return [mark + _several(name, value)]
    return [word[0]]


def _added(words: Sequence[str], config_name: str, folder: Path) -> list[str]:
    """Let a sweep over a group's choices set what all of them have, and the one taken else has not.

    Hydra composes the settings once without what is swept, and refused model.heads there, of the
    music network that is taken when nothing is said: ++ lets it be added.
    """
    entries = (entry for entry in read_config(folder / f"{config_name}.yaml").get("defaults", []))
    taken = {
        name: choice
        for entry in entries
        if isinstance(entry, dict)
        for name, choice in entry.items()
    }
    pairs = (word.partition("=") for word in words)
    swept = {name: value.split(",") for name, _, value in pairs if name in taken and "," in value}

    def lacks(group: str, choice: str | None, name: str) -> bool:
        known = choices(group_folder(folder, group))
        return choice not in known or name not in options_of(folder, group, choice)

    given = []
    for word in words:
        name = word.partition("=")[0]
        group = name.partition(".")[0]
        add = (
            name != group
            and group in swept
            and lacks(group, taken[group], name)
            and not any(lacks(group, choice, name) for choice in swept[group])
        )
        given.append(f"++{word}" if add else word)
    return given


def sections_of(text: str) -> list[str]:
    """Part the names of a form's sections, typed with blanks, commas or nothing between them.

    >>> sections_of("AABA"), sections_of("A, B A2"), sections_of("learned")
    (['A', 'A', 'B', 'A'], ['A', 'B', 'A2'], ['learned'])
    """
    found: list[str] = []
    for word in text.replace(",", " ").split():
        found += re.findall(r"[A-Za-z]\d*", word) if _RUN.fullmatch(word) else [word]
    return found


def _signed(found: re.Match[str]) -> str:
    """Write "E flat" as Eb."""
    return found[1] + ("b" if found[2].casefold() == "flat" else "#")


def _chosen(
    mark: str, name: str, value: str, choices: list[str], words: Sequence[str], sweep: bool
) -> list[str]:
    """A group's choice, or several of a sweep, as their files are spelled."""
    asked = re.split("[,+]", value)
    if "+" in value or (len(asked) > 1 and not sweep):
        mixed = ",".join(f"{part}:{1 / len(asked):.2g}" for part in asked)
        way = f", and style.mix={{{mixed}}} mixes them" if name == "style" else ""
        raise SettingsError(
            f"{name}={value}: expected one choice; -m in front runs one after the other{way}"
        )
    spelled = {choice.casefold(): choice for choice in choices}
    for part in asked:
        if part.casefold() in spelled:
            continue
        if name == "style" and any(
            word.startswith("style.checkpoints=") and part in word for word in words
        ):
            return [f"style.name={value}"]  # a style of the user's own
        own = "; music of your own: style.from=folder; a network: style=path.safetensors"
        close = near(part, choices)
        known = f" expected one of {', '.join(choices)}" if close.startswith("did") else ""
        raise SettingsError(f"{name}={shown(part)}: {close}{known}{own if name == 'style' else ''}")
    return [f"{mark}{name}={','.join(spelled[part.casefold()] for part in asked)}"]


def _several(name: str, value: str) -> str:
    if name in TEXTS or name in LISTS or name.startswith("hydra"):
        return f"{name}={value}"  # a path or a title with a comma in it
    if name in SEVERAL:
        bare = value[1:-1] if value[:1] == "(" and value[-1:] == ")" else value
        return f"{name}=[{bare}]"
    raise SettingsError(
        f"{name}={shown(value)}: expected one value; -m in front runs one after the other"
    )
