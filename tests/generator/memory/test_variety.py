import pytest

from mood2music.generator.memory.moves import SEMITONES
from mood2music.generator.memory.variety import UNLIKE, Variety
from mood2music.music.events import HELD, Event

KINDS: dict[str, list[Event]] = {
    **{k: [((60 + i, 72), 24), ((62 + i,), 24), ((64 + i,), 48)] for i, k in enumerate("ABCDEFGH")},
    "-": [((55, 60, 64), 96)],  # nothing moves
}
OCTAVE, FOURTH = (1 + SEMITONES.index(by) for by in (12, 5))


def piece(bars: str) -> Variety:
    """Bars of these kinds, and then one that begins."""
    one = Variety()
    for bar in bars:
        one.begin(None)
        into = 0
        for event in KINDS[bar]:
            one.add(event, into)
            into += event[1]
    one.begin(None)
    return one


@pytest.mark.parametrize(
    ("bars", "to", "stuck"),
    [
        ("AA", 0, False),
        ("AAA", 0, True),  # a fourth time in a row
        ("ABA", 1, False),
        ("ABAB", 0, True),  # a third time, begun
        ("ABCABC", 0, True),
        ("ABCABC", 1, False),
        ("ABCDEFGHABCDEFGH", 0, True),
        ("AABCAA", 0, False),
        ("A-", 1, True),  # a still bar behind a still one
        ("-A", 0, False),
        ("A-", 0, False),
    ],
)
def test_a_passage_stands_in_a_row_only_as_often_as_in_real_pieces(
    bars: str, to: int, stuck: bool
) -> None:
    assert piece(bars).stuck(to, 0, moved=False) == stuck


def test_of_eight_bars_and_of_sixteen_some_are_unlike_each_other() -> None:
    assert UNLIKE == {8: 4, 16: 8}
    assert piece("AABBCAB").stuck(0, 0, moved=False), "three of eight"
    assert not piece("AABBCAD").stuck(0, 0, moved=False), "four"
    assert piece("ABCDEFGABCDFEGB").stuck(0, 0, moved=False), "seven of sixteen"
    assert not piece("ABCDEFGABCDFEHB").stuck(0, 0, moved=False), "eight"


def test_what_was_moved_is_not_moved_again_and_an_octave_makes_no_other_bar() -> None:
    one = piece("ABC")
    assert one.stuck(1, FOURTH, moved=True)
    assert not one.stuck(1, FOURTH, moved=False)
    assert not one.stuck(1, 0, moved=True)
    again = piece("AAA")
    assert again.stuck(0, OCTAVE, moved=False)
    assert not again.stuck(0, FOURTH, moved=False)


def test_bars_are_alike_by_what_they_strike_and_where() -> None:
    one = Variety()
    changed = [((60, 84), 24), ((62 + HELD, 62), 24), ((64, 60 + HELD), 48)]
    for events in (KINDS["A"], changed, KINDS["A"]):
        one.begin(None)
        for i, event in enumerate(events):
            one.add(event, (0, 24, 48)[i])
    one.begin(None)
    assert one.stuck(1, 0, moved=False), "an octave, and what is held, are no other bar"
    assert one.onsets == [3, 3, 3, 0]


def test_a_bar_is_compared_with_the_one_it_came_back_to_however_far() -> None:
    for again, stuck in ((0, True), (None, False)):
        one = Variety()
        for kind in [*range(25), 0, 0, 0]:
            one.begin(again if len(one.onsets) > 25 else None)
            one.add(((60,), 24), 0)
            one.add(((64,), 24), 24 + kind)
        one.begin(again)
        assert one.stuck(0, 0, moved=False) == stuck
