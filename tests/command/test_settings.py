from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from omegaconf import OmegaConf

from mood2music.command.settings import parse, shown
from mood2music.errors import SettingsError


@dataclass
class Inner:
    size: int = 3
    share: float = 0.5


@dataclass
class Outer:
    name: str = "a"
    inner: Inner = field(default_factory=Inner)
    several: list[int] = field(default_factory=list)
    mix: dict[str, float] | None = None
    on: bool = False
    path: str | Path | None = None
    free: Any = None

    def check(self) -> None:
        if self.name == "wrong":
            raise SettingsError("name=wrong: expected another")


def test_settings_become_dataclasses_with_defaults_kept() -> None:
    settings = parse(Outer, {"inner": {"size": 5}})
    assert settings == Outer("a", Inner(5))


@dataclass
class Keyword:
    from_: str = "here"
    to: str = "there"


def test_a_word_of_pythons_is_a_settings_name() -> None:
    assert parse(Keyword, {"from": "a"}) == Keyword("a")
    assert parse(Keyword, Keyword("b")) == Keyword("b")
    with pytest.raises(SettingsError, match=r"from_: there is no such setting, .*from"):
        parse(Keyword, {"from_": "a"})


def test_a_config_of_hydra_is_taken_with_its_interpolations_resolved() -> None:
    config = OmegaConf.create({"several": [1, "${several.0}"], "mix": {"jazz": 1}})
    assert parse(Outer, config) == Outer(several=[1, 1], mix={"jazz": 1.0})


def test_numpys_numbers_tuples_and_arrays_become_pythons() -> None:
    given = Outer(
        inner=Inner(np.int64(5), np.float32(0.25)),  # type: ignore[arg-type]
        several=(1, np.int8(2)),  # type: ignore[arg-type]
        path=Path("a"),
    )
    made = parse(Outer, given)
    assert made == Outer(inner=Inner(5, 0.25), several=[1, 2], path=Path("a"))
    assert [type(made.inner.size), type(made.several[1])] == [int, int]
    assert parse(Outer, {"several": np.array([3, 4])}).several == [3, 4]


def test_one_value_may_stand_for_a_list_of_one() -> None:
    assert parse(Outer, {"several": 7}).several == [7]


def test_ranges_are_checked_with_types() -> None:
    with pytest.raises(SettingsError, match=r"^name=wrong: expected another$"):
        parse(Outer, {"name": "wrong"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"inner": {"size": "2m"}}, "inner.size=2m: expected a whole number"),
        ({"inner": {"size": 2.5}}, "inner.size=2.5: expected a whole number"),
        ({"inner": {"size": None}}, "inner.size=null: expected a whole number"),
        ({"inner": {"size": True}}, "inner.size=true: expected a whole number"),
        ({"inner": {"size": [1]}}, "inner.size=[1]: expected a whole number"),
        ({"inner": {"share": "slow"}}, "inner.share=slow: expected a number"),
        ({"inner": {"share": float("nan")}}, "inner.share=nan: expected a number"),
        ({"inner": {"share": "inf"}}, "inner.share=inf: expected a number"),
        ({"inner": 3}, "inner=3: expected settings by name, some of size, share"),
        ({"several": ["a"]}, "several=[a]: expected a whole number"),
        ({"several": None}, "several=null: expected a list of whole numbers, [a,b]"),
        ({"mix": "jazz"}, "mix=jazz: expected names with values, {name:value}"),
        ({"mix": {"jazz": "much"}}, "mix.jazz=much: expected a number"),
        ({"on": "perhaps"}, "on=perhaps: expected true or false"),
        ({"name": ["a", "b"]}, "name=[a,b]: expected one word or text"),
        ({"path": {"a": 1}}, "path={a:1}: expected one word or text or a path"),
        ({"inner": {"sise": 5}}, "inner.sise: there is no such setting, did you mean size?"),
        (
            {"nonsense": 3},
            "nonsense: there is no such setting, "
            "expected name, inner, several, mix, on, path, free",
        ),
    ],
)
def test_what_is_refused_is_refused_in_plain_words_by_its_place(
    given: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        parse(Outer, given)
    assert str(refused.value) == said


def test_the_group_stands_before_the_names() -> None:
    with pytest.raises(SettingsError, match=r"^model\.inner\.size=abc: expected a whole number$"):
        parse(Outer, {"inner": {"size": "abc"}}, "model")


def test_an_interpolation_that_leads_nowhere_is_named() -> None:
    with pytest.raises(SettingsError, match=r"^name: .*nowhere"):
        parse(Outer, OmegaConf.create({"name": "${nowhere}"}))


def test_a_value_is_shown_as_one_types_it_on_one_line_and_cut() -> None:
    assert shown([None, True, {"a": 0.5}]) == "[null,true,{a:0.5}]"
    assert shown("a\nb") == r"'a\nb'"
    assert len(shown("x" * 5000)) == 60


@dataclass
class Either:
    put: bool | str | None = None


@pytest.mark.parametrize(
    ("given", "meant"),
    [("yes", True), ("Off", False), (True, True), ("stride", "stride"), (None, None)],
)
def test_a_word_for_a_truth_is_one_where_a_text_may_stand_too(given: object, meant: object) -> None:
    assert parse(Either, {"put": given}).put == meant
