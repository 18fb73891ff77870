import pytest

from mood2music.catalog.open import CatalogSettings
from mood2music.errors import DataError
from mood2music.judge.mood import formula_mood
from mood2music.mood import Mood
from mood2music.page.songs import OFFERED, CatalogView


@pytest.fixture(scope="module")
def catalog() -> CatalogView:
    return CatalogView(CatalogSettings(calibrate="none"), formula_mood)


def test_songs_come_by_nearness_and_say_how_far(catalog: CatalogView) -> None:
    listed = catalog.near(Mood(0.5, 0.5))
    assert len(listed) == OFFERED
    bare = [catalog.find(song["id"]).bare for song in listed]
    ranked = [song["distance"] + catalog.richer * b for song, b in zip(listed, bare, strict=True)]
    assert ranked == pytest.approx(sorted(ranked), abs=0.002)
    first = listed[0]
    away = ((first["valence"] - 0.5) ** 2 + (first["arousal"] - 0.5) ** 2) ** 0.5
    assert first["distance"] == pytest.approx(away, abs=0.002)
    assert catalog.find(first["id"]).title == first["title"]


def test_filters_hold_and_an_empty_choice_is_said(catalog: CatalogView) -> None:
    haydn = catalog.near(Mood(0, 0), "classical", "Joseph Haydn")
    assert {song["artist"] for song in haydn} == {"Joseph Haydn"}
    assert "Joseph Haydn" in catalog.composers("classical")
    assert "Joseph Haydn" not in catalog.composers("folk")
    with pytest.raises(DataError, match="no songs"):
        catalog.near(Mood(0, 0), "jazz", "Joseph Haydn")


def test_every_song_is_a_dot_of_its_styles_colour(catalog: CatalogView) -> None:
    dots = catalog.dots()
    assert len(dots) == len(catalog.songs)
    styles = catalog.styles()
    by_id = {song.id: song for song in catalog.songs}
    assert all(
        styles[number] == by_id[name].style
        for (_, _, number, _), name in zip(dots, by_id, strict=True)
    )
