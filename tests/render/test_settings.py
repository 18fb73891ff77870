import sys
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
        (
            RenderSettings(score=["svg", "jpg"]),
            "render.score=jpg: did you mean png",
        ),
        (RenderSettings(pages=0), "render.pages=0"),
        (
            RenderSettings(sound="midi"),
            "render.sound=midi: expected one of wav, mp3, ogg, flac or none",
        ),
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


def test_a_pdf_is_refused_at_once_where_the_machine_has_no_cairo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What cairocffi does on such a machine.
    (tmp_path / "cairocffi").mkdir()
    raising = "raise OSError('no library called \"cairo-2\" was found')\n"
    (tmp_path / "cairocffi" / "__init__.py").write_text(raising)
    for name in [name for name in sys.modules if name.split(".")[0] in ("cairosvg", "cairocffi")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Mood2MusicError, match="needs the cairo library: apt install libcairo2"):
        RenderSettings(score=["svg", "pdf"]).check()
    RenderSettings(score=["svg", "png"]).check()
