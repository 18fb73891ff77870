"""Reads the values of the page's fields, and says in plain words what one cannot be."""

import json
from collections.abc import Sequence
from typing import Any

from mood2music.errors import SettingsError

# Letters of a text field that are taken, and of a wrong value that are shown.
WORDS, SHOWN = 200, 40


def field_of(name: str, given: Any, expected: str) -> SettingsError:
    """Give the error for a value that a field cannot have, the value as JSON and not at length."""
    try:
        text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    except (TypeError, ValueError):
        text = "something else"
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return SettingsError(f"{name}={text[:SHOWN]}{'...' * (len(text) > SHOWN)}: expected {expected}")


def number(name: str, given: Any, least: float, most: float) -> float:
    """Read a number of a range. Raises SettingsError for anything else."""
    usual = isinstance(given, int | float) and not isinstance(given, bool)
    if not usual or not least <= given <= most:
        raise field_of(name, given, f"a number, {least:g} to {most:g}")
    return float(given)


def whole(name: str, given: Any, least: int, most: int) -> int:
    """Read a whole number of a range. Raises SettingsError for anything else."""
    usual = isinstance(given, int | float) and not isinstance(given, bool)
    if not usual or not least <= given <= most or given != int(given):
        raise field_of(name, given, f"a whole number, {least} to {most}")
    return int(given)


def one_of(name: str, given: Any, choices: Sequence[str]) -> str:
    """Read one of a few names. Raises SettingsError for anything else."""
    if not isinstance(given, str) or given not in choices:
        few = ", ".join(choices) if len(choices) < 20 else "one of the list"
        raise field_of(name, given, few)
    return given


def words(name: str, given: Any) -> str:
    """Read a short text. Raises SettingsError for anything else."""
    if not isinstance(given, str) or len(given) > WORDS:
        raise field_of(name, given, f"at most {WORDS} letters")
    return given


def truth(name: str, given: Any) -> bool:
    """Read a yes or no. Raises SettingsError for anything else."""
    if not isinstance(given, bool):
        raise field_of(name, given, "true or false")
    return given
