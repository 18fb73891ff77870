"""Words of a command line come in as typed; overrides that Hydra reads as meant go out.

Hydra's grammar knows ASCII words, numbers, lists and functions: `photo=photo (1).jpg` is no value
to it, `midi=a,b.mid` is two and `song=1e5` is a number. A path or a title is taken as it stands
here, by quoting it before Hydra sees it. What Hydra's users rely on stays: "quoted" values, null,
`${interpolations}`, lists where a list is expected, and with -m the commas of a sweep.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, Quote, QuotedString
from hydra.errors import HydraException
from omegaconf.errors import GrammarParseError
from omegaconf.grammar_parser import parse as parse_interpolation

from mood2music.command.groups import choices, group_folder
from mood2music.command.settings import shown
from mood2music.errors import SettingsError

# Options that are one path or one free text, of all commands; a group of the same name is none.
TEXTS = {
    "folder", "song", "midi", "audio", "model", "key", "resume", "photos", "network",
    "pieces", "beside", "out", "composer", "words", "style", "style.from", "style.save",
    "catalog.csv", "catalog.root", "catalog.midi_root", "catalog.style", "data.store", "quadrants",
    "render.soundfont",
    "render.program", "app.host",
    "app.auth", "data.labels", "data.train", "data.val", "data.test", "benchmark.resume",
    "logger.project", "logger.entity", "logger.group", "logger.run", "logger.notes",
    "logger.job_type", "parallel.address", "model.name", "model.weights", "model.init",
    "hydra.run.dir", "hydra.sweep.dir", "hydra.sweep.subdir", "hydra.job.name",
}  # fmt: skip
# Those that are one path, or a list of paths in brackets.
LISTS = {"photo", "face.weights", "novelty.index", "weights", "data.root", "data.test_root"}
# Hydra's flags that take the next word.
TAKING = {
    "-cp", "--config-path", "-cn", "--config-name", "-cd", "--config-dir", "-p", "--package",
    "-c", "--cfg",
}  # fmt: skip

# All of Hydra's flags. argparse takes the beginning of a long one, a value stuck to a short one.
FLAGS = {
    *TAKING, "-h", "--help", "--hydra-help", "--version", "--resolve", "-r", "--run", "-m",
    "--multirun", "-sc", "--shell-completion", "--experimental-rerun", "-i", "--info",
}  # fmt: skip

# An option as typed: + or ++ adds it, ~ removes it.
_OPTION = re.compile(r"(?P<mark>\+{0,2}|~)(?P<name>[A-Za-z_$][\w$./@:-]*)=(?P<value>.*)", re.DOTALL)
_SWEEP = re.compile(r"(choice|range|interval|glob|shuffle|sort|tag)\(.*\)")
_INTERPOLATION = re.compile(r"(?<!\\)(\\\\)*\$\{")  # not \${, which is a text
_QUOTED_KEY = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*:""", re.DOTALL)
_PAIRS = {"(": ")", "[": "]", "{": "}"}


def as_meant(words: Sequence[str], groups: Path | None = None) -> list[str]:
    """Quote what Hydra would read otherwise than it was meant; flags pass as they are.

    Flags come first: of those between options argparse refuses what follows. groups: the folder
    whose folders are groups, where `model=lstm` chooses a file. Raises SettingsError for a word
    that is no flag of Hydra's and has no name before a =.

    >>> as_meant(["photo=photo (1).jpg", "length=40"])
    ['photo="photo (1).jpg"', 'length=40']
    >>> as_meant(["length=40", "-m", "midi=a.mid,Zoë.mid"])
    ['-m', 'length=40', 'midi=a.mid,"Zoë.mid"']
    """
    sweep = is_sweep(words)
    flags, options, taken = [], [], False
    for word in words:
        # The word behind a flag that takes one is no override.
        if taken:
            flags.append(word)
        elif word.startswith("-"):
            flags.append(_flag(word))
        else:
            options.append(_override(word, groups, sweep))
        taken = word in TAKING
    return [*flags, *options]


