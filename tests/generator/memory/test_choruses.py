import numpy as np

from mood2music.generator.memory.choruses import Choruses, song_chords
from mood2music.music.changes import CODES
from mood2music.music.events import from_list
from mood2music.music.meter import TimeSignature

# C, F and G, a bar each.
SONG = from_list([((48, 52, 55), 96), ((53, 57, 60), 96), ((55, 59, 62), 96)])
LINES = [0, 96, 192]
C, F, G = 1, 31, 43


def choruses(follows: bool = False) -> Choruses:
    table = np.full((CODES - 1, CODES - 1), 1 / (CODES - 1)) if follows else None
    return Choruses(song_chords(SONG, LINES, table), np.random.default_rng(0))


def test_bars_go_round_the_song_and_back_where_they_return() -> None:
    one, told = choruses(), []
    for bar, (again, of_song) in enumerate(
        [(None, None)] * 4 + [(1, None), (None, None), (None, 0)]
    ):
        one.add(96 * bar, again, of_song)
        told.append(one.of_bar(96 * bar, 96 * bar, False)[0])
    assert told == [C, F, G, C, F, G, C]


def test_a_piece_goes_on_where_its_seed_stands() -> None:
    one = choruses()
    assert one.of_new_bar(192, 192) == (G, G)
    one.add(192)
    assert one.of_new_bar(288 + 48, 288) == (C, F), "in the second half of the next bar"


def test_a_chorus_is_drawn_once_and_the_songs_own_bars_keep_their_chords() -> None:
    one = choruses(follows=True)
    drawn = []
    for bar in range(30):
        one.add(96 * bar, None, bar % 3)
        drawn.append(one.of_bar(96 * bar, 96 * bar, False))
        assert one.of_bar(96 * bar, 96 * bar, True)[0] == [C, F, G][bar % 3]
    assert drawn[:3] * 10 == drawn, "one chorus throughout, since the song never ended"
    other = choruses(follows=True)
    for bar in range(30):
        other.add(96 * bar)
    again = [other.of_bar(96 * 29, 96 * 29, False) for _ in range(3)]
    assert len(set(again)) == 1


def test_bars_fit_by_the_pitches_that_their_chords_and_those_due_have_in_common() -> None:
    one = choruses()
    for bar in range(3):
        one.add(96 * bar)
    # Due behind G is C: of C, F and G it has three, one and one pitches in common.
    assert one.fits(288).tolist() == [1, 0.2, 0.2]
    one.add(288, again=1)
    # Behind the F that came back is G due.
    assert one.fits(384).tolist() == [0.2, 0, 1, 0]


def test_a_song_of_one_bar_fits_itself() -> None:
    bar = from_list([((48, 52, 55), 96)])
    one = Choruses(song_chords(bar, [0], None), np.random.default_rng(0))
    one.add(0)
    assert one.fits(96).tolist() == [1]


def test_bars_fit_by_both_their_chords_also_where_the_second_comes_late() -> None:
    chords = [((48, 52, 55), 72), ((55, 59, 62), 48), ((48, 52, 55), 120)]
    song = from_list(chords, meter=(TimeSignature(0, 5, 4),))
    one = Choruses(song_chords(song, [0, 120], None), np.random.default_rng(0))
    one.add(0)
    one.add(120)
    # Due is the first bar again, C and G; of the second one, C alone, one half is as it is.
    assert one.fits(240).tolist() == [1, 0.6]


def test_what_is_written_anew_stands_on_the_chords_that_it_stood_on() -> None:
    one = choruses(follows=True)
    stood = []
    for bar, (again, of_song) in enumerate([(None, 1), (None, None), (0, None), (None, 0)] * 5):
        one.add(96 * bar, again, of_song)
        stood.append(one.of_bar(96 * bar, 96 * bar, False))
    anew = one.anew()
    told = []
    for bar in range(7, 20):
        assert anew.of_new_bar(96 * bar, 96 * bar)[0] == stood[bar][0]
        anew.add(96 * bar)
        told.append(anew.of_bar(96 * bar, 96 * bar, False))
    assert told == stood[7:]
    # One that comes back stands on its own ones all the same.
    anew = one.anew()
    anew.add(96 * 4)
    anew.add(96 * 5, again=0)
    assert anew.of_bar(96 * 5, 96 * 5, False)[0] == stood[4][0]
