"""Gives dataclasses a repr of a line or two: arrays and long lists are told by their size."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

C = TypeVar("C")

LINE = 190  # letters of a repr at most, two lines of a terminal
PART = 60  # letters of one of its values
FEW = 3  # a list or dict of so many simple values is written out


def brief(cls: type[C]) -> type[C]:
    """Give a dataclass a short repr; values that are its defaults are left out.

    >>> Notes(onset=array([0, 12]), ..., title="Tune")
    Notes(onset=int64[2], duration=int64[2], pitch=int16[2], velocity=uint8[2], title='Tune')
    """
    cls.__repr__ = _told  # type: ignore[method-assign]
    return cls


def _told(self: Any) -> str:
    told = [item.name for item in fields(self) if not _usual(self, item)]
    text = ", ".join(f"{name}={_short(getattr(self, name))}" for name in told)
    return f"{type(self).__name__}({_cut(text, LINE - len(type(self).__name__) - 2)})"


def _usual(self: Any, item: "Field[Any]") -> bool:
    """Whether a value is the field's default."""
    value = getattr(self, item.name)
    if item.default is not MISSING:
        return type(value) is type(item.default) and bool(value == item.default)
    if item.default_factory is not MISSING:
        usual = item.default_factory()
        return type(value) is type(usual) and bool(value == usual)
    return False


def _short(value: Any) -> str:
    if hasattr(value, "dtype") and hasattr(value, "shape"):
        sizes = ",".join(map(str, value.shape))
        return f"{value.dtype}[{sizes}]" if sizes else f"{value}"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Path):
        return repr(str(value))
    if isinstance(value, Mapping):
        simple = len(value) <= FEW and all(map(_simple, value.values()))
        return _cut(repr(dict(value)), PART) if simple else f"{{{len(value)} names}}"
    if isinstance(value, list | tuple):
        if len(value) <= FEW and all(map(_simple, value)):
            return _cut(f"[{', '.join(map(_short, value))}]", PART)
        return f"[{len(value)} {type(value[0]).__name__}]"
    if is_dataclass(value):
        return _cut(repr(value), PART)
    text = repr(value)
    return _cut(text if "\n" not in text else type(value).__name__ + "(...)", PART)


def _simple(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | Enum)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