def is_sweep(words: Sequence[str]) -> bool:
    """Whether a command line asks for every combination of values with commas between them."""
    return not {"-m", "--multirun", "hydra.mode=MULTIRUN"}.isdisjoint(words)


def is_override(word: str) -> bool:
    """Whether a word has the shape of an option: a name, =, a value.

    >>> is_override("photo=a=b.jpg"), is_override("Duet for 2 = 1"), is_override("--cfg=job")
    (True, False, False)
    """
    return _OPTION.fullmatch(word) is not None


def literal(text: str) -> str:
    r"""Quote a text that is none of Hydra's values, whatever it holds.

    >>> print(literal("null"), literal('The "Second"'))
    "null" "The \"Second\""
    """
    return QuotedString(_escaped(text), Quote.double).with_quotes()


def _flag(word: str) -> str:
    """A flag as it stands. Raises SettingsError for one that there is not, as --length=40."""
    name, _, value = word.partition("=")
    long = name.startswith("--")
    if any(flag.startswith(name) if long else name.startswith(flag) for flag in FLAGS):
        return word
    bare = name.lstrip("-").replace("-", "_")
    meant = f"{bare}={value}" if value else "name=value, for example photo=me.jpg"
    raise SettingsError(
        f"{shown(word)}: there is no such flag, expected {shown(meant)}; --help lists the names"
    )


def _override(word: str, groups: Path | None, sweep: bool) -> str:
    found = _OPTION.fullmatch(word)
    if found is None:
        if word.startswith("~"):  # ~name removes
            return word
        told = word if word.isprintable() else ascii(word)
        raise SettingsError(
            f"{told}: expected name=value, for example photo=me.jpg; a name with blanks "
            "in it goes between quotes, photo='photo (1).jpg'; --help lists the names"
        )
    name, value = found["name"], found["value"]
    start = word[: found.start("value")]
    group = groups is not None and group_folder(groups, name).is_dir()
    if name in LISTS or (name in TEXTS and not group):
        take = _text_or_list if name in LISTS else _text
        if sweep and _SWEEP.fullmatch(value) and _parsed(start, value):
            return word
        # Blanks around a comma are none of the names', as Hydra has it.
        parts = [part.strip(" \t") for part in _split(value)] if sweep else [value]
        return start + ",".join(take(start, part) for part in parts)
    parsed = _parsed(start, value)
    if parsed is None:
        parts = list(_split(value)) if sweep else [value]
        return start + ",".join(_part(start, part) for part in parts)
    if (group or name == "hydra" or "/" in name) and not parsed.is_delete():
        _check_choice(name, parsed, groups)
    return word


def _check_choice(name: str, parsed: Override, groups: Path | None) -> None:
    """Raise SettingsError for a group's choice that is no name; Hydra has a ValueError for it."""
    value = parsed.value()
    if isinstance(value, str | list | QuotedString) or parsed.is_sweep_override():
        return
    known = choices(group_folder(groups, name)) if groups else []
    named = f"one of {', '.join(known)}" if known else "a name"
    given = str(parsed.input_line).partition("=")[2]
    raise SettingsError(
        f"{name}={given}: expected {named}, or {name}.option=value for one of its own"
    )


def _text(start: str, value: str) -> str:
    """One value as it stands, quoted where Hydra would read anything else.

    A file that is there is meant by its name, whatever that looks like; ~/ is the home folder,
    which not every shell writes out behind a =.
    """
    if value.startswith("~/"):
        with suppress(RuntimeError):  # nobody's home
            value = str(Path(value).expanduser())
    if _INTERPOLATION.search(value) and _is_there(value):
        return literal(value)
    parsed = _parsed(start, value)
    read = None if parsed is None else parsed._value
    if parsed is not None and (read is None or isinstance(read, QuotedString)):
        return value
    if isinstance(read, str) and read == value and ("${" not in value or _is_grammar(value)):
        return value
    return _interpolated(value) if _is_interpolation(value) else literal(value)


