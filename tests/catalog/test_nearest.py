"""Nearest songs and songs by name."""

import numpy as np
import pytest

from mood2music.catalog.nearest import find, nearest
from mood2music.catalog.song import Song
from mood2music.errors import DataError, SettingsError, UnknownNameError
from mood2music.mood import Mood


def song(name: str, valence: float, arousal: float, title: str = "", voices: float = 0.0) -> Song:
    mood = Mood(valence, arousal)
    return Song(name, title or name, "", "", mood, "hand", music=f"{name}.mid", voices=voices)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


SQUARE = [song("a", 0.5, 0.5), song("b", -0.5, 0.5), song("c", 0.5, -0.5), song("d", -0.5, -0.5)]


def test_nearest_first_with_distances() -> None:
    found = nearest(SQUARE, Mood(0.5, 0.2), k=2, rng=rng())
    assert [s.id for s, _ in found] == ["a", "c"]
    assert [d for _, d in found] == pytest.approx([0.3, 0.7])


def test_a_songs_own_mood_finds_that_song() -> None:
    points = rng(1).uniform(-1, 1, (300, 2))
    songs = [song(str(i), v, a) for i, (v, a) in enumerate(points)]
    for wanted in songs[::7]:
        found, distance = nearest(songs, wanted.mood, k=1, rng=rng())[0]
        assert found == wanted
        assert distance == pytest.approx(0.0, abs=1e-6)


def test_agrees_with_sorting_all_distances() -> None:
    songs = [song(str(i), v, a) for i, (v, a) in enumerate(rng(2).uniform(-1, 1, (200, 2)))]
    mood = Mood(0.1, -0.3)
    expected = sorted(songs, key=lambda s: mood.distance(s.mood))[:9]
    assert [s for s, _ in nearest(songs, mood, k=9, rng=rng())] == expected


def test_songs_whose_distances_differ_by_rounding_alone_are_ties() -> None:
    # .1 + .2 is 5e-17 above .3: one of the four corners lies nearer than the others by that much.
    corners = [song(f"{v}{a}", v, a) for v in (0.1 + 0.2, -0.3) for a in (0.3, -0.3)]
    first = {nearest(corners, Mood(0, 0), k=1, rng=rng(seed))[0][0].id for seed in range(60)}
    assert first == {corner.id for corner in corners}


def test_ties_are_broken_by_the_seed_and_every_tied_song_gets_its_turn() -> None:
    tied = [song(str(i), 0.2, 0.2) for i in range(20)]
    first = {nearest(tied, Mood(0.2, 0.2), k=1, rng=rng(seed))[0][0].id for seed in range(400)}
    assert first == {str(i) for i in range(20)}
    again = [nearest(tied, Mood(0.2, 0.2), k=5, rng=rng(7)) for _ in range(2)]
    assert again[0] == again[1]


def test_a_nearer_song_is_never_pushed_out_by_tied_ones() -> None:
    songs = [*(song(f"far{i}", 0.5, 0.0) for i in range(50)), song("near", 0.1, 0.0)]
    for seed in range(20):
        found = nearest(songs, Mood(0.0, 0.0), k=3, rng=rng(seed))
        assert found[0][0].id == "near"
        assert len(found) == 3


@pytest.mark.parametrize(("richer", "order"), [(0, "tfcu"), (0.1, "tfcu"), (0.3, "ftcu")])
def test_a_song_of_two_voices_may_be_so_much_further_away(richer: float, order: str) -> None:
    songs = [
        song("t", 0.1, 0, voices=1.0),  # a bare tune
        song("f", 0.3, 0, voices=2.0),
        song("c", 0.5, 0, voices=3.5),
        song("u", 0.9, 0),  # nobody knows how many
    ]
    found = nearest(songs, Mood(0, 0), k=4, rng=rng(), richer=richer)
    assert "".join(s.id for s, _ in found) == order
    assert {s.id: round(d, 6) for s, d in found} == {"t": 0.1, "f": 0.3, "c": 0.5, "u": 0.9}


def test_what_counts_as_equally_far_is_drawn_too() -> None:
    songs = [song("tune", 0.1, 0, voices=1.0), song("duet", 0.5, 0, voices=2.0)]
    first = {
        nearest(songs, Mood(0, 0), k=1, rng=rng(seed), richer=0.4)[0][0].id for seed in range(40)
    }
    assert first == {"tune", "duet"}


def test_fewer_songs_than_k_give_them_all() -> None:
    assert len(nearest(SQUARE[:1], Mood(0, 0), k=5, rng=rng())) == 1


def test_no_songs_and_no_neighbours_are_refused() -> None:
    with pytest.raises(DataError, match="no songs"):
        nearest([], Mood(0, 0), rng=rng())
    with pytest.raises(SettingsError, match=r"catalog\.k=0: expected 1 or more"):
        nearest(SQUARE, Mood(0, 0), k=0, rng=rng())


TITLED = [
    song("x/1", 0, 0, "Maple Leaf Rag"),
    song("x/2", 0, 0, "The Sailor's Wife"),
    song("x/3", 0, 0, "Kyrie"),
    song("x/4", 0, 0, "Kyrie"),
]


def test_found_by_id_and_by_title_whatever_the_capitals() -> None:
    assert find(TITLED, "x/4").id == "x/4"
    assert find(TITLED, "maple leaf rag").id == "x/1"


def test_an_id_goes_before_a_title() -> None:
    assert find([song("a", 0, 0, "b"), song("b", 0, 0, "a")], "a").id == "a"


def test_an_unknown_name_names_near_ones() -> None:
    with pytest.raises(UnknownNameError, match=r'no song "Maple Rag" among 4.*"Maple Leaf Rag"'):
        find(TITLED, "Maple Rag")
    with pytest.raises(UnknownNameError, match="Sailor's Wife"):
        find(TITLED, "sailor")
    with pytest.raises(UnknownNameError, match="pass a title or an id"):
        find(TITLED, "qqqqqqqq")


def test_a_title_of_two_songs_asks_for_an_id() -> None:
    with pytest.raises(UnknownNameError, match=r'2 songs are called "Kyrie".*"x/3", "x/4"'):
        find(TITLED, "Kyrie")
