from dataclasses import replace

from mood2music.flow.photo import Portrait
from mood2music.flow.song import Start
from mood2music.flow.telling import facts_of_sound, source_of
from mood2music.mood import Mood
from mood2music.render.settings import RenderSettings
from tests.conftest import tune

SAD, GLAD = Mood(-0.5, -0.25), Mood(0.5, 0.25)


def test_the_source_tells_the_photo_or_the_given_mood_and_the_songs_own() -> None:
    start = Start(tune(1), "a", {"midi": {"name": "a.mid"}})
    told = source_of(None, start, GLAD, [GLAD])
    assert told == {"midi": {"name": "a.mid"}, "song_mood": {"valence": 0.5, "arousal": 0.25}}
    given = source_of(None, replace(start, mood=SAD), GLAD, [SAD, GLAD])
    assert given["mood"] == {"from": "given", "valence": -0.5, "arousal": -0.25}
    assert [mood["valence"] for mood in given["way"]] == [-0.5, 0.5]
    portrait = Portrait(SAD, {"mood": {"from": "photo"}}, {})
    assert source_of(portrait, start, GLAD, [SAD])["mood"] == {"from": "photo"}


def test_without_sound_there_is_no_soundfont_to_tell_of() -> None:
    assert facts_of_sound(RenderSettings(sound="none")) is None
