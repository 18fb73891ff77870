"""Music of a mood is as fast, as loud and as high as the rules say, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from mood2music.mood import Mood
from mood2music.music.expression import (
    LEAST,
    MOST,
    loud_as,
    mean_of,
    octaves_to,
    tempi_along,
    tempo_of,
)
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import GRID, Notes, make_notes
from mood2music.music.tempo import seconds_at


def line(pitch: int = 60, every: int = GRID, velocity: tuple[int, int] = (70, 90)) -> Notes:
    onset = np.arange(32) * every
    return make_notes(onset, [every] * 32, [pitch, pitch + 2] * 16, list(velocity) * 16)


def test_a_neutral_mood_has_the_tempo_of_its_rule_between_that_of_its_notes() -> None:
    # 120 * 2 ** -.23 quarters a minute, and 60 * 2 ** 2.36 notes of one a quarter.
    expected = np.sqrt(120 * 2**-0.23 * 60 * 2**2.36)
    assert tempo_of(Mood(0, 0), line()) == pytest.approx(expected, rel=1e-6)
    assert tempo_of(Mood(0, 0), line(every=GRID // 2)) == pytest.approx(expected / np.sqrt(2))


def test_excited_is_faster_and_louder_and_nothing_leaves_what_can_be_played() -> None:
    moods = [Mood(0, arousal) for arousal in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    tempi = [tempo_of(mood, line()) for mood in moods]
    assert tempi == sorted(tempi)
    assert min(tempi) >= LEAST
    assert max(tempi) <= MOST
    loud = [float(loud_as([mood], line()).velocity.mean()) for mood in moods]
    assert loud == [40.0, 54.0, 68.0, 82.0, 96.0]


def test_a_beat_of_three_eighths_is_not_slower_than_one_of_two() -> None:
    calm, running = Mood(-1, -1), line(every=GRID // 4)
    assert tempo_of(calm, running) == LEAST
    jig = replace(running, meter=(TimeSignature(0, 6, 8),))
    assert tempo_of(calm, jig) == 1.5 * LEAST


def test_loudness_goes_from_the_first_mood_to_the_last() -> None:
    loud = loud_as([Mood(0, -0.5), Mood(0, 0.5)], line(velocity=(80, 80))).velocity
    assert (loud[0], loud[-1]) == (54, 82)
    assert (np.diff(loud.astype(int)) >= 0).all()


def test_differences_of_loudness_stay_where_there_is_room() -> None:
    soft = loud_as([Mood(0, -1)], line(velocity=(70, 90)))
    assert sorted(set(soft.velocity.tolist())) == [30, 50]
    wide = loud_as([Mood(0, -1)], line(velocity=(10, 110)))
    assert sorted(set(wide.velocity.tolist())) == [28, 52]


@pytest.mark.parametrize(("pitch", "octaves"), [(60, 0), (57, 0), (45, 1), (75, -1), (34, 0)])
def test_a_piece_far_off_its_register_moves_by_an_octave(pitch: int, octaves: int) -> None:
    assert octaves_to(Mood(0, 0), line(pitch), low=50) == octaves


def test_no_note_leaves_the_range_by_the_octave() -> None:
    low, high = line(45), line(75)
    top, bottom = int(low.pitch.max()) + 12, int(high.pitch.min()) - 12
    assert [octaves_to(Mood(0, 0), low, high=most) for most in (top, top - 1)] == [1, 0]
    assert [octaves_to(Mood(0, 0), high, low=least) for least in (bottom, bottom + 1)] == [-1, 0]


def test_a_tune_below_the_tenors_moves_up_and_none_moves_down_to_there() -> None:
    assert octaves_to(Mood(0, 0), line(55)) == 1, "within the mood's register, but too low"
    gloomy = Mood(-1, 1)  # its register is nearly an octave below the middle
    high = [line(pitch) for pitch in (66, 70)]
    assert [octaves_to(gloomy, notes) for notes in high] == [0, -1]
    bass = make_notes(np.arange(32) * GRID, [GRID] * 32, [36, 43] * 16, [70] * 32)
    both = make_notes(
        np.concatenate([bass.onset, line(62).onset]), [GRID] * 64,
        np.concatenate([bass.pitch, line(62).pitch]), [70] * 64,
    )  # fmt: skip
    assert octaves_to(Mood(0, 0), both) == 1, "by its mean pitch"


def test_silence_stays_silent() -> None:
    nothing = make_notes([], [], [], [])
    assert octaves_to(Mood(1, 1), nothing) == 0
    assert len(loud_as([Mood(1, 1)], nothing)) == 0


def test_the_middle_of_a_way_counts_what_is_passed_as_well() -> None:
    assert mean_of([Mood(0.3, -0.2)]) == Mood(0.3, -0.2)
    middle = mean_of([Mood(0, 0), Mood(0, 0), Mood(0.8, -0.4)])
    assert (middle.valence, middle.arousal) == pytest.approx((0.2, -0.1), abs=0.002)


def test_tempo_goes_by_even_shares_from_that_of_the_first_mood_to_that_of_the_last() -> None:
    sad, glad = Mood(-0.2, -0.1), Mood(0.3, 0.2)
    notes = replace(line(every=GRID // 4), tempo=90.0)
    (begin, first), *_, (_, last) = tempi = tempi_along([sad, glad], notes)
    assert (begin, len(tempi)) == (0, 2)
    onset = np.append(np.arange(31 * 8) * 12, 31 * 96)
    wide = make_notes(onset, [12] * len(onset), [60] * len(onset), [80] * len(onset), 90.0)
    rule = [tempo_of(mood, wide) for mood in (sad, glad)]
    (_, slow), *between, (_, fast) = tempi_along([sad, glad], wide)
    assert fast / slow == pytest.approx(rule[1] / rule[0], rel=1e-3)
    steps = np.diff(np.log([slow, *(tempo for _, tempo in between), fast]))
    # The last onset stands in the last bar, at its beginning.
    assert steps == pytest.approx(np.full(31, np.log(fast / slow) / 31), abs=2e-4)
    # No bar is faster than the one before by more than 4 %.
    assert last / first == pytest.approx(1.04, abs=0.001)


def test_a_way_of_tempi_takes_as_long_as_their_mean_and_stays_within_an_octave() -> None:
    notes = make_notes(np.arange(400) * GRID, [GRID] * 400, [60, 62] * 200, [80] * 400, 88.0)
    tempi = tempi_along([Mood(-1, -1), Mood(1, 1), Mood(0, 0)], notes)
    assert float(seconds_at(notes.end, tempi, GRID)) == pytest.approx(notes.seconds, rel=1e-4)
    paces = [tempo for _, tempo in tempi]
    assert max(paces) / min(paces) == pytest.approx(2, abs=0.001)
    assert paces.index(max(paces)) in (49, 50)
    assert tempi_along([Mood(0.5, 0.5)], notes) == ()
    assert tempi_along([Mood(0.5, 0.5)] * 2, notes) == ()
    assert tempi_along([Mood(0, 0), Mood(1, 1)], notes.only(notes.onset < 0)) == ()
