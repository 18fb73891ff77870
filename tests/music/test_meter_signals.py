import numpy as np

from mood2music.music.meter_signals import hear
from mood2music.music.notes import make_notes


def test_music_that_never_comes_back_has_no_returns() -> None:
    onset = np.cumsum([0, *range(6, 6 * 12, 6)])
    heard = hear(make_notes(onset, [6] * 12, range(50, 62), [80] * 12))
    assert [len(found) for found in heard.returns] == [0, 0, 0]
