"""Bars of pieces small enough to count by hand."""

import math

import pytest

from mood2music.judge.bars import (
    bar_autocorrelation,
    bar_likeness,
    bar_loops,
    beat_preference,
    phrase_likeness,
)
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes
from tests.judge.pieces import line, piece

WALTZ = (TimeSignature(0, 3, 4),)
JIG = (TimeSignature(0, 6, 8),)
SLOW_JIG = (TimeSignature(0, 5, 8),)


def test_likeness_is_dices_coefficient_with_the_best_earlier_bar() -> None:
    # Bars {0: C, 1: D}, {0: C}, {1: D, 2: E}: the second is 2/3 like the first, the third 2/4.
    notes = piece([(0, 1, 60), (1, 1, 62), (4, 1, 60), (9, 1, 62), (10, 1, 64)])
    assert bar_likeness(notes) == pytest.approx((2 / 3 + 2 / 4) / 2)


def test_a_bar_that_returns_later_is_found_wherever_it_stood() -> None:
    bar = [60, 64, 67, 64]
    assert bar_likeness(line([*bar, 50, 51, 52, 53, *bar])) == pytest.approx(1 / 2)


def test_bars_without_onsets_are_no_bars() -> None:
    assert bar_likeness(piece([(0, 1, 60), (12, 1, 60)])) == 1
    assert bar_likeness(piece([(0, 1, 60), (3, 1, 60)])) is None


def test_bars_are_those_of_the_meter() -> None:
    rows = [(i, 1, 60 + 2 * (i % 3)) for i in range(12)]
    assert bar_likeness(piece(rows, meter=WALTZ)) == 1
    assert bar_likeness(piece(rows)) == pytest.approx(0)


@pytest.mark.parametrize(
    ("bars", "share"),
    [
        ("AAAAB", 1 / 5),
        ("AAABAAA", 0),
        ("ABABABC", 2 / 7),
        ("ABCABC", 0),
        ("ABCABCAB", 2 / 8),
        ("ABCDEFGHIABCDEFGHI" * 2, 0),  # no more than eight
        ("A", 0),
    ],
)
def test_a_bar_goes_round_that_takes_a_passage_into_its_third_lap(bars: str, share: float) -> None:
    notes = line([48 + 5 * (ord(bar) - ord("A")) + i for bar in bars for i in (0, 1, 3, 1)])
    assert bar_loops(notes) == pytest.approx(share)


def test_bars_are_alike_that_strike_three_of_five_in_common_whatever_the_octave() -> None:
    def loops(last: list[int]) -> float | None:
        return bar_loops(line([60, 62, 64, 65] * 3 + last))

    assert loops([72, 50, 64, 65]) == 1 / 4
    assert loops([60, 62, 64, 66]) == 1 / 4, "three of five"
    assert loops([60, 62, 63, 66]) == 0, "two of six"
    assert bar_loops(make_notes([], [], [], [])) is None


@pytest.mark.parametrize(
    ("bars", "more"),
    [
        ("ABCDABCDABCD", 1.0),
        ("ABCDEFGHABCDEFGH", 0.5),  # eight bars apart, none four
        ("ABCABCABCABC", -1 / 3),  # three apart, not five or seven
        ("AAAAAAAAAAAA", 0.0),
        ("ABCDEFGHIJKL", 0.0),
    ],
)
def test_phrases_are_bars_alike_that_lie_four_or_eight_apart(bars: str, more: float) -> None:
    notes = line([48 + 5 * (ord(bar) - ord("A")) + i for bar in bars for i in (0, 1, 3, 1)])
    assert phrase_likeness(notes) == pytest.approx(more)


def test_a_phrase_is_the_same_an_octave_higher_and_eight_bars_are_too_few() -> None:
    bars = [[60, 62, 64, 65], [50, 53, 50, 55], [69, 61, 66, 58], [63, 68, 63, 56]]
    up = [[pitch + 12 for pitch in bar] for bar in bars]
    tune = [pitch for bar in (*bars, *up, *bars) for pitch in bar]
    assert phrase_likeness(line(tune)) == pytest.approx(1)
    assert phrase_likeness(line(tune[:32])) is None


def test_autocorrelation_of_one_onset_a_bar_falls_short_by_the_last() -> None:
    assert bar_autocorrelation(line([60] * 5, 4)) == 4 / 5
    assert bar_autocorrelation(line([60] * 5, 3)) == 0
    assert bar_autocorrelation(piece([(3 * i, 1, 60) for i in range(5)], meter=WALTZ)) == 4 / 5


def test_onset_strength_is_how_many_notes_are_struck() -> None:
    # 2, then 1, a bar apart: 2 * 1 / (4 + 1).
    assert bar_autocorrelation(piece([(1, 1, 60), (1, 1, 64), (5, 1, 60)])) == 2 / 5


def test_one_bar_says_nothing_of_the_next() -> None:
    assert bar_autocorrelation(line([60, 62, 64])) is None
    assert bar_autocorrelation(make_notes([], [], [], [])) is None


def test_preference_is_none_for_even_beats_and_two_bits_for_one_of_four() -> None:
    assert beat_preference(line([60] * 16)) == 0
    assert beat_preference(line([60] * 4, 4)) == 2
    # 3 of 4 on one beat, 1 on another: H = 0.811.
    assert beat_preference(piece([(0, 1, 60), (4, 1, 60), (8, 1, 60), (1, 1, 60)])) == (
        pytest.approx(2 - 0.8113, abs=1e-4)
    )


def test_preference_does_not_ask_where_the_bar_begins() -> None:
    rows = [(0, 1, 60), (4, 1, 60), (8, 1, 60), (1.5, 1, 60)]
    later = [(onset + 3, duration, pitch) for onset, duration, pitch in rows]
    assert beat_preference(piece(later)) == beat_preference(piece(rows))


def test_beats_are_those_of_the_meter() -> None:
    assert beat_preference(line([60] * 8, 3)) == 0
    downbeats = [(3 * i, 1, 60) for i in range(9)]
    assert beat_preference(piece(downbeats, meter=WALTZ)) == pytest.approx(math.log2(3))
    assert beat_preference(piece(downbeats, meter=JIG)) == 1
    fives = [(2.5 * i, 1, 60) for i in range(9)]
    assert beat_preference(piece(fives, meter=SLOW_JIG)) == pytest.approx(math.log2(5))


def test_a_piece_without_notes_prefers_nothing() -> None:
    assert beat_preference(make_notes([], [], [], [])) is None
