import numpy as np
import pytest

from mood2music.errors import MusicFileError, SettingsError
from mood2music.music.events import from_list, to_events
from mood2music.music.key import Key
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes
from mood2music.music.seed import Passages, find_passages, to_bar_line
from tests.conftest import tune


def test_seeds_stand_in_the_song_in_c_major() -> None:
    song = tune(1)
    home = find_passages(song, 20, 2, (4, 3), np.random.default_rng(0))
    up = find_passages(song.transposed(4), 20, 2, (4, 3), np.random.default_rng(0))
    assert up.key == Key((home.key.tonic + 4) % 12, home.key.mode)
    moved = up.seed(0).tokens.astype(int) - home.seed(0).tokens
    assert moved[0] % 12 == 0
    assert set(moved.tolist()) == {int(moved[0])}
    start = home.starts[1]
    assert home.seed(1).as_list() == home.events.as_list()[start : start + 20]
    assert home.starts[0] != home.starts[1]


def test_a_song_shorter_than_the_seed_gives_all_it_has() -> None:
    song = tune(1, 5)
    passages = find_passages(song, 400, 3, (4, 3), np.random.default_rng(0))
    assert passages.length == len(passages.events)
    assert passages.seed(2).as_list() == passages.events.as_list()


def test_a_seed_of_no_events_is_refused() -> None:
    with pytest.raises(SettingsError, match="seed_len=0"):
        find_passages(tune(1), 0, 1, (4, 3), np.random.default_rng(0))


def test_places_are_where_half_of_the_events_sound_else_anywhere() -> None:
    # Single notes with rests between: C . D . E . ..., then rests of more than half.
    onsets = [24 * i for i in range(10)] + [240 + 48 * i for i in range(10)]
    held = [24] * 10 + [12] * 10
    notes = make_notes(onsets, held, [60 + i % 5 for i in range(20)], [80] * 20)
    passages = find_passages(notes, 4, 100, (4, 3), np.random.default_rng(0))
    # Ten notes, then note and rest by turns: all places have two sounding events of four.
    assert sorted(passages.starts) == list(range(len(passages.events) - 3))
    sparse = make_notes([0, 2000], [6, 6], [60, 64], [80, 80])  # long rests are split
    passages = find_passages(sparse, 4, 100, (4, 3), np.random.default_rng(0))
    assert sorted(passages.starts) == list(range(len(passages.events) - 3))
    two = find_passages(sparse, 3, 100, (4, 3), np.random.default_rng(0))
    assert len(two.events) == 13
    assert two.length == 3


def test_no_seed_is_taken_where_rests_prevail() -> None:
    # Eight quarter notes, a silence that is split into six rests, a note.
    onsets = [*range(0, 192, 24), 192 + 6 * 192]
    notes = make_notes(onsets, [24] * 9, [60 + i % 4 for i in range(9)], [80] * 9)
    passages = find_passages(notes, 4, 100, (4, 3), np.random.default_rng(0))
    assert passages.events.counts().tolist() == [1] * 8 + [0] * 6 + [1]
    assert sorted(passages.starts) == list(range(7))
    assert passages.seed(len(passages.starts)).as_list() == passages.seed(0).as_list()
    with pytest.raises(MusicFileError, match="no name has no events to take a seed from"):
        find_passages(make_notes([], [], [], [], title="no name"), 4, 1, (4, 3),
                      np.random.default_rng(0))  # fmt: skip


def test_a_seed_goes_on_in_the_bars_that_it_ends_in() -> None:
    meter = (TimeSignature(-24, 3, 4), TimeSignature(240, 2, 4), TimeSignature(900, 3, 4))
    notes = make_notes(np.arange(0, 1440, 24), [24] * 60, [60] * 60, [80] * 60, meter=meter)
    events = to_events(notes)
    assert Passages(events, Key(0, "major"), [0], 5).seed(0).meter == meter[:1]
    assert Passages(events, Key(0, "major"), [12], 5).seed(0).meter == meter[:2]
    assert Passages(events, Key(0, "major"), [40], 5).seed(0).meter == meter


@pytest.mark.parametrize("draw", range(8))
def test_further_seeds_are_in_the_meter_of_the_first_while_places_last(draw: int) -> None:
    # Eight bars of 4/4, six of 3/4, and four of 4/4.
    meter = tuple(TimeSignature(*s) for s in ((0, 4, 4), (768, 3, 4), (1200, 4, 4)))
    beats = 32 + 18 + 16
    notes = make_notes(np.arange(beats) * 24, [24] * beats, [60 + i % 5 for i in range(beats)],
                       [80] * beats, meter=meter)  # fmt: skip
    found = find_passages(notes, 3, 5, (4, 3), np.random.default_rng(draw))
    kinds = [found.seed(i).meter[-1][1:] for i in range(5)]
    assert len(set(found.starts)) == 5
    assert len(set(kinds)) == 1
    many = find_passages(notes, 3, 14, (4, 3), np.random.default_rng(draw))
    first = many.seed(0).meter[-1][1:]
    own = [many.seed(i).meter[-1][1:] == first for i in range(14)]
    assert own == sorted(own, reverse=True), "others only behind all of its own"
    assert not all(own)


def test_a_seed_ends_with_a_bar() -> None:
    seed = from_list([((60 + i,), 24) for i in range(10)])
    assert to_bar_line(seed).as_list() == seed[:8].as_list()
    assert to_bar_line(seed[:8]).as_list() == seed[:8].as_list()


def test_a_seed_too_short_to_be_cut_is_silent_to_the_end_of_its_bar() -> None:
    meter = (TimeSignature(0, 3, 4),)
    seed = from_list([((60,), 24), ((62,), 24), ((64,), 12)], meter=meter)
    assert to_bar_line(seed).as_list() == [*seed.as_list(), ((), 12)]
    assert to_bar_line(seed).meter == meter


def test_a_key_that_is_known_is_taken() -> None:
    notes = tune(0, 60)
    found = find_passages(notes, 8, 1, (4, 3), np.random.default_rng(0), Key(2, "minor"))
    assert found.key == Key(2, "minor")
    moved = notes.transposed(found.key.to_c)  # tunes are on the grid of sixteenths
    assert found.events.as_list() == to_events(moved).as_list()
