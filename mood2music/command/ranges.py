"""Holds settings' values against what is allowed, and refuses one outside by its place."""

from collections.abc import Sequence
from typing import Any

from mood2music.command.settings import shown
from mood2music.errors import SettingsError
from mood2music.registry import near

# Generators of numpy and torch both take these.
MOST_SEED = 2**32 - 1


def at_least(settings: object, group: str, **least: float) -> None:
    """Raise SettingsError for a named value below its bound; None passes.

    >>> at_least(TrainerSettings(epochs=0), "trainer.", epochs=1)
    SettingsError: trainer.epochs=0: expected 1 or more
    """
    for name, bound in least.items():
        value = getattr(settings, name)
        if value is not None and value < bound:
            raise SettingsError(f"{group}{name}={shown(value)}: expected {bound:g} or more")


def above(settings: object, group: str, **bounds: float) -> None:
    """Raise SettingsError for a named value that is not above its bound; None passes."""
    for name, bound in bounds.items():
        value = getattr(settings, name)
        if value is not None and not value > bound:
            raise SettingsError(f"{group}{name}={shown(value)}: expected above {bound:g}")


def within(settings: object, group: str, low: float, high: float, *names: str) -> None:
    """Raise SettingsError for a named value outside [low, high]; None passes."""
    for name in names:
        value = getattr(settings, name)
        if value is not None and not low <= value <= high:
            raise SettingsError(
                f"{group}{name}={shown(value)}: expected {shown(low)} to {shown(high)}"
            )


def shares(settings: object, group: str, *names: str) -> None:
    """Raise SettingsError for a named value outside [0, 1)."""
    for name in names:
        value = getattr(settings, name)
        if not 0 <= value < 1:
            raise SettingsError(f"{group}{name}={shown(value)}: expected 0 or more, below 1")


def one_of(settings: object, group: str, **known: Sequence[Any]) -> None:
    """Raise SettingsError for a named value that is none of the known ones, naming near ones."""
    for name, values in known.items():
        value = getattr(settings, name)
        if value not in values:
            words = [shown(known_value) for known_value in values]
            expected = f"expected {'one of ' if len(words) > 1 else ''}{', '.join(words)}"
            close = near(str(value), words)
            meant = f"{close} " if close.startswith("did") else ""
            raise SettingsError(f"{group}{name}={shown(value)}: {meant}{expected}")


def check_seed(seed: int) -> None:
    """Raise SettingsError for a seed that the generators do not take."""
    if not 0 <= seed <= MOST_SEED:
        raise SettingsError(f"seed={seed}: expected 0 to {MOST_SEED}")
