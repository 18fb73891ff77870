from mood2music.catalog.song import Song
from mood2music.mood import Mood


def song(**changes: str | float) -> Song:
    said = {"id": "1", "title": "Clair de lune", "artist": "Debussy", "style": "classical"}
    return Song(**{**said, **changes}, mood=Mood(0.25, -0.5), va_source="formula")  # type: ignore[arg-type]


def test_a_song_reads_as_title_and_artist_or_the_title_alone() -> None:
    assert str(song()) == "Clair de lune · Debussy"
    assert str(song(artist="")) == "Clair de lune"


def test_its_axes_are_its_moods() -> None:
    assert (song().valence, song().arousal) == (0.25, -0.5)


def test_only_a_song_with_music_can_be_played() -> None:
    assert not song().playable
    assert song(music="a.mid").playable


def test_a_manifest_gets_the_name_of_a_file_but_not_its_folder() -> None:
    assert song(music="/home/ada/music/a.mid").music_name == "a.mid"
    assert song(music="corpus:bach/bwv66.6").music_name == "corpus:bach/bwv66.6"
    assert song().music_name == ""


def test_a_tune_of_one_voice_is_bare_and_one_of_unknown_voices_is_not() -> None:
    assert [song(voices=v).bare for v in (1.0, 1.19, 1.35, 1.51, 4.0, 0.0)] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
