"""Bars in the order they are played in, and the notes of each."""

from fractions import Fraction

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.stated_chords import StatedChord
from mood2music.music.written import Bar, Written, WrittenNote, place, playing_order, unfold
from tests.music.rows import rows


def bars(*marks: dict[str, object]) -> list[Bar]:
    return [Bar(Fraction(i), Fraction(i + 1), **mark) for i, mark in enumerate(marks)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("marks", "order"),
    [
        ([{}, {}], [0, 1]),
        ([{}, {"times": 2}, {}], [0, 1, 0, 1, 2]),
        ([{}, {"forward": True}, {"times": 2}], [0, 1, 2, 1, 2]),
        ([{}, {"times": 3}], [0, 1, 0, 1, 0, 1]),
        ([{}, {"endings": (1,), "times": 2}, {"endings": (2,)}, {}], [0, 1, 0, 2, 3]),
        (
            [{}, {"endings": (1, 2), "times": 2}, {"endings": (3,)}, {}],
            [0, 1, 0, 1, 0, 2, 3],
        ),
        ([{"times": 2}, {"times": 2}], [0, 0, 1, 1]),
        (
            [{}, {"endings": (1,), "times": 2}, {"endings": (2,)}, {"times": 2}],
            [0, 1, 0, 2, 3, 3],
        ),
        ([{}, {"fine": True}, {"jump": "dacapo"}], [0, 1, 2, 0, 1]),
        ([{}, {"segno": True}, {"jump": "dalsegno"}], [0, 1, 2, 1, 2]),
        (
            [{}, {"to_coda": True}, {"jump": "dacapo"}, {"coda": True}],
            [0, 1, 2, 0, 1, 3],
        ),
        # The coda that is left for is one behind; without any the piece ends there.
        (
            [{"coda": True}, {"to_coda": True}, {"jump": "dacapo"}, {}, {"coda": True}, {}],
            [0, 1, 2, 0, 1, 4, 5],
        ),
        ([{"coda": True}, {"to_coda": True}, {"jump": "dacapo"}, {}], [0, 1, 2, 0, 1]),
        ([{"jump": "dacapo"}, {"coda": True}, {"jump": "dalsegno"}], [0, 0, 1, 2]),
        # The last of the endings is found to the score's end, and the first to its beginning.
        (
            [{}, {"endings": (1,), "times": 2}, {"endings": (2,), "times": 2}, {"endings": (3,)}],
            [0, 1, 0, 2, 0, 3],
        ),
        ([{"endings": (1,), "times": 2}, {"endings": (2,)}], [0, 1]),
        ([{"forward": True}, {"forward": True, "times": 2}, {}], [0, 1, 1, 2]),
        ([{}, {"segno": True}, {"times": 2}, {"jump": "dalsegno"}], [0, 1, 2, 0, 1, 2, 3, 1, 2, 3]),
        ([{}, {"jump": "dalsegno"}], [0, 1, 0, 1]),
        ([{}, {"fine": True}, {}], [0, 1, 2]),
        ([{"times": 2}, {"jump": "dacapo"}], [0, 0, 1, 0, 1]),
        (
            [
                {},
                {"endings": (1,), "times": 2},
                {"endings": (2,), "fine": True},
                {"jump": "dacapo"},
            ],
            [0, 1, 0, 2, 3, 0, 2],
        ),
    ],
)
def test_repeats_endings_and_jumps(marks: list[dict[str, object]], order: list[int]) -> None:
    assert playing_order(bars(*marks)) == order


def test_jumps_that_never_end_are_stopped() -> None:
    assert len(playing_order(bars({"times": 10**9}))) <= 20_000


def test_what_is_played_again_keeps_its_notes_and_tempo() -> None:
    written = Written(
        [WrittenNote(Fraction(0), Fraction(1), 60), WrittenNote(Fraction(1), Fraction(3), 62)],
        [(Fraction(0), 60.0), (Fraction(1), 120.0)],
        bars({}, {"times": 2}, {}),
    )
    assert rows(place(written, "a", repeats=True)) == [
        (0, 1, 60), (1, 1, 62), (2, 1, 60), (3, 2, 62)
    ]  # fmt: skip
    assert unfold(written).tempos[:4] == [(0, 60.0), (1, 120.0), (2, 60.0), (3, 120.0)]
    assert rows(place(written, "a")) == [(0, 1, 60), (1, 2, 62)]


def test_a_repeat_that_begins_later_keeps_its_tempo_its_notes_and_its_signature() -> None:
    written = Written(
        [WrittenNote(Fraction(0), Fraction(1), 60), WrittenNote(Fraction(3, 2), Fraction(3), 62)],
        [(Fraction(0), 60.0), (Fraction(3, 2), 120.0), (Fraction(2), 90.0)],
        bars({}, {"forward": True, "times": 2, "signature": (3, 4)}, {}),
    )
    played = unfold(written)
    assert [(n.start, n.end, n.pitch) for n in played.notes] == [
        (0, 1, 60), (Fraction(3, 2), 2, 62), (Fraction(5, 2), 4, 62)
    ]  # fmt: skip
    assert played.tempos == [
        (0, 60.0), (Fraction(3, 2), 120.0), (2, 60.0), (Fraction(5, 2), 120.0), (3, 90.0)
    ]  # fmt: skip
    assert [(b.start, b.end, b.signature) for b in played.bars] == [
        (0, 1, None), (1, 2, (3, 4)), (2, 3, (3, 4)), (3, 4, None)
    ]  # fmt: skip


def test_a_score_without_notes_is_refused() -> None:
    with pytest.raises(MusicFileError, match="a holds no pitched notes"):
        place(Written(), "a")
    with pytest.raises(MusicFileError, match="a holds drums only"):
        place(Written(drums=3), "a")


def test_a_repeat_goes_on_with_the_chord_that_any_part_said_last() -> None:
    c, f = (StatedChord(0, root, (0, 4, 7), root) for root in (0, 5))
    # One part says C and F in the first bar, then another C, as its parts stand in a file.
    said = [(Fraction(0), c), (Fraction(1, 2), f), (Fraction(0), c)]
    note = WrittenNote(Fraction(0), Fraction(2), 60)
    score = Written([note], bars=bars({}, {"forward": True, "times": 2}), chords=said)
    told = [(chord.step, chord.root) for chord in place(score, "a", 24, repeats=True).chords]
    assert told == [(0, 0), (12, 5), (48, 5)]
