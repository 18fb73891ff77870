import numpy as np
import pytest

from mood2music.generator.memory.heard_song import HeardSong
from mood2music.generator.memory.place import Place
from mood2music.generator.memory.theme import PASSAGE, Theme
from mood2music.music.events import Event, from_list


def song(*tonics: int) -> HeardSong:
    """Of each tonic a phrase of three bars and one of two."""
    events: list[Event] = []
    for tonic in tonics:
        bar, close = [((tonic,), 24)] * 4, [((tonic + 2,), 24), ((tonic + 3,), 72)]
        events += [*bar, *bar, *close, *bar, *close]
    return HeardSong(from_list(events))


# Bars 0, 3, 5, 8, 10 and 13 begin phrases.
SONG = song(60, 65, 67)


def passages(
    strength: float,
    closeness: float = 0.0,
    lends_all: bool = True,
    bars: int = 400,
    song: HeardSong = SONG,
) -> list[list[Place | None]]:
    """What so many bars are of: passages of the song, and new matter bar by bar."""
    theme = Theme(song, strength, closeness, lends_all, np.random.default_rng(0))
    found: list[list[Place | None]] = []
    for _ in range(bars):
        last = found[-1][-1] if found else None
        behind = None if last is None else theme.goes_on(last)
        if behind is not None:
            found[-1].append(behind)
        else:
            found.append([theme.begins()])
    return found


def test_a_passage_is_as_many_phrases_of_the_song_as_have_four_bars() -> None:
    assert SONG.phrases == [0, 3, 5, 8, 10, 13]
    begun = [p for p in passages(1.0)[:-1] if p[0] is not None]
    for passage in begun:
        bars = [place.bar for place in passage if place is not None]
        assert bars == list(range(bars[0], bars[0] + len(bars)))
        assert bars[0] in SONG.phrases
        assert bars[-1] + 1 in (*SONG.phrases, 15)
        assert len(bars) == 5 or bars[-1] == 14
    assert PASSAGE == 4


def test_all_of_the_song_is_heard_before_a_passage_is_drawn_again() -> None:
    begun = [p for p in passages(0.5, bars=600) if p[0] is not None]
    heard: set[int] = set()
    for passage in begun:
        assert passage[0] is not None
        if heard >= set(SONG.phrases):
            break
        assert passage[0].bar not in heard
        heard.update(place.bar for place in passage if place is not None)
    assert heard >= set(range(15))


def test_a_passage_is_whole_the_first_time_and_its_tune_alone_from_then_on() -> None:
    begun = [p for p in passages(0.5) if p[0] is not None]
    heard: set[int] = set()
    for passage in begun:
        first = passage[0]
        assert first is not None
        assert first.tune is (first.bar in heard)
        assert {place.tune for place in passage if place is not None} == {first.tune}
        heard.update(place.bar for place in passage if place is not None)
    assert len(begun) > 20


def test_a_phrase_that_the_song_repeats_is_heard_whole_once() -> None:
    again = song(60, 65, 60)
    assert again.alike == [{0, 4}, {1, 5}, {2}, {3}, {0, 4}, {1, 5}]
    whole = [
        place.bar
        for passage in passages(0.5, song=again)
        for place in passage
        if place is not None and not place.tune
    ]
    assert len(set(whole)) == len(whole)
    assert {bar % 10 for bar in whole} == {*range(10)}, "each phrase once"
    assert len(whole) == 10


@pytest.mark.parametrize(
    ("strength", "lends_all", "lengths"), [(1.0, True, {2, 5}), (0.5, False, {2, 3})]
)
def test_variations_and_a_song_of_another_style_have_the_tune_alone(
    strength: float, lends_all: bool, lengths: set[int]
) -> None:
    begun = [p for p in passages(strength, 0.0, lends_all)[:-1] if p[0] is not None]
    assert all(place.tune for passage in begun for place in passage if place is not None)
    assert {len(passage) for passage in begun} == lengths


def test_where_a_style_returns_closely_what_comes_back_later_is_whole_too() -> None:
    found = passages(1.0, closeness=1.0)
    assert not any(place.tune for passage in found for place in passage if place is not None)


def test_the_stronger_the_theme_the_more_bars_are_of_the_song() -> None:
    shares = []
    for strength in (0.0, 0.3, 0.6, 1.0):
        bars = [place for passage in passages(strength) for place in passage]
        shares.append(sum(place is not None for place in bars) / len(bars))
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
