import pytest

from mood2music.music.accompaniment import CHORDS
from mood2music.music.idiom import IDIOMS, PLAIN, idiom_of, strongest
from mood2music.music.patterns import PLAYERS
from mood2music.render.band import BANDS


@pytest.mark.parametrize("style", IDIOMS)
def test_what_an_idiom_names_is_there(style: str) -> None:
    idiom = idiom_of(style)
    assert idiom.accompaniment in PLAYERS
    assert idiom.accompaniment in CHORDS or not idiom.lead_sheets, "chords of their own"
    assert idiom.band in (*BANDS, "none")
    assert idiom != PLAIN


def test_a_style_without_an_idiom_of_its_own_is_played_plainly() -> None:
    assert idiom_of("tango") == idiom_of("") == PLAIN


@pytest.mark.parametrize(
    ("strengths", "style"),
    [({"jazz": 0.3, "pop": 0.8}, "pop"), ({"jazz": 0.0}, ""), ({"jazz": -1.0}, ""), ({}, "")],
)
def test_the_strongest_style_is_named_where_any_is_asked(
    strengths: dict[str, float], style: str
) -> None:
    assert strongest(strengths) == style
