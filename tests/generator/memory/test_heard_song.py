from mood2music.generator.memory.heard_song import HeardSong
from mood2music.music.events import from_list


def test_phrases_are_told_by_the_bars_they_begin_with() -> None:
    bar, close = [((60,), 24)] * 4, [((62,), 24), ((63,), 72)]
    song = HeardSong(from_list([*bar, *bar, *close, *bar, *close, *bar, *bar, *close]))
    assert song.lines == [96 * i for i in range(8)]
    assert song.phrases == [0, 3, 5]


def test_the_tune_is_what_is_struck_on_top_and_the_wait_is_from_onset_to_onset() -> None:
    # A chord, its top held above a new bass, a rest, and one note.
    song = HeardSong(from_list([((48, 64), 24), ((50, 64 + 128), 24), ((), 24), ((65,), 24)]))
    assert song.tune == [(64, 0), (65, 72)]
    assert song.steps == [0, 24, 48, 72]
    assert song.wait == 96 / 3


def test_no_song_has_no_bar_no_tune_and_no_texture() -> None:
    for song in (HeardSong(None), HeardSong(from_list([]))):
        assert (song.events, song.lines, song.phrases, song.tune) == ({}, [], [], [])
        assert song.wait is None
        assert song.texture is None
