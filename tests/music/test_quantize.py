from dataclasses import replace

import numpy as np
import pytest

from mood2music.errors import SettingsError
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes
from mood2music.music.quantize import quantize
from mood2music.music.stated_key import StatedKey
from tests.conftest import tune


def test_played_timing_moves_to_the_nearest_sixteenth_or_triplet() -> None:
    notes = make_notes([1, 7, 10, 23, 25], [4, 2, 4, 2, 20], [60, 62, 64, 65, 67], [80] * 5)
    assert quantize(notes).onset.tolist() == [0, 6, 8, 24, 24]


def test_no_note_loses_its_length() -> None:
    notes = make_notes([0, 13], [1, 1], [60, 62], [80, 80])
    assert quantize(notes).duration.tolist() == [6, 4]


def test_notes_on_the_grid_stay_where_they_are() -> None:
    notes = tune(3)
    moved = quantize(notes)
    assert np.array_equal(moved.onset, notes.onset)
    assert np.array_equal(moved.duration, notes.duration)


def test_without_divisors_nothing_moves() -> None:
    notes = make_notes([1], [5], [60], [80])
    assert quantize(notes, ()) is notes


def test_a_divisor_that_does_not_divide_the_grid_is_refused() -> None:
    with pytest.raises(SettingsError, match="divide the grid of 24"):
        quantize(tune(0), (5,))


def test_what_is_no_time_is_kept_and_a_finer_grid_is_its_own() -> None:
    notes = make_notes([2, 25], [20, 20], [60, 62], [30, 90], 90.0, 48, "Title")
    moved = quantize(notes, (4, 3))
    assert (moved.tempo, moved.grid, moved.title) == (90.0, 48, "Title")
    assert (moved.pitch.tolist(), moved.velocity.tolist()) == ([60, 62], [30, 90])
    assert (moved.onset.tolist(), moved.duration.tolist()) == ([0, 24], [24, 24])


@pytest.mark.parametrize("divisors", [(0,), (-1,), (4, 5), (48,)])
def test_divisors_that_do_not_fit_are_named(divisors: tuple[int, ...]) -> None:
    with pytest.raises(SettingsError) as refused:
        quantize(tune(0), divisors)
    assert str(refused.value) == (
        f"quantize={list(divisors)}: each divisor has to divide the grid of 24"
    )


def test_a_bar_line_moves_with_the_notes_on_it() -> None:
    meter = (TimeSignature(-23, 3, 4), TimeSignature(97, 2, 4))
    notes = make_notes([0, 97], [24, 24], [60, 62], [80, 80], meter=meter)
    moved = quantize(notes)
    assert moved.onset.tolist() == [0, 96]
    assert [s.step for s in moved.meter] == [-24, 96]
    assert quantize(notes, ()).meter == meter


def test_the_stated_key_stays() -> None:
    notes = replace(make_notes([1], [24], [60], [80]), stated_key=StatedKey(7))
    assert quantize(notes).stated_key == StatedKey(7)
