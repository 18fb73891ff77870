from pathlib import Path

import pytest

from mood2music.errors import SettingsError
from mood2music.flow.request import GenerateSettings


def test_a_photo_is_read_where_nothing_else_is_given_to_start_from() -> None:
    assert GenerateSettings().reads_photo
    assert GenerateSettings(photo="me.jpg").reads_photo
    for given in ({"mood": "sad"}, {"song": "x"}, {"midi": "a.mid"}, {"audio": "a.wav"}):
        assert not GenerateSettings(**given).reads_photo  # type: ignore[arg-type]


def test_a_mood_is_for_finding_a_song_and_not_for_a_file() -> None:
    assert GenerateSettings(mood="sad").mood_asked == "sad"
    assert GenerateSettings(mood="sad", song="x").mood_asked == "sad"
    assert GenerateSettings(mood="sad", midi="a.mid").mood_asked is None
    assert GenerateSettings(mood="sad", audio="a.wav").mood_asked is None


def test_what_has_no_part_behind_a_later_source_is_named() -> None:
    assert GenerateSettings().unused == []
    assert GenerateSettings(photo="a.jpg", mood="sad", song="x").unused == ["photo"]
    assert GenerateSettings(photo="a.jpg", midi="a.mid").unused == ["photo"]
    assert GenerateSettings(mood="sad", song="x", audio="a.wav").unused == ["mood", "song"]
    assert GenerateSettings(midi="a.mid").unused == []


def test_each_stage_is_asked_what_is_its_own() -> None:
    asked = GenerateSettings(
        midi="a.mid", repeats=True, structure=["A", "B2"], n=3, range=[40, 80], rewrite=[2, 3]
    )
    song, writing = asked.song_settings, asked.writing_settings
    assert (song.midi, song.audio, song.repeats) == (Path("a.mid"), None, True)
    assert (writing.variants, writing.range, writing.rewrite) == (3, (40, 80), (2, 3))
    assert [section.letter for section in writing.sections] == ["A", "B"]
    assert not writing.learned
    assert GenerateSettings(structure=["learned"]).writing_settings.learned
    assert GenerateSettings(style="jazz").styled.strengths() == {"jazz": 1.0}
    assert GenerateSettings(face={"which": "all"}).photo_settings.face.which == "all"
    with pytest.raises(SettingsError, match=r"face\.wich: there is no such setting"):
        _ = GenerateSettings(face={"wich": "all"}).face_settings


@pytest.mark.parametrize(
    ("given", "strengths"),
    [
        ("jazz", {"jazz": 1.0}),
        ({"jazz": 0.5, "pop": 0.25}, {"jazz": 0.5, "pop": 0.25}),
        ({"name": "jazz", "strength": 0.5}, {"jazz": 0.5}),
        ({"mix": {"pop": 0.5}}, {"pop": 0.5}),
        ({}, {}),
    ],
)
def test_a_style_is_a_name_or_strengths_or_settings(
    given: str | dict[str, float], strengths: dict[str, float]
) -> None:
    assert GenerateSettings(style=given).styled.strengths() == strengths
    with pytest.raises(SettingsError, match="did you mean strength"):
        _ = GenerateSettings(style={"name": "jazz", "strenth": 0.5}).styled  # type: ignore[dict-item]
