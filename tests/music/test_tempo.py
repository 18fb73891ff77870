"""One tempo for a piece, what its notes are played at, and when they sound in several."""

import pytest

from mood2music.music.tempo import FASTEST, SLOWEST, mean_tempo, said, seconds_at, tempo_in


def test_a_tempo_counts_for_the_time_it_is_played() -> None:
    assert mean_tempo([(0, 60), (2, 120)], 4) == pytest.approx(80)  # 2 s and 1 s for four quarters
    assert mean_tempo([(4, 160), (0, 40)], 20) == pytest.approx(20 / (4 / 40 + 16 / 160))


def test_marks_behind_the_last_note_count_for_nothing() -> None:
    assert mean_tempo([(0, 120), (8, 20)], 8) == pytest.approx(120)


def test_before_the_first_mark_midis_default_holds() -> None:
    assert mean_tempo([], 4) == 120
    assert mean_tempo([(2, 60)], 4) == pytest.approx(80)


def test_of_two_marks_at_one_place_the_later_one_holds() -> None:
    assert mean_tempo([(0, 60), (0, 90)], 4) == pytest.approx(90)


def test_tempi_that_nobody_plays_are_kept_in_range() -> None:
    assert mean_tempo([(0, 1e9)], 4) == FASTEST
    assert mean_tempo([(0, 0.001)], 4) == SLOWEST
    assert mean_tempo([(0, 0), (0, -3)], 4) == 120


def test_a_piece_without_length_has_its_first_tempo() -> None:
    assert mean_tempo([(0, 72)], 0) == 72


def test_each_step_sounds_when_all_tempi_before_it_are_over() -> None:
    tempi = [(0, 60.0), (24, 120.0), (48, 30.0)]
    assert seconds_at([0, 12, 24, 36, 48, 72], tempi, 24).tolist() == [0, 0.5, 1, 1.25, 1.5, 3.5]
    marks = [(step / 24, tempo) for step, tempo in tempi]
    assert mean_tempo(marks, 3) == pytest.approx(60 * 3 / float(seconds_at(72, tempi, 24)))


def test_a_tempo_that_is_said_is_read_again() -> None:
    assert [tempo_in(said(tempo)) for tempo in (96.05, 120.0, 10.0, 133.3337)] == [
        96.05, 120.0, 10.0, 133.3337,
    ]  # fmt: skip
    assert [tempo_in(text) for text in ("tempo 5", "tempo 999", "tempo", "a tempo 90")] == [
        None
    ] * 4
