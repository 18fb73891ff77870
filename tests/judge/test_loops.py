import numpy as np
import pytest

from mood2music.judge.loops import Loops, find_loops, times_in_a_row
from mood2music.music.events import HELD, Event, Events, from_list


def melody(letters: str) -> Events:
    """An event of its own for each letter; a point is a rest."""
    events: list[Event] = [((ord(c),) if c != "." else (), 6) for c in letters]
    return from_list(events)


@pytest.mark.parametrize(
    ("letters", "times"),
    [
        ("", 0),
        ("ABCDEFGH", 1),
        ("ABCDABCD", 2),
        ("ABCABCABCABCABCABC", 3),  # a run of three is too short, of six it is three
        ("X" + "ABCDE" * 4 + "YZ", 4),
        ("ABCD" * 5, 5),
        ("AB" * 8, 4),
        ("A" * 19, 4),
        ("A" * 20, 5),
        ("ABCDABCDABCX", 2),
    ],
)
def test_runs_in_a_row_are_counted(letters: str, times: int) -> None:
    assert times_in_a_row(melody(letters), 4) == times


def test_a_run_of_other_durations_or_held_pitches_is_another() -> None:
    events = [((60, 64), 6), ((60 + HELD, 67), 6), ((72,), 12), ((), 6)]
    assert times_in_a_row(from_list(events * 3), 4) == 3
    other = [*events, ((60, 64), 7), *events[1:], ((60, 64), 6), ((60, 67), 6), *events[2:]]
    assert times_in_a_row(from_list(other), 4) == 1


def test_pitches_are_counted_struck_alone_and_sounding() -> None:
    events = from_list(
        [((48, 60), 6)] + [((48 + HELD, 60 + i), 6) for i in range(5)] + [((50,), 6)] * 3
    )
    assert find_loops(events) == Loops(times=1, struck=3, alone=3, sounding=6)


def test_the_lowest_pitch_of_all_is_struck_once_and_held() -> None:
    held = from_list([((0,), 6), ((0 + HELD,), 6), ((0 + HELD,), 6)])
    assert find_loops(held) == Loops(times=1, struck=1, alone=3, sounding=3)
    assert find_loops(held[:0]) == Loops(times=0, struck=0, alone=0, sounding=0)


def test_one_pitch_for_more_than_eight_events_is_degenerate_struck_or_alone() -> None:
    rng = np.random.default_rng(0)
    durations = rng.permutation(np.arange(1, 10))  # never the same event twice
    struck = from_list([((60, 62 + i), int(d)) for i, d in enumerate(durations)])
    alone = from_list([((60 + HELD * (i > 0),), int(d)) for i, d in enumerate(durations)])
    pedal = from_list([((60 + HELD * (i > 0), 62 + i), int(d)) for i, d in enumerate(durations)])
    assert find_loops(struck).degenerate
    assert find_loops(alone).degenerate
    assert not find_loops(pedal).degenerate
    assert not find_loops(struck[:8]).degenerate


def test_a_run_five_times_in_a_row_is_degenerate_and_four_times_is_not() -> None:
    assert find_loops(melody("ABCD" * 5)).degenerate
    assert not find_loops(melody("ABCD" * 4)).degenerate
