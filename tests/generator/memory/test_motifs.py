import numpy as np

from mood2music.generator.memory.motifs import Motifs, motifs_of

MOTIF = [60, 62, 64, 65, 67]


def found(pitches: list[int], onsets: list[int] | None = None) -> Motifs:
    onset = np.arange(len(pitches)) * 12 if onsets is None else np.array(onsets)
    return motifs_of(np.array(pitches), onset)


def test_a_motif_comes_back_at_any_pitch_and_its_first_note_is_free() -> None:
    motifs = found([*MOTIF, 50, *(pitch + 5 for pitch in MOTIF), 40])
    assert motifs.source.tolist() == [-1] * 7 + [1, 2, 3, 4, -1]
    assert np.flatnonzero(motifs.begins).tolist() == [6]
    assert motifs.kept.tolist() == [False] * 7 + [True] * 4 + [False]


def test_it_goes_on_as_long_as_the_intervals_do() -> None:
    long = [*MOTIF, 72, 71]
    motifs = found([*long, 50, *long, 41])
    assert motifs.source[8:].tolist() == [-1, 1, 2, 3, 4, 5, 6, -1]


def test_three_intervals_are_no_motif() -> None:
    assert (found([60, 62, 64, 65, 50, 60, 62, 64, 65, 40]).source == -1).all()


def test_no_note_of_a_motif_is_one_of_its_source() -> None:
    motifs = found([60, 62] * 6)
    assert np.flatnonzero(motifs.begins).tolist() == [6], "an earlier one would overlap itself"
    assert found([60, 62, 64, 66, 68, 70, 72]).source.max() == -1


def test_the_place_at_the_same_pitch_is_preferred_to_a_later_one() -> None:
    high = [pitch + 2 for pitch in MOTIF]
    motifs = found([*MOTIF, 50, *high, 40, *MOTIF, 41])
    assert motifs.source[13:17].tolist() == [1, 2, 3, 4]


def test_another_rhythm_is_told() -> None:
    slow = [*range(0, 60, 12), *range(60, 180, 24)]
    assert not found([*MOTIF, *MOTIF], slow).kept.any()
    late = [*range(0, 60, 12), *range(60, 108, 12), 200]
    assert not found([*MOTIF, *MOTIF], late).kept.any()


def test_where_the_rhythm_is_left_the_motif_may_still_go_on() -> None:
    long = [*MOTIF, 72, 71]
    onset = [12 * i for i in range(15)]
    onset[13:] = [200, 212]
    motifs = found([*long, 50, *long], onset)
    assert motifs.source[9:].tolist() == [1, 2, 3, 4, 5, 6]
    assert motifs.kept[9:].tolist() == [True] * 4 + [False] * 2
