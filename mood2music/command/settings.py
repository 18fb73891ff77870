"""Turns a composed config, or values given in Python, into the dataclass of a stage.

Unknown names, wrong types and values outside their range are refused in plain words, by place.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from mood2music.errors import SettingsError
from mood2music.registry import find, load_plugins, near

S = TypeVar("S")

LONGEST_SHOWN = 60  # letters of a value in a message
# What a type is called in a message.
WORDS: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "one word or text",
    Path: "a path",
    NoneType: "null",
}
# What YAML calls true and false, for values that come in quotes.
BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class _Refused(Exception):
    """A value of another type; the text says what was expected."""


def parse(schema: type[S], config: Any, group: str = "") -> S:
    """Make the settings dataclass `schema` from a config, and let it check its own ranges.

    config: a mapping, a DictConfig, or a `schema` whose values are brought to their types: numpy's
    numbers become Python's, tuples and arrays lists. group: what stands before its names on the
    command line. Modules that its setting `plugins` names are imported first. Raises SettingsError,
    or what `schema.check` raises.

    >>> parse(LSTMSettings, {"hidden": "abc"}, "model.encoder")
    SettingsError: model.encoder.hidden=abc: expected a whole number

    A dataclass with a class variable KIND stands for all choices of that kind: its `name` says
    whose settings are made, for example `optimizer.name=rmsprop`.
    """
    if isinstance(config, DictConfig):
        try:
            config = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
        except OmegaConfBaseException as error:
            key = ".".join(filter(None, (group, getattr(error, "full_key", None) or "")))
            raise SettingsError(f"{key or group}: {str(error).splitlines()[0]}") from error
    _load_plugins(schema, config)
    made = cast(S, _made(schema, config, group))
    check = getattr(made, "check", None)
    if check is not None:
        check()
    return made


def name_of(item: Field[Any]) -> str:
    """A setting's name: that of its field; `from`, a word of Python's, is the field `from_`."""
    return item.name.removesuffix("_")


def shown(value: Any, most: int | None = LONGEST_SHOWN) -> str:
    """Write a value as one types it behind `name=`, on one line; most: letters, None for all.

    >>> shown([None, True, "svg", 0.5])
    '[null,true,svg,0.5]'
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        text = f"{{{','.join(f'{key}:{shown(inner, most)}' for key, inner in value.items())}}}"
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        text = f"[{','.join(shown(part, most) for part in value)}]"
    else:
        text = _short(value) if type(value) is float else str(value)
    text = text if text.isprintable() else ascii(text)
    return text if most is None or len(text) <= most else text[: most - 1] + "…"


def _short(number: float) -> str:
    """Six digits where they say it all: 1e-05, 0.3; else as many as do."""
    short = f"{number:g}"
    return short if float(short) == number else str(number)


def _load_plugins(schema: Any, given: Any) -> None:
    """Import what the setting `plugins` names, where there is one: it may register choices."""
    if "plugins" not in (item.name for item in fields(schema)):
        return
    named = given.get("plugins") if isinstance(given, Mapping) else getattr(given, "plugins", None)
    if named is not None:
        load_plugins(_value(list[str], named, "plugins"))


def _registered(schema: Any, given: Mapping[str, Any], start: str) -> Any:
    """The dataclass that the given name registers, where the schema stands for all of its KIND."""
    kind = vars(schema).get("KIND")
    if kind is None:
        return schema
    name = given.get("name", schema.name)
    return find(kind, str(name), f"{start}name").settings


def _made(schema: Any, given: Any, place: str) -> Any:
    """The dataclass, each of its values of its type."""
    if is_dataclass(given) and isinstance(given, schema):
        given = {name_of(item): getattr(given, item.name) for item in fields(given)}
    if not isinstance(given, Mapping):
        said = f"{place}={shown(given)}: " if place else ""
        names = ", ".join(name_of(item) for item in fields(schema))
        raise SettingsError(f"{said}expected settings by name, some of {names}")
    start = f"{place}." if place else ""
    chosen = _registered(schema, given, start)
    if chosen is not schema:
        # Hydra's ~name takes nothing away that is null in the YAML of another choice.
        theirs = [name_of(item) for item in fields(chosen)]
        given = {key: value for key, value in given.items() if key in theirs or value is not None}
        schema = chosen
    hints = get_type_hints(schema)
    known = [name_of(item) for item in fields(schema)]
    for key in given:
        if key not in known:
            raise SettingsError(f"{start}{key}: there is no such setting, {near(str(key), known)}")
    values = {}
    for item, name in zip(fields(schema), known, strict=True):
        if name in given:
            values[item.name] = _value(hints[item.name], given[name], start + name)
        elif item.default is MISSING and item.default_factory is MISSING:
            raise SettingsError(f"{start}{name}: missing, expected {_said(hints[item.name])}")
    return schema(**values)


