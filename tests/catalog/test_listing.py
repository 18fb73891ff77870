import pytest

from mood2music.catalog.listing import by_composer, by_words, rows
from mood2music.catalog.song import Song
from mood2music.errors import UnknownNameError
from mood2music.mood import Mood

SONGS = [
    Song("a/1", "The Blue Bell", "traditional (Aird)", "folk", Mood(0.1, 0.2), "formula"),
    Song("b/2", "Bell Song", "Léo Delibes", "classical", Mood(-0.5, 0.0), "formula"),
]


def test_words_are_found_in_any_order_and_case() -> None:
    assert by_words(SONGS, "bell blue") == SONGS[:1]
    assert by_words(SONGS, "BELL") == SONGS
    assert by_words(SONGS, "b/2") == SONGS[1:]


def test_a_composer_is_found_by_part_of_the_name() -> None:
    assert by_composer(SONGS, "léo") == SONGS[1:]
    assert by_composer(SONGS, None) == SONGS


def test_nothing_found_says_what_there_is() -> None:
    with pytest.raises(UnknownNameError, match="this catalog has Léo Delibes, traditional"):
        by_composer(SONGS, "Bach")
    with pytest.raises(UnknownNameError, match='none of 2 songs has "waltz"'):
        by_words(SONGS, "waltz")


def test_distances_lead_the_rows_that_have_them() -> None:
    assert next(iter(rows(SONGS, [0.25, 0.5])[1].items())) == ("distance", 0.5)
    assert next(iter(rows(SONGS)[0])) == "title"
