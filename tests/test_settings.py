from dataclasses import dataclass, field

import pytest

from mood2music.errors import SettingsError
from mood2music.settings import parse


@dataclass
class Inner:
    size: int = 3


@dataclass
class Outer:
    name: str = "a"
    inner: Inner = field(default_factory=Inner)


def test_settings_become_dataclasses_with_defaults_kept() -> None:
    settings = parse(Outer, {"inner": {"size": 5}})
    assert settings == Outer("a", Inner(5))


def test_a_misspelt_name_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"^model\.sise: .*sise"):
        parse(Inner, {"sise": 5}, "model")


def test_a_wrong_type_is_refused_by_place() -> None:
    with pytest.raises(SettingsError, match=r"^inner\.size: Value 'abc'"):
        parse(Outer, {"inner": {"size": "abc"}})
