import numpy as np

from mood2music.music.notes import Notes, make_notes
from mood2music.render.dynamics import dynamics, letters


def bars(*levels: int) -> Notes:
    """A quarter note a beat in bars of 4/4, each bar at one velocity."""
    velocity = np.repeat(levels, 4)
    onset = np.arange(len(velocity)) * 24
    return make_notes(onset, [24] * len(onset), [60] * len(onset), velocity)


def test_velocities_have_the_letters_that_players_know() -> None:
    assert [letters(v) for v in (20, 49, 64, 80, 96, 120)] == ["pp", "p", "mp", "mf", "f", "ff"]


def test_letters_stand_where_the_level_changes_and_not_again() -> None:
    notes = bars(50, 50, 50, 50, 50, 50, 50, 50, 96, 96, 96, 96)
    assert dynamics(notes) == [(0, "p"), (8 * 96, "f")]


def test_a_level_at_the_edge_of_two_letters_does_not_go_back_and_forth() -> None:
    assert dynamics(bars(*[71] * 4, *[73] * 4, *[70] * 4)) == [(0, "mp")]


def test_what_is_equally_loud_says_nothing() -> None:
    assert dynamics(bars(80, 80)) == []
    assert dynamics(make_notes([], [], [], [])) == []
