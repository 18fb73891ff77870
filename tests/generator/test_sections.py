"""sections.py: letters of pieces made by hand; forms are drawn as often as they were met."""

from collections import Counter

import numpy as np
import pytest

from mood2music.errors import CheckpointError
from mood2music.generator.form import Section
from mood2music.generator.memory.kinds import EXACT, LOOSE, NEW
from mood2music.generator.memory.returns import Bars
from mood2music.generator.sections import BARS, Sections, labels, mixed, shipped_sections


def bars(*source: int, code: int = EXACT) -> Bars:
    """Bars that come back to these, -1 for none."""
    whole = np.array(source)
    codes = np.where(whole >= 0, code, NEW).astype(np.uint8)
    return Bars(np.arange(len(whole)) * 96, whole, codes, *np.zeros((2, len(whole)), np.int64))


def section(of: int = -1) -> list[int]:
    """The bars of a section that returns the `of`-th, or is new."""
    return [-1] * BARS if of < 0 else list(range(of * BARS, (of + 1) * BARS))


def test_a_section_that_comes_back_has_its_letter() -> None:
    piece = bars(*section(), *section(), *section(0), *section(1), *section())
    assert labels(piece) == [(0, 1), (1, 1), (0, 1), (1, 1), (2, 1)]
    assert labels(bars(*section()[:-1])) == []


def test_a_return_of_half_is_a_variation_and_of_less_is_none() -> None:
    half = [*section(), *section(), *section(0)[:4], *[-1] * 4]
    assert labels(bars(*half)) == [(0, 1), (1, 1), (0, 3)]
    assert labels(bars(*half[:-5], *[-1] * 5))[-1] == (2, 1)
    loose = bars(*section(), *section(), *section(0), code=LOOSE)
    assert labels(loose)[-1] == (0, 4)


def test_a_return_behind_an_opening_need_not_begin_with_a_section() -> None:
    later = [-1] * 2 + [-1] * 2 * BARS + list(range(2, 2 + BARS))
    assert labels(bars(*later)) == [(0, 1), (1, 1), (0, 2)]


def test_bars_that_repeat_within_a_section_are_no_return() -> None:
    repeats = [-1, -1, -1, -1, 0, 1, 2, 3]
    inside = [bar + BARS if bar >= 0 else bar for bar in repeats]
    assert labels(bars(*section(), *inside)) == [(0, 1), (1, 1)]


def test_forms_are_drawn_as_they_were_met() -> None:
    aaba = bars(*section(), *section(0), *section(), *section(0))
    learnt = Sections.learn([aaba] * 200)
    assert learnt.numbers == {1: 400}
    rng = np.random.default_rng(0)
    drawn = Counter(" ".join(map(str, learnt.draw(4, rng))) for _ in range(200))
    assert drawn["A A B A"] > 190
    assert learnt.draw(1, rng) == [Section("A", 1)]
    again = Sections.from_dict(learnt.as_dict())
    assert (again.does, again.numbers) == (learnt.does, learnt.numbers)
    with pytest.raises(CheckpointError, match="a form of sections that is none"):
        Sections.from_dict({"does": []})


def test_what_ships_returns_and_pop_more_than_jazz() -> None:
    assert {"all", "jazz", "classical", "pop"} == set(shipped_sections())

    def returns(styles: dict[str, float]) -> float:
        rng, own = np.random.default_rng(0), mixed(styles)
        forms = [own.draw(8, rng) for _ in range(200)]
        assert all(form[0] == Section("A", 1) for form in forms)
        return float(np.mean([8 - len({s.letter for s in form}) for form in forms]))

    jazz, half, pop = returns({"jazz": 1}), returns({"jazz": 0.5, "pop": 0.5}), returns({"pop": 1})
    assert jazz < half < pop
    assert returns({}) == returns({"tango": 1})
