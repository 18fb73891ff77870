import math

import pytest

from mood2music.errors import MoodError
from mood2music.mood import Mood


@pytest.mark.parametrize("values", [(1.01, 0.0), (0.0, -1.5), (math.nan, 0.0), (0.0, math.inf)])
def test_a_mood_out_of_range_is_refused_with_an_example(values: tuple[float, float]) -> None:
    with pytest.raises(MoodError, match=r"mood=\[0\.4,-0\.2\]"):
        Mood(*values)


def test_distance_is_euclidean() -> None:
    assert Mood(-0.3, 0.0).distance(Mood(0.0, 0.4)) == pytest.approx(0.5)
