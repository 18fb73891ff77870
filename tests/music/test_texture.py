import numpy as np
import pytest

from mood2music.music.events import between, from_list
from mood2music.music.texture import INTENSITY, POLYPHONY, Textures, steps_of, textures_of

# Two bars: quarters of three pitches, then one pitch held on for the whole bar.
TWO = from_list([((48, 52, 55), 24)] * 4 + [((60,), 96)])


def step(value: float, ends: tuple[float, ...]) -> int:
    return 1 + sum(value >= end for end in ends)


def test_a_bar_is_as_full_as_what_is_struck_and_sounds_in_it() -> None:
    found = textures_of(TWO)
    assert found.line.tolist() == [0, 96]
    assert found.code.tolist() == [
        [step(1.0, INTENSITY), step(3.0, POLYPHONY)],
        [step(0.25, INTENSITY), step(1.0, POLYPHONY)],
    ]
    assert found.code.tolist() == steps_of([1.0, 0.25], [3.0, 1.0]).tolist()


def test_what_is_held_is_not_struck_and_sounds_over_bar_lines() -> None:
    over = from_list([((60, 64), 144), ((188, 192), 48)])
    found = textures_of(over).code.tolist()
    assert found == steps_of([0.25, 0.0], [2.0, 2.0]).tolist()


def test_a_bar_that_is_not_whole_is_measured_by_what_there_is_of_it() -> None:
    late = between(TWO, 48, 144)
    found = textures_of(late)
    assert found.line.tolist() == [0, 96]
    assert found.code.tolist() == steps_of([1.0, 0.5], [3.0, 1.0]).tolist()


def test_each_step_is_told_its_bar_and_behind_the_last_one_its_own() -> None:
    found = textures_of(TWO)
    told = found.told(np.array([-5, 0, 95, 96, 500]))
    assert told.tolist() == found.code[[0, 0, 0, 1, 1]].tolist()


@pytest.mark.parametrize("nothing", [from_list([]), None])
def test_nothing_is_told_of_no_bar(nothing: object) -> None:
    empty = Textures(np.zeros(0, np.int64), np.zeros((0, 2), np.uint8))
    found = empty if nothing is None else textures_of(from_list([]))
    assert found.told(np.array([3, 4])).tolist() == [[0, 0], [0, 0]]


def test_nothing_has_no_bars() -> None:
    found = textures_of(from_list([]))
    assert (found.line.shape, found.code.shape) == ((0,), (0, 2))
