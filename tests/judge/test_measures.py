"""All measures of one piece, and the passage that is measured."""

from dataclasses import replace

import pytest

from mood2music.judge.measures import Measures, measure, opening
from mood2music.music.events import to_events
from mood2music.music.notes import make_notes
from tests.judge.pieces import line, piece


def test_a_tune_played_twice_returns_in_one_voice() -> None:
    tune = [60, 62, 64, 65, 67, 65, 64, 62]
    measured = measure(line(tune * 4))
    assert measured.motif_return == measured.motif_rhythm_return == 20 / 28
    assert measured.bar_likeness == pytest.approx((1 / 4 + 6) / 7)
    assert measured.one_voice == 1
    assert measured.silences == 0
    assert measured.same_key == 1


def test_two_voices_are_not_one() -> None:
    assert measure(piece([(0, 4, 48), (0, 4, 60)])).one_voice == 0


def test_played_timing_is_brought_to_the_grid() -> None:
    tune = line([60, 62, 64, 65, 67] * 4)
    played = replace(tune, onset=tune.onset + [0, 1, -1, 1, 0] * 4)
    assert measure(played).motif_rhythm_return == measure(tune).motif_rhythm_return == 11 / 16


def test_a_piece_without_notes_says_nothing() -> None:
    nothing = Measures(None, None, None, None, None, None, None, 0.0, 0, None)
    assert measure(make_notes([], [], [], [])) == nothing


def test_the_opening_ends_with_its_last_event() -> None:
    notes = piece([(0, 4, 48), (0, 1, 60), (1, 1, 62), (2, 2, 64)])
    cut = opening(notes, 2)
    assert to_events(cut).as_list() == to_events(notes)[:2].as_list()
    assert to_events(opening(notes, 9)).as_list() == to_events(notes).as_list()
    assert len(opening(make_notes([], [], [], []), 5)) == 0
