"""Two hands play what they reach, and a tune stays in one of them."""

import time

import numpy as np
import pytest

from mood2music.render.hands import right_hand


def array(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def hand(*pitch: int) -> list[bool]:
    """Who plays pitches that are struck together, the highest of them the tune."""
    tune = array(*pitch) == max(pitch)
    return right_hand(
        np.zeros(len(pitch), int), np.full(len(pitch), 96), array(*pitch), tune
    ).tolist()


def test_what_lies_around_middle_c_is_parted_there() -> None:
    assert hand(48, 52, 64, 67) == [False, False, True, True]
    assert hand(72, 76) == [True, True]
    none = right_hand(array(0, 0), array(96, 96), array(36, 43))
    assert none.tolist() == [False, False]
    assert right_hand(array(), array(), array()).tolist() == []


def test_no_hand_strikes_two_octaves_where_the_other_one_is_free() -> None:
    # D2, D4, A4: the left hand would have D2 and D4.
    assert hand(38, 62, 69) == [False, True, True]
    # D4, D5, A5 above a resting left hand.
    assert hand(62, 74, 81) == [False, True, True]


def test_a_tune_stays_in_its_hand_where_it_dips_into_the_left_hands_chord() -> None:
    # G7 to its B3 is held through the bar; the tune is G4 F4 D4 B flat 3 A3 G3 B3.
    onset = array(0, 0, 0, 0, 0, 12, 24, 36, 48, 60, 72)
    end = array(96, 96, 96, 96, 12, 24, 36, 48, 60, 72, 96)
    pitch = array(43, 50, 53, 59, 67, 65, 62, 58, 57, 55, 59)
    tune = array(*range(11)) >= 4
    assert right_hand(onset, end, pitch, tune)[4:].all()
    # What is no tune is the right hand's too, while the left one holds its chord.
    tune[7:9] = False
    assert right_hand(onset, end, pitch, tune)[4:].all()


def test_a_chord_under_a_tune_is_the_left_hands_where_it_reaches() -> None:
    # A3 C4 E4 on A2 would be a twelfth; A3 C4 F sharp 4 on D3 leaves out what is beyond a tenth.
    assert hand(50, 57, 60, 74) == [False, False, False, True]
    assert hand(50, 57, 60, 66, 72) == [False, False, False, True, True]


def test_a_broken_chord_is_not_dealt_to_two_hands() -> None:
    # D2 held, A3 C4 A3 above it, under D5 E5 C5.
    onset, end = array(0, 0, 12, 24, 24, 36, 36), array(48, 24, 24, 36, 36, 48, 48)
    pitch = array(38, 74, 57, 60, 76, 57, 72)
    upper = right_hand(onset, end, pitch, pitch > 70)
    assert len(set(upper[[2, 3, 5]].tolist())) == 1


def test_a_broken_chord_over_a_bass_that_the_pedal_holds_is_the_left_hands() -> None:
    # G2, above it D4 B3 D4 G3 D4, under D5 and F5 in 3/4.
    onset, end = array(0, 0, 12, 24, 36, 48, 48, 60), array(72, 48, 24, 36, 48, 60, 72, 72)
    pitch = array(43, 74, 62, 59, 62, 55, 77, 62)
    assert right_hand(onset, end, pitch, pitch > 70).tolist() == (pitch > 70).tolist()


def test_a_broken_chord_that_leaps_sixths_up_to_f4_is_the_left_hands() -> None:
    # F2, above it F4 C4 F4 A3 F4, under A5 B flat 5 C6 in 3/4, twice.
    bar = array(0, 0, 12, 24, 24, 36, 48, 48, 60)
    onset = np.concatenate([bar, bar + 72])
    pitch = np.tile([41, 81, 65, 60, 82, 65, 57, 84, 65], 2)
    long = np.tile([72, 24, 12, 12, 24, 12, 12, 24, 12], 2)
    upper = right_hand(onset, onset + long, pitch, pitch > 70)
    assert upper.tolist() == (pitch > 70).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_hands_never_cross_at_an_onset(seed: int) -> None:
    rng = np.random.default_rng(seed)
    onset = np.sort(rng.integers(0, 40, 150)) * 12
    pitch = rng.integers(36, 84, 150)
    upper = right_hand(onset, onset + rng.integers(1, 80, 150), pitch, rng.random(150) < 0.3)
    for at in np.unique(onset):
        low, high = pitch[(onset == at) & ~upper], pitch[(onset == at) & upper]
        assert not len(low) or not len(high) or low.max() < high.min()


def test_the_hands_of_a_long_piece_take_no_longer_a_note() -> None:
    def seconds(count: int) -> float:
        onset = np.repeat(np.arange(count // 4) * 24, 4)
        pitch = np.tile([40, 55, 59, 72], count // 4)
        begun = time.process_time()
        right_hand(onset, onset + 24, pitch, pitch == 72)
        return time.process_time() - begun

    seconds(200)
    # Eight times the notes; quadratic would be 64 times.
    assert seconds(3200) < 20 * seconds(400)


def test_notes_that_a_pedal_holds_take_little_longer() -> None:
    onset = np.arange(768) * 6
    pitch = np.tile(np.arange(36, 84), 16)

    def seconds(long: int) -> float:
        begun = time.process_time()
        right_hand(onset, onset + long, pitch)
        return time.process_time() - begun

    seconds(6)
    # 48 at once.
    assert seconds(48 * 6) < 3 * seconds(6)
