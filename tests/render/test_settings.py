from pathlib import Path

import pytest

from mood2music.errors import Mood2MusicError
from mood2music.render.settings import RenderSettings
from mood2music.render.soundfont import find_soundfont


def test_the_defaults_can_be_rendered() -> None:
    RenderSettings().check()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (RenderSettings(score=["svg", "jpg"]), "render.score has jpg"),
        (RenderSettings(pages=0), "render.pages=0"),
        (RenderSettings(sound="midi"), "render.sound=midi: expected wav, mp3"),
        (RenderSettings(program="pianno"), "did you mean piano"),
        (RenderSettings(soundfont="none.sf2"), "no file at none.sf2"),
        (RenderSettings(soundfont=__file__), "is no SoundFont 2 file"),
    ],
)
def test_what_cannot_be_rendered_is_refused_in_one_line(
    settings: RenderSettings, said: str
) -> None:
    with pytest.raises(Mood2MusicError, match=said) as caught:
        settings.check()
    assert "\n" not in str(caught.value)


def test_without_sound_no_soundfont_is_asked_for() -> None:
    RenderSettings(sound="none", soundfont="none.sf2").check()


def test_the_default_soundfont_is_there() -> None:
    assert find_soundfont(None).stat().st_size > 5_000_000
    assert find_soundfont(str(find_soundfont(None))) == Path(find_soundfont(None))
