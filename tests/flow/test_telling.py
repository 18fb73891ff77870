from dataclasses import replace

import numpy as np

from mood2music.flow.matching import expressed
from mood2music.flow.photo import Portrait
from mood2music.flow.piece import Piece
from mood2music.flow.song import Start
from mood2music.flow.telling import facts_of_sound, measure, source_of
from mood2music.flow.writing_settings import WritingSettings
from mood2music.judge.trained_on import TrainedOn
from mood2music.mood import Mood
from mood2music.music.key import Key
from mood2music.music.seed import find_passages
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


def test_a_piece_in_another_octave_stands_in_its_song_as_it_did() -> None:
    song, key = tune(1).transposed(-22), Key(2, "major")
    passages = find_passages(song, 20, 1, [1, 2, 3, 4, 6, 8], np.random.default_rng(0), key)
    written = Piece(song, np.ones(len(song), np.uint8), key, 0, [], 80, False)
    moved = expressed(written, [GLAD], WritingSettings(length=80))
    assert np.array_equal(moved.notes.pitch, song.pitch + 12)
    told, before = measure(
        [moved, written], GLAD, passages.events, TrainedOn(None), RenderSettings()
    )
    assert told.of_song == before.of_song
    assert told.of_song["share"] > 0.9
