from dataclasses import replace

from mood2music.music.accompaniment import accompanied
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes
from mood2music.music.tune import is_bare, tune_of
from tests.music.test_accompaniment import tune


def test_the_tune_of_a_piece_is_what_nothing_sounds_above() -> None:
    piece = make_notes([0, 0, 24, 48, 48, 60], [48, 24, 24, 24, 24, 24], [72, 48, 60, 71, 50, 76],
                       [80] * 6)  # fmt: skip
    found = tune_of(piece)
    assert found.pitch.tolist() == [72, 71, 76]
    assert found.onset.tolist() == [0, 48, 60]
    assert found.duration.tolist() == [48, 12, 24]
    assert len(tune_of(make_notes([], [], [], []))) == 0


def test_where_the_tune_rests_the_accompaniment_is_not_taken_for_it() -> None:
    sung = [(96 * bar + 24 * beat, 24, 72 + beat) for bar in range(4) for beat in range(3)]
    below = [(48 * half, 24, 48 + 7 * (half % 2)) for half in range(8)]
    last = [(96 * bar + 72, 24, 55) for bar in range(4)]
    onset, long, pitch = zip(*sung, *below, *last, strict=True)
    found = tune_of(make_notes(onset, long, pitch, [80] * len(onset)))
    assert list(zip(found.onset, found.duration, found.pitch, strict=True)) == sung


def test_a_tune_keeps_a_low_upbeat_and_what_it_falls_to_and_rises_from() -> None:
    # Autumn leaves: G A B flat, E flat, E flat F G A, D, D E flat F G, C.
    pitches = [67, 69, 70, 75, 75, 65, 67, 69, 74, 74, 63, 65, 67, 72]
    lengths = [24, 24, 24, 96, 24, 24, 24, 24, 96, 24, 24, 24, 24, 96]
    bare = replace(tune(pitches, lengths), meter=(TimeSignature(-24, 4, 4),))
    whole = tune_of(accompanied(bare, "held"))
    assert whole.pitch.tolist() == pitches


def test_a_chorale_is_not_bare_nor_is_silence() -> None:
    chorale = make_notes([0, 0, 24, 24], [24] * 4, [48, 64, 50, 65], [80] * 4)
    assert not is_bare(chorale)
    nothing = make_notes([], [], [], [])
    assert not is_bare(nothing)
