"""Words as people type them become the options that there are, or name the one that was meant.

`out=folder`, `instrument=flute`, `style=Jazz` and `mood=0.5,0.2` are no words of Hydra's; a name
that nothing has is answered with the nearest ones.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hydra.errors import HydraException

from mood2music.command.groups import choices, group_folder, group_names, read_yaml
from mood2music.command.overrides import LISTS, TEXTS, is_override, is_sweep, literal
from mood2music.command.settings import shown
from mood2music.errors import SettingsError
from mood2music.registry import near

# By how much less like a name than the nearest option another one may be that is offered too.
BESIDE = 0.15
# Options that hold several values: commas between them are no sweep unless -m asks for one.
SEVERAL = {
    "mood", "near", "plugins", "range", "structure", "render.score", "data.composers",
    "data.include", "data.exclude", "data.quantize", "data.repeat", "data.val_fraction",
    "data.test_fraction", "model.axes", "logger.tags", "benchmark.sets", "app.hosts",
    "by", "figures", "seeds",
}  # fmt: skip
# Names that are not there, and what is meant by them.
MEANT = {
    "temperature": "sampler.temperature",
    "bpm": "tempo",
    "speed": "tempo",
    "scale": "key",
    "tonality": "key",
    "transpose": "key",
    "emotion": "mood",
    "feeling": "mood",
    "genre": "style",
    "artist": "composer",
    "title": "song",
    "image": "photo",
    "picture": "photo",
    "face": "photo",
    "file": "midi",
    "music": "midi",
    "duration": "length",
    "seconds": "length",
    "events": "length",
    "notes": "length",
    "variants": "n",
    "count": "n",
    "voices": "polyphony",
    "form": "structure",
    "strength": "style.strength",
    "mix": "style.mix",
    "network": "model",
    "soundfont": "render.soundfont",
    "sound": "render.sound",
    "format": "render.score",
    "score": "render.score",
    "output": "out",
    "folder": "out",
    "epochs": "trainer.epochs",
    "steps": "trainer.limit_train_batches",
    "lr": "optimizer.lr",
    "batch_size": "data.batch_size",
    "root": "data.root",
}
# Names of what a piece has from its song, and no option sets.
METERS = ("meter", "metre", "time_signature")
# How a choice begins that sets what other groups have.
GLOBAL = "# @package _global_"
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
    config = _read(folder / f"{config_name}.yaml")
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
        if found is None:
            given.append(word)
            continue
        name, value = found["name"], found["value"]
        if not value and (name in other or name in groups):
            known = "a folder" if name == "out" else "an instrument"
            if name in groups:
                known = f"one of {', '.join(groups[name])}"
            raise SettingsError(f"{name}=: expected {known}")
        if name in other:
            given.append(f"{other[name]}={Path(value).expanduser() if name == 'out' else value}")
        elif name == "style" and value.endswith(".safetensors"):
            given.append(f"style.name={literal(value)}")  # a file with a style of the user's own
        elif name == "structure" and _RUN.fullmatch(value):
            given.append(f"structure=[{','.join(sections_of(value))}]")
        elif name == "key" and _SIGN.match(value):
            given.append(f"key={_SIGN.sub(_signed, value)}")
        elif name == "style" and value.startswith("{"):
            given.append(f"style.mix={value}")
        elif name in groups and _OWN_WORDS.fullmatch(value) and value != "null":
            given += _chosen(found["mark"], name, value, groups[name], words, sweep)
        elif not sweep and "," in value and value[:1] not in "[{\"'" and "(" not in value[1:]:
            given.append(found["mark"] + _several(name, value))
        else:
            given.append(word)
    return _added(given, config_name, folder) if sweep else given


def _added(words: Sequence[str], config_name: str, folder: Path) -> list[str]:
    """Let a sweep over a group's choices set what all of them have, and the one taken else has not.

    Hydra composes the settings once without what is swept, and refused model.heads there, of the
    music network that is taken when nothing is said: ++ lets it be added.
    """
    entries = (entry for entry in _read(folder / f"{config_name}.yaml").get("defaults", []))
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
        return choice not in known or name not in _options(folder, group, choice)

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


@contextmanager
def hinted(config_name: str, folder: Path) -> Iterator[None]:
    """Answer Hydra's refusal of a name with the nearest names: a SettingsError."""
    try:
        yield
    except HydraException as error:
        unknown = re.search(r"Could not override '([^']+)'", str(error))
        if unknown is None:
            raise
        name = unknown[1]
        raise SettingsError(
            f"{name}: There is no such setting{_meant(name, config_name, folder)} --help lists all"
        ) from error


def names(config_name: str, folder: Path) -> list[str]:
    """All options of a command, by their dotted names, those of every choice of its groups too."""
    config = _read(folder / f"{config_name}.yaml")
    found = list(_leaves({k: v for k, v in config.items() if k not in ("defaults", "hydra")}))
    for group in group_names(config):
        found.append(group)
        for choice in choices(group_folder(folder, group)):
            found += _options(folder, group, choice)
    return list(dict.fromkeys(found))


def _options(folder: Path, group: str, choice: str) -> list[str]:
    """Dotted names of what a group's choice has; what sets other groups' options has none."""
    path = group_folder(folder, group) / f"{choice}.yaml"
    if path.read_text(encoding="utf-8").startswith(GLOBAL):
        return []
    read = _read(path)
    bases = [base for base in read.pop("defaults", []) if base in choices(path.parent)]
    inherited = [option for base in bases for option in _options(folder, group, base)]
    return list(dict.fromkeys([*inherited, *(f"{group}.{leaf}" for leaf in _leaves(read))]))


def _meant(name: str, config_name: str, folder: Path) -> str:
    known = [*names(config_name, folder), "out"]
    if name in METERS and "song" in known:
        return ": a piece has the meter of its song, choose that by song= or midi=;"
    group = name.partition(".")[0]
    there = choices(group_folder(folder, group)) if name in known else []
    if having := [choice for choice in there if name in _options(folder, group, choice)]:
        return f" here, {group}={' or '.join(having[:4])} has it:"
    last = name.rpartition(".")[2].casefold()
    close = [option for option in (MEANT.get(last),) if option in known]
    close += [option for option in known if option.rpartition(".")[2] == last]
    by_end = {option.rpartition(".")[2]: option for option in reversed(known)}
    alike = difflib.get_close_matches(name.casefold(), known, 2, 0.7)
    alike += [by_end[end] for end in difflib.get_close_matches(last, list(by_end), 2, 0.7)]
    some = list(dict.fromkeys([*close, *_nearest(alike, last)]))[:3]
    return f", did you mean {' or '.join(some)}?" if some else ":"


def _nearest(options: list[str], last: str) -> list[str]:
    """Those whose last part is about as near to a name as that of the nearest one."""

    def likeness(option: str) -> float:
        return difflib.SequenceMatcher(None, last, option.rpartition(".")[2]).ratio()

    best = max(map(likeness, options), default=0.0)
    return [option for option in options if likeness(option) > best - BESIDE]


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


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(path) or {}
    return found


def _leaves(values: Any, prefix: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"