def _value(hint: Any, value: Any, place: str) -> Any:
    """The value as the type asks. Raises SettingsError that names the place."""
    try:
        return _typed(hint, plain(value), place)
    except _Refused as refused:
        raise SettingsError(f"{place}={shown(value)}: expected {refused}") from None


def plain(value: Any) -> Any:
    """Python's own numbers and lists for numpy's and OmegaConf's."""
    if OmegaConf.is_config(value):
        return OmegaConf.to_container(value, resolve=True)
    return value.tolist() if hasattr(value, "tolist") else value


def _typed(hint: Any, value: Any, place: str) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _one_of(inner, value, place)
    if is_dataclass(hint):
        return _made(hint, value, place)
    if origin in (list, Sequence):
        # One thing where several may stand: structure=A.
        several = value if isinstance(value, list | tuple) else [value]
        if value is None or isinstance(value, Mapping):
            raise _Refused(_said(hint))
        return [_typed(inner[0], plain(part), place) for part in several]
    if origin in (dict, Mapping):
        value = _from_json(value)
        if not isinstance(value, Mapping):
            raise _Refused(_said(hint))
        return {str(key): _value(inner[1], part, f"{place}.{key}") for key, part in value.items()}
    if hint in _SIMPLE:
        return _SIMPLE[hint](value)
    return value  # Any: who reads it checks it


def _from_json(value: Any) -> Any:
    """The dictionary that a text writes: names of any letters come so from a command line."""
    if not isinstance(value, str) or not value.startswith("{"):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _one_of(hints: tuple[Any, ...], value: Any, place: str) -> Any:
    if value is None and NoneType in hints:
        return None
    rest = [hint for hint in hints if hint is not NoneType]
    if bool in rest and isinstance(value, str) and value.casefold() in BOOLEANS:
        return BOOLEANS[value.casefold()]
    for hint in rest:
        # What is of the type already is not made another: a Path stays one where text may stand.
        if isinstance(hint, type) and isinstance(value, hint) and type(value) is not bool:
            return _typed(hint, value, place)
    for hint in rest:
        try:
            return _typed(hint, value, place)
        except _Refused:
            continue
        except SettingsError:
            if isinstance(value, Mapping):  # a fault inside of it
                raise
    raise _Refused(" or ".join(dict.fromkeys(map(_said, rest))))


def _said(hint: Any) -> str:
    """What a type is called."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return " or ".join(_said(part) for part in inner if part is not NoneType)
    if origin in (list, Sequence):
        each = {int: "whole numbers", float: "numbers"}.get(inner[0], "words")
        return f"a list of {each}, [a,b]"
    if origin in (dict, Mapping):
        return "names with values, {name:value}"
    if is_dataclass(hint):
        return "settings by name"
    return WORDS.get(hint, "another value")


def _whole(value: Any) -> int:
    if isinstance(value, str):
        try:
            value = int(value) if value.strip().lstrip("+-").isdigit() else float(value)
        except ValueError:
            raise _Refused(WORDS[int]) from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Refused(WORDS[int])
    if isinstance(value, float) and not value.is_integer():
        raise _Refused(WORDS[int])
    return int(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _Refused(WORDS[float])
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise _Refused(WORDS[float]) from None
    if not math.isfinite(number):
        raise _Refused(WORDS[float])
    return number


def _truth(value: Any) -> bool:
    if isinstance(value, str) and value.casefold() in BOOLEANS:
        return BOOLEANS[value.casefold()]
    if isinstance(value, bool) or (isinstance(value, int) and value in (0, 1)):
        return bool(value)
    raise _Refused(WORDS[bool])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | Path | int | float):
        return str(value)
    raise _Refused(WORDS[str])


def _path(value: Any) -> Path:
    if not isinstance(value, str | Path):
        raise _Refused(WORDS[Path])
    return Path(value)


_SIMPLE = {int: _whole, float: _number, bool: _truth, str: _text, Path: _path}
