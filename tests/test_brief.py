"""A result's repr fits a line or two, whatever it holds."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mood2music.brief import LINE, brief
from mood2music.flow.request import GenerateSettings
from mood2music.music.events import to_events
from tests.conftest import tune


@brief
@dataclass
class Result:
    name: str
    values: Any
    more: list[int] = field(default_factory=list)
    size: int = 3


def test_arrays_and_long_lists_are_told_by_their_size() -> None:
    assert (
        repr(Result("a", np.zeros((2, 49), np.float32))) == "Result(name='a', values=float32[2,49])"
    )
    assert repr(Result("a", [1] * 40)) == "Result(name='a', values=[40 int])"
    assert repr(Result("a", dict.fromkeys("abcdef"))) == "Result(name='a', values={6 names})"


def test_what_differs_from_its_default_is_told_and_nothing_else() -> None:
    assert (
        repr(Result("a", None, [1, 2], 4)) == "Result(name='a', values=None, more=[1, 2], size=4)"
    )
    settings = GenerateSettings(photo=Path("me.jpg"), length=20, mood=np.array([0.5, 0.2]))
    assert repr(settings) == "GenerateSettings(photo='me.jpg', mood=float64[2], length=20)"


def test_nothing_makes_it_longer_than_two_lines() -> None:
    long = Result("x" * 5000, Result("y" * 500, None), size=4)
    assert len(repr(long)) <= LINE
    assert "\n" not in repr(Result("a", np.zeros((3, 3)).tolist()))


def test_music_is_told_in_a_line() -> None:
    notes = tune(1)
    assert repr(notes).startswith(f"Notes(onset=int64[{len(notes)}], ")
    assert len(repr(notes)) <= LINE
    assert len(repr(to_events(notes))) <= LINE