def _is_there(path: str) -> bool:
    with suppress(OSError, ValueError):  # too long a name, or one with a 0 in it
        return Path(path).expanduser().exists()
    return False


def _text_or_list(start: str, value: str) -> str:
    return _part(start, value) if value.startswith("[") else _text(start, value)


def _mended(start: str, value: str) -> str:
    """Quote as little as helps of a value that Hydra refuses: of a list or dict its parts."""
    ends = value[:1] + value[-1:]
    inside = value[1:-1]
    mended = ""
    if ends == "[]":
        mended = f"[{','.join(_part(start, part) for part in _split(inside))}]"
    if ends == "{}":
        pairs = [_pair(part) for part in _split(inside)]
        mended = f"{{{','.join(f'{key}:{_part(start, part)}' for key, part in pairs)}}}"
        if not _parsed(start, mended) and not _is_interpolation(value):
            # Hydra has no quotes for keys and few letters: settings read a dictionary's JSON too.
            return literal(json.dumps({_unquoted(k): _read(start, v) for k, v in pairs}))
    if mended and _parsed(start, mended):
        return mended
    return _interpolated(value) if _is_interpolation(value) else literal(value)


def _pair(part: str) -> tuple[str, str]:
    """A key of a dictionary, as typed, and its value.

    >>> _pair("R&B:.5"), _pair('"a: b":.5')
    (('R&B', '.5'), ('"a: b"', '.5'))
    """
    quoted = _QUOTED_KEY.match(part)
    if quoted:
        return quoted[1], part[quoted.end() :]
    key, _, value = part.partition(":")
    return key, value


def _unquoted(key: str) -> str:
    key = key.strip()
    return re.sub(r"\\(.)", r"\1", key[1:-1]) if _QUOTED_KEY.match(f"{key}:") else key


def _read(start: str, value: str) -> Any:
    """What Hydra reads a value as, the text itself where it refuses."""
    parsed = _parsed(start, value.strip())
    return value.strip() if parsed is None or parsed.is_sweep_override() else parsed.value()


def _part(start: str, part: str) -> str:
    parsed = _parsed(start, part)
    return part if parsed and not parsed.is_sweep_override() else _mended(start, part.strip())


def _parsed(start: str, value: str) -> Override | None:
    """What Hydra makes of an override, None where it refuses."""
    try:
        return OverridesParser.create().parse_override(f"{start}{value}")
    except HydraException:
        return None


def _interpolated(value: str) -> str:
    return QuotedString(value, Quote.double).with_quotes()


def _is_interpolation(value: str) -> bool:
    return _INTERPOLATION.search(value) is not None and _is_grammar(value)


def _is_grammar(value: str) -> bool:
    """Whether OmegaConf finds its grammar in a text that has ${ in it."""
    try:
        parse_interpolation(value)
    except GrammarParseError:
        return False
    return True


def _escaped(value: str) -> str:
    """A text in which OmegaConf finds nothing to resolve."""
    return re.sub(r"(\\*)\$\{", r"\1\1\\${", value)


def _split(value: str) -> Iterator[str]:
    """Parts between commas, of those that stand in no quotes and no brackets.

    >>> list(_split("a.mid,b (1,2).mid,it's.mid"))
    ['a.mid', 'b (1,2).mid', "it's.mid"]
    """
    part, quote = "", ""
    closing: list[str] = []
    for at, letter in enumerate(value):
        if quote:
            quote = "" if letter == quote and value[at - 1] != "\\" else quote
        elif letter in "'\"" and not part.strip() and letter in value[at + 1 :]:
            quote = letter  # an apostrophe inside a word opens nothing
        elif closing and letter == closing[-1]:
            closing.pop()
        elif letter in _PAIRS and _PAIRS[letter] in value[at + 1 :]:
            closing.append(_PAIRS[letter])
        elif letter == "," and not closing:
            yield part
            part = ""
            continue
        part += letter
    yield part
