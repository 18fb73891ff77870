import numpy as np

from mood2music.generator.embedding import PAD
from mood2music.generator.sampling.limits import free
from mood2music.music.events import END, HELD, LONGEST


def test_without_other_limits_only_what_sounds_can_be_held() -> None:
    limits = free(np.array([[60, HELD + 64], [PAD, PAD]]))
    holdable = np.isfinite(limits.scores[:, HELD:END])
    assert [row.nonzero()[0].tolist() for row in holdable] == [[60, 64], []]
    assert (limits.scores[:, :HELD] == 0).all()
    assert (limits.scores[:, END] == 0).all()
    assert limits.longest(np.array([[60], [62]])) is None


def test_a_chord_lasts_no_longer_than_its_oldest_held_pitch_may() -> None:
    ages = np.zeros((2, HELD), np.int64)
    ages[0, 60], ages[0, 64] = 30, 10
    limits = free(np.array([[60, 64], [60, 64]]))._replace(longest_hold=48, ages=ages)
    chords = np.array([[HELD + 60, HELD + 64], [HELD + 60, 72]])
    assert limits.longest(chords) is not None
    assert np.asarray(limits.longest(chords)).tolist() == [18, 48]
    # All for the first variant; a struck pitch is new, and a rest is as long as there are.
    one = np.array([[HELD + 64, PAD], [60, PAD], [PAD, PAD]])
    assert np.asarray(limits.longest(one, row=0)).tolist() == [38, 48, LONGEST]
