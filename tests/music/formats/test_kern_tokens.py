"""A length and a pitch of **kern, each by itself."""

from fractions import Fraction

import pytest

from mood2music.music.formats.kern_tokens import (
    LENGTH,
    METER,
    NOTE,
    is_grace,
    length_of,
    pitch_of,
    shown_tempo,
)


@pytest.mark.parametrize(
    ("token", "length"),
    [("4", 1), ("8.", Fraction(3, 4)), ("8..", Fraction(7, 8)), ("0", 8), ("00", 16), ("000", 32),
     ("12", Fraction(1, 3)), ("3%2", Fraction(8, 3))],
)  # fmt: skip
def test_a_length_is_in_quarter_notes(token: str, length: Fraction) -> None:
    found = LENGTH.search(token)
    assert found is not None
    assert length_of(found) == length


@pytest.mark.parametrize(
    ("token", "pitch"),
    [
        ("c", 60),
        ("cc", 72),
        ("C", 48),
        ("CC", 36),
        ("f#", 66),
        ("B-", 58),
        ("e--", 62),
        ("b##", 73),
    ],
)
def test_a_letter_is_a_pitch_by_its_case_and_how_often_it_stands(token: str, pitch: int) -> None:
    found = NOTE.search(token)
    assert found is not None
    assert pitch_of(found, token) == pitch


def test_a_metronome_mark_in_words_is_in_quarter_notes() -> None:
    assert shown_tempo("!!!OMD: Allegro [quarter] = 120") == 120
    assert shown_tempo("[quarter-dot]=c. 60") == 90
    assert shown_tempo("[eighth] = 100") == 50
    assert shown_tempo("quarter = 100") is None


def test_grace_notes_and_meters_are_told() -> None:
    assert is_grace("8qe")
    assert not is_grace("8e")
    assert METER.match("*M3+2/8")
    assert not METER.match("*MM120")
