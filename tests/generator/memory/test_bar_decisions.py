from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from mood2music.generator.memory.bar_counts import FRESH, GO_ON, RETURN, BarCounts
from mood2music.generator.memory.form import Form
from mood2music.generator.memory.guide import Guide, Guiding
from mood2music.generator.memory.kinds import EXACT, NEW
from mood2music.generator.memory.place import Place
from mood2music.music.events import from_list
from mood2music.music.meter import TimeSignature
from tests.generator.memory.test_guide import (
    FOUR_BARS,
    ON_AND_ON,
    C,
    F,
    G,
    chords,
    guide,
    play,
    quarters,
)


def after(one: Guide, bars: int, more: int, onsets: int = 2) -> list[Place | None]:
    """What bars behind so many new ones come back to, if they play it: None for new ones."""
    played: list[int] = []
    for bar in range(bars + more):
        if bar >= bars:
            one.point(96 * bar)
        place = one.bars.places[bar][0] if bar >= bars else None
        new = place is None or place.in_song
        played.append(bar if new else played[place.bar])  # type: ignore[union-attr]
        play(one, bar, played[-1], onsets)
    return [place for place, _ in one.bars.places[bars:]]


def bars_of(places: list[Place | None]) -> list[int | None]:
    return [None if place is None else place.bar for place in places]


def returning(by: int, move: int = 0) -> Form:
    """Every bar goes on with the one so many bars back."""
    return Form(
        BarCounts(
            ON_AND_ON,
            Counter({by: 1}),
            {str(code): Counter({EXACT: 10**9}) for code in range(5)},
            moved=Counter({move: 1}),
        )
    )


def test_bars_that_come_back_are_as_many_whatever_the_song_takes() -> None:
    half = Form(
        BarCounts(
            {name: Counter({FRESH: 1, RETURN: 1, GO_ON: 0}) for name in "01234"},
            Counter(dict.fromkeys(range(20, 60), 1)),
            {str(code): Counter({EXACT: 1}) for code in range(5)},
        )
    )
    for theme in (0.0, 1.0):
        found = after(guide(half, theme, from_list(quarters(30, 64))), 60, 600)
        own = sum(place is not None and not place.in_song for place in found)
        assert own / 600 == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize(
    ("by", "bars"),
    [
        (1, [0, 1, None, 3, 4, None]),  # a bar three times
        (2, [0, 1, None, 3, 4, None]),  # ABAB, something else C, BCBC
        (3, [0, 1, 2, None, 4, 5, 6]),
    ],
)
def test_a_passage_stands_in_a_row_only_as_often_as_in_real_pieces(
    by: int, bars: list[int | None]
) -> None:
    assert bars_of(after(guide(returning(by)), by, len(bars))) == bars


def test_what_was_moved_is_not_moved_again_or_it_would_climb_on_and_on() -> None:
    found = bars_of(after(guide(returning(2, move=5)), 2, 8))
    assert found == [0, 1, None, None, 4, 5, None, None]


def test_a_bar_in_which_nothing_moves_does_not_come_back_behind_another() -> None:
    assert after(guide(returning(2)), 2, 3, onsets=1) == [None] * 3
    assert bars_of(after(guide(returning(2)), 2, 3, onsets=2)) == [0, 1, None]


def test_bars_come_back_where_their_chords_are_due() -> None:
    # C, F, G, C and so on; new matter first, then bars come back from anywhere.
    never, always = Counter({FRESH: 10**9}), Counter({RETURN: 10**9})
    does = {"0": always, "0.0": never, "0.1": never, "0.2": never, "1": always}
    anywhere = Form(BarCounts(does, Counter(dict.fromkeys(range(1, 20), 1))))
    due = {C: (F, C), F: (G,), G: (C,)}
    in_order = []
    for lends_all in (True, False):
        guiding = Guiding(anywhere, 0.0, FOUR_BARS, lends_all)
        one = Guide(guiding, (TimeSignature(0, 4, 4),), 24, np.random.default_rng(0))
        play(one, 0)
        told = chords(one, 200)
        in_order.append(np.mean([b in due[a] for a, b in pairwise(told)]))
    assert in_order[0] > 0.95
    assert 0.7 < in_order[1] < in_order[0], "behind a song of another style less"


def test_where_no_bar_stands_on_what_is_due_there_is_new_matter() -> None:
    # C, then F sharp: they have no pitch in common.
    song = from_list([((48, 52, 55), 96), ((54, 58, 61), 96)])
    anywhere = Form(
        BarCounts({str(age): Counter({RETURN: 10**9}) for age in range(5)}, Counter({1: 1, 2: 1}))
    )
    one = guide(anywhere, 0.0, song)
    play(one, 0)
    one.point(96)
    assert one.bars.places[-1] == (None, NEW)
