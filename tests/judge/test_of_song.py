import pytest

from mood2music.judge.of_song import of_song
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes

A, B, C = [60, 62, 64, 65], [67, 65, 64, 62], [72, 71, 69, 74]


def bars(*contents: list[int], first: int = 0) -> Notes:
    """Bars of quarter notes from grid step `first` on."""
    pitch = [pitch for bar in contents for pitch in bar]
    onset = [first + 24 * i for i in range(len(pitch))]
    meter = (TimeSignature(first - 96 if first else 0, 4, 4),)
    return make_notes(onset, [24] * len(pitch), pitch, [80] * len(pitch), meter=meter)


def test_bars_that_stand_in_the_song_are_told_with_their_numbers() -> None:
    told = of_song(bars(B, [40, 41, 40, 43], A), 0, bars(C, A, B))
    assert told["bars"] == [[1, 3, 1.0], [3, 2, 1.0]]
    assert told["share"] == pytest.approx(8 / 12, abs=1e-4)


def test_a_bar_may_be_varied_and_three_of_five_notes_are_enough() -> None:
    told = of_song(bars([60, 62, 64, 40]), 0, bars(A))
    assert told["bars"] == [[1, 1, 0.75]]
    assert of_song(bars([60, 62, 40, 41]), 0, bars(A))["bars"] == []


def test_the_seed_is_not_judged() -> None:
    told = of_song(bars(A, B), 96, bars(A, C))
    assert (told["share"], told["bars"]) == (0.0, [])


def test_bars_that_are_kept_behind_new_ones_are_not_judged() -> None:
    piece = bars(A, [40, 41, 40, 43], B)
    assert of_song(piece, 96, bars(A, B), 192)["bars"] == []
    assert of_song(piece, 96, bars(A, B))["bars"] == [[3, 2, 1.0]]


def test_the_tune_counts_at_any_pitch_and_in_its_rhythm_alone() -> None:
    moved = bars([p + 5 for p in A], [p + 5 for p in B])
    told = of_song(moved, 0, bars(A, B))
    assert (told["share"], told["tune"]) == (0.0, 1.0)
    slow = make_notes(moved.onset * 2, moved.duration, moved.pitch, moved.velocity)
    assert of_song(slow, 0, bars(A, B))["tune"] == 0.0


def test_a_pickup_is_no_bar() -> None:
    song = bars([*A, *B], first=24)
    assert song.meter[0].step == -72
    piece = bars(A)
    assert of_song(piece, 0, song)["bars"] == [[1, 1, 1.0]]


def test_of_a_piece_without_a_motif_no_share_of_the_tune_is_told() -> None:
    assert of_song(bars([60]), 0, bars(A)) == {"share": 0.0, "tune": None, "bars": []}
