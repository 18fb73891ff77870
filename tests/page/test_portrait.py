import re
from dataclasses import replace

from mood2music.face.labels import EXPRESSIONS
from mood2music.mood import Mood
from mood2music.page.photo import PhotoMood
from mood2music.page.portrait import portrait

SEEN = PhotoMood(Mood(0.6004, 0.1), 1, "data:image/jpeg;base64,AA==")


def test_a_face_is_shown_with_its_mood_and_what_became_of_the_photo() -> None:
    shown = portrait(SEEN, "It is deleted.")
    assert "Read from the face: happy (valence +0.60, arousal +0.10). It is deleted." in shown
    assert "<button" not in shown
    assert "the largest of 3 faces" in portrait(replace(SEEN, found=3), "")


def test_of_a_face_that_the_networks_are_not_sure_of_a_visitor_chooses() -> None:
    even = dict.fromkeys(EXPRESSIONS, 1 / len(EXPRESSIONS))
    shown = portrait(replace(SEEN, sure=False, hindered_by=["a <mask>"], expressions=even), "")
    assert "Not sure: a &lt;mask&gt;. It may be happy" in shown
    moods = re.findall(r'data-mood="\[([-.\d]+),([-.\d]+)\]"', shown)
    assert len(moods) == 3
    assert all(Mood(float(v), float(a)) for v, a in moods)
