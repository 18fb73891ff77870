"""The shipped table, and the builder that made it."""

import numpy as np
import pytest

from mood2music.catalog.build import LEAST_EVENTS, Built, draw_catalog
from mood2music.catalog.corpus import CorpusPart
from mood2music.catalog.music import read_song
from mood2music.catalog.nearest import find, nearest
from mood2music.catalog.open import SHIPPED
from mood2music.catalog.table import read_table
from mood2music.judge.song_mood import SOURCE, song_mood
from mood2music.mood import Mood
from mood2music.music.events import to_events

SMALL = (
    CorpusPart("ryansMammoth/", "folk", "traditional", 2),
    CorpusPart("joplin/", "jazz", "Scott Joplin", 1, most=2500),
)
SHIPPED_SONGS = read_table(SHIPPED)


def built() -> Built:
    rng = np.random.default_rng(3)
    return draw_catalog(song_mood, SOURCE, rng=rng, parts=SMALL, progress=False)


@pytest.fixture(scope="module")
def small() -> Built:
    return built()


@pytest.mark.slow
def test_the_same_seed_builds_the_same_table(small: Built) -> None:
    assert small.songs == built().songs
    assert len(small.songs) == 3
    rag = find(small.songs, "Maple Leaf Rag")
    assert (rag.id, rag.style, rag.key) == ("joplin/maple_leaf_rag", "jazz", "Ab major")


def test_built_songs_are_long_enough_and_not_too_long(small: Built) -> None:
    for song in small.songs:
        notes = read_song(song)
        assert len(to_events(notes)) >= LEAST_EVENTS
        assert len(notes) <= 2500
        mood = song_mood(notes)
        assert (mood.valence, mood.arousal) == pytest.approx(song.raw, abs=1e-4)


def test_a_piece_over_its_shelfs_size_is_passed_over_and_counted() -> None:
    part = CorpusPart("joplin/", "jazz", "Scott Joplin", 1, most=500)
    small = draw_catalog(
        song_mood, SOURCE, rng=np.random.default_rng(0), parts=(part,), progress=False
    )
    assert small.songs == []
    assert small.skipped == {"more than 500 notes": 1}


def test_a_shipped_song_has_the_raw_mood_that_the_judge_hears() -> None:
    song = find(SHIPPED_SONGS, "Maple Leaf Rag")
    mood = song_mood(read_song(song))
    assert (mood.valence, mood.arousal) == pytest.approx(song.raw, abs=1e-4)


def test_shipped_titles_name_one_song_each() -> None:
    titles = [song.title.casefold() for song in SHIPPED_SONGS]
    assert len(set(titles)) == len(titles)


def test_shipped_moods_fill_the_plane() -> None:
    """From every point of the plane's middle a song lies near."""
    rng = np.random.default_rng(0)
    for v in np.linspace(-0.8, 0.8, 5):
        for a in np.linspace(-0.8, 0.8, 5):
            assert nearest(SHIPPED_SONGS, Mood(v, a), k=1, rng=rng)[0][1] < 0.35


def test_shipped_songs_find_themselves() -> None:
    rng = np.random.default_rng(0)
    for song in SHIPPED_SONGS[::20]:
        assert nearest(SHIPPED_SONGS, song.mood, k=1, rng=rng)[0][0].mood == song.mood
