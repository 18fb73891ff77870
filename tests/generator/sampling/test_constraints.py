import numpy as np

from mood2music.generator.sampling.constraints import FREE, SCALES, Constraints, leaning
from mood2music.music.events import END, HELD


def test_free_shuts_nothing() -> None:
    assert FREE.pitches().all()
    assert not FREE.closed().any()


def test_a_range_takes_in_both_its_ends() -> None:
    allowed = Constraints(48, 84).pitches()
    assert allowed.nonzero()[0].tolist() == list(range(48, 85))


def test_a_range_that_was_moved_off_the_keyboard_is_cut() -> None:
    assert Constraints(-5, 200).pitches().all()


def test_a_scale_shuts_all_other_pitch_classes() -> None:
    major = Constraints(pitch_classes=SCALES["major"]).pitches()
    assert major[60:73].tolist() == [bool(int(c)) for c in "1010110101011"]
    minor = Constraints(pitch_classes=SCALES["minor"]).pitches()
    assert minor[57:70].tolist() == [bool(int(c)) for c in "1011010110111"]


def test_struck_and_held_pitches_are_shut_alike_and_an_end_never() -> None:
    closed = Constraints(60, 72, SCALES["major"]).closed()
    assert np.array_equal(closed[:HELD], closed[HELD:END])
    assert closed[END] == 0
    assert (closed == 0).sum() == 2 * 8 + 1


def test_a_leaning_raises_the_strikes_of_what_its_mode_has_more_of_and_shuts_nothing() -> None:
    minor = leaning("minor", 1.0)
    assert minor[9] > 0.3  # A
    assert minor[7] < -0.3  # G
    assert leaning("major", 2.0) == tuple(-2 * value for value in minor)
    assert leaning("minor", 0.0) == ()
    closed = Constraints(60, 72, lean=minor).closed()
    assert closed[69] == np.float32(minor[9])
    assert not closed[HELD:END][60:73].any()
    assert np.isneginf(closed[59])
