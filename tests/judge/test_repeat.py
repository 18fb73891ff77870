"""longest_repeat on passages whose answer is seen by eye."""

import numpy as np
import pytest

from mood2music.judge.repeat import longest_repeat
from mood2music.music.events import Event, from_list


def melody(names: str) -> list[Event]:
    return [((ord(name),), 24) for name in names]


@pytest.mark.parametrize(
    ("names", "length"),
    [
        ("", 0),
        ("A", 0),
        ("AB", 0),
        ("AA", 1),
        ("CDECDEC", 3),
        ("AAAA", 2),  # not 3: a passage may not overlap its own return
        ("ABABABA", 3),
        ("CDEFGxCDEFyCDE", 4),
    ],
)
def test_longest_passage_that_returns_without_overlap(names: str, length: int) -> None:
    assert longest_repeat(from_list(melody(names))) == length


def test_same_pitches_with_other_durations_are_no_repeat() -> None:
    slow = [(tokens, 48) for tokens, _ in melody("CDEF")]
    assert longest_repeat(from_list(melody("CDEF") + slow)) == 0


def test_a_held_pitch_is_not_a_struck_one() -> None:
    assert longest_repeat(from_list([((60,), 24), ((60 + 128,), 24)])) == 0


def test_a_long_passage_of_many_different_events_returns_whole() -> None:
    names = "".join(chr(100 + i) for i in range(150))
    for cut in (1, 64, 65, 127, 128, 149):
        assert longest_repeat(from_list(melody(names[:cut] + names))) == cut
    assert longest_repeat(from_list([((), 24), ((60,), 24), ((60, 64), 24), ((60, 64), 12)])) == 0


def test_agrees_with_trying_all_passages() -> None:
    rng = np.random.default_rng(0)
    for _ in range(60):
        names = "".join(rng.choice(list("ABC"), rng.integers(2, 40)))
        best = max(
            (
                length
                for length in range(len(names) // 2 + 1)
                for start in range(len(names) - 2 * length + 1)
                if length and names[start : start + length] in names[start + length :]
            ),
            default=0,
        )
        assert longest_repeat(from_list(melody(names))) == best, names
