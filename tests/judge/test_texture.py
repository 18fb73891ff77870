"""Silences, voices and keys of pieces small enough to count by hand."""

import pytest

from mood2music.judge.texture import one_voice, same_key, silences
from mood2music.music.notes import make_notes
from tests.judge.pieces import line, piece

EMPTY = make_notes([], [], [], [])


def test_silences_of_more_than_a_quarter_are_counted_a_minute() -> None:
    # Silence for 1 quarter, which is not more than one, then for 2: one in 8 quarters, 4 seconds.
    rows = [(10, 1, 60), (12, 2, 62), (16, 2, 64)]
    assert silences(piece(rows, tempo=120)) == pytest.approx(60 / 4)
    assert silences(piece(rows, tempo=60)) == pytest.approx(60 / 8)


def test_a_held_note_is_no_silence() -> None:
    assert silences(piece([(0, 9, 40), (1, 1, 60), (8, 1, 62)])) == 0
    assert silences(EMPTY) == 0


def test_one_voice_is_a_share_of_the_time_that_sounds() -> None:
    # Alone for 2 quarters, with another for 1, silence for 5, alone for 1.
    assert one_voice(piece([(0, 3, 60), (2, 1, 64), (8, 1, 60)])) == 3 / 4
    assert one_voice(EMPTY) == 0


def test_a_passage_is_in_the_key_of_the_one_before_or_not() -> None:
    scale = [60, 62, 64, 65, 67, 69, 71, 72]
    up = line([*scale, *scale[::-1]])
    assert same_key(line(scale * 2)) is None
    assert same_key(line([*scale, *scale[::-1]] * 3)) == 1
    other = up.transposed(6).pitch.tolist()
    assert same_key(line([*up.pitch.tolist() * 2, *other])) == 1 / 2


def test_half_a_passage_counts_and_less_does_not() -> None:
    scale = [60, 62, 64, 65, 67, 69, 71, 72]
    assert same_key(line([*scale * 2, *scale])) == 1
    assert same_key(line([*scale * 2, *scale[:7]])) is None


def test_a_silent_passage_has_no_key() -> None:
    scale = [(i, 1.0, p) for i, p in enumerate([60, 62, 64, 65, 67, 69, 71, 72] * 2)]
    late = [(onset + 32, duration, pitch) for onset, duration, pitch in scale]
    assert same_key(piece([*scale, *late])) is None
    assert same_key(EMPTY) is None
