from typing import Any

import numpy as np
import pytest

from mood2music.errors import MoodError
from mood2music.face.labels import CLASS_MEANS, EXPRESSIONS
from mood2music.face.named import ADJECTIVES, ALSO, CIRCLE, RADIUS, SAME, as_mood, as_moods
from mood2music.mood import Mood


@pytest.mark.parametrize(
    "value", [(0.5, 0.25), [0.5, 0.25], np.array([0.5, 0.25]), Mood(0.5, 0.25)]
)
def test_two_numbers_are_a_mood_whatever_holds_them(value: Any) -> None:
    assert as_mood(value) == Mood(0.5, 0.25)


def test_every_word_lies_where_faces_of_its_expression_do() -> None:
    assert as_mood(" Happy ") == CLASS_MEANS["happiness"]
    assert as_mood("furious") == CLASS_MEANS["anger"]
    places = {as_mood(word) for word in (*ADJECTIVES, *EXPRESSIONS, *ALSO)}
    assert places == set(CLASS_MEANS.values())


def test_moods_that_no_face_shows_lie_on_the_circle_of_affect() -> None:
    places = {word: as_mood(word) for word in CIRCLE}
    signs = {
        word: (np.sign(round(mood.valence, 2)), np.sign(mood.arousal))
        for word, mood in places.items()
    }
    assert signs == {
        "excited": (1, 1), "tense": (-1, 1), "gloomy": (-1, -1), "tired": (0, -1), "calm": (1, -1)
    }  # fmt: skip
    for mood in places.values():
        assert np.hypot(mood.valence, mood.arousal) == pytest.approx(RADIUS, abs=1e-3)
    assert {as_mood(word) for word in SAME} <= set(places.values())


@pytest.mark.parametrize("value", [0.5, [0.5], [0.1, 0.2, 0.3], [True, False], ["a", "b"], None])
def test_what_is_no_pair_says_what_was_expected(value: Any) -> None:
    with pytest.raises(MoodError, match=r"taste=.*expected valence and arousal"):
        as_mood(value, "taste")


def test_an_unknown_word_names_near_ones() -> None:
    with pytest.raises(MoodError, match=r"mood=hapy: did you mean happy"):
        as_mood("hapy")
    with pytest.raises(MoodError, match=r"mood=qqq: expected happy, sad"):
        as_mood("qqq")


def test_a_pair_outside_the_plane_is_refused() -> None:
    with pytest.raises(MoodError, match="valence 2"):
        as_mood((2, 0))


def test_a_way_is_several_moods_and_one_mood_is_a_way_of_one() -> None:
    assert as_moods([[-0.5, -0.4], "happy", Mood(0, 0)]) == [
        Mood(-0.5, -0.4),
        as_mood("happy"),
        Mood(0, 0),
    ]
    for one in ("sad", [0.5, 0.2], (0.5, 0.2), Mood(0.5, 0.2)):
        assert as_moods(one) == [as_mood(one)]
    with pytest.raises(MoodError, match=r"two and more on the way"):
        as_moods([[0.5, 0.2]])
    with pytest.raises(MoodError, match="valence 2"):
        as_moods([[0.5, 0.2], [2, 0]])
