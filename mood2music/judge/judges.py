"""Lets every registered judge measure a piece, those of plug-ins too, and knows their figures.

A judge is a function of notes, registered with the dataclass that it gives; the dataclass's numbers
are figures: columns of `evaluate pieces=`, values in run.json, what `metric=` can name.
"""

from collections.abc import Mapping
from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from mood2music.errors import SettingsError
from mood2music.judge.measures import Measures, measure
from mood2music.judge.mood import formula_mood
from mood2music.judge.rated_mood import rated_mood
from mood2music.judge.statistics import Statistics, statistics
from mood2music.judge.style_judge import Styles, style_of
from mood2music.mood import Mood
from mood2music.music.notes import Notes
from mood2music.registry import find, names, register

register("judge", "statistics", Statistics, statistics)
register("judge", "measures", Measures, measure)
register("judge", "mood", Mood, rated_mood)
register("judge", "style", Styles, style_of)

# Those that read the mood of a passage alone, for networks that are told it.
register("mood_judge", "rated", Mood, rated_mood)
register("mood_judge", "formula", Mood, formula_mood)

# The package's own, whose figures a terminal's line has no room for.
OWN = "mood2music."


def judged(notes: Notes) -> dict[str, Any]:
    """Give what each judge measures, by its name: a dataclass each."""
    return {name: find("judge", name, "judge").build(notes) for name in names("judge")}


def columns(foreign: bool = False) -> list[str]:
    """Name everything that judges tell of a piece, by judge and field; foreign: plug-ins' alone.

    Raises SettingsError where two judges tell of the same name.
    """
    owner: dict[str, str] = {}
    found = []
    for judge in names("judge"):
        choice = find("judge", judge, "judge")
        for field in fields(choice.settings):
            if field.name in owner:
                raise SettingsError(
                    f"the judges {owner[field.name]} and {judge} both tell {field.name}"
                )
            owner[field.name] = judge
            if not (foreign and choice.origin.startswith(OWN)):
                found.append(field.name)
    return found


def figures() -> list[str]:
    """Name the numbers among them, which `metric` takes. Raises as `columns`."""
    numbers = {
        name
        for judge in names("judge")
        for name, hint in get_type_hints(find("judge", judge, "judge").settings).items()
        if _is_number(hint)
    }
    return [name for name in columns() if name in numbers]


def flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """One row of what `judged` gave, by field."""
    return {field.name: getattr(one, field.name) for one in told.values() for field in fields(one)}


def _is_number(hint: Any) -> bool:
    inner = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return set(inner) - {NoneType} <= {int, float}
