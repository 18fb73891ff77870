"""Motifs of melodies short enough to count by hand."""

import numpy as np
import pytest

from mood2music.judge.motifs import melody, motif_return, motifs, motifs_shared
from mood2music.music.notes import make_notes
from tests.judge.pieces import line, piece

FIVE = [60, 62, 64, 65, 67]


def test_the_melody_is_the_highest_note_struck_at_each_onset() -> None:
    notes = piece([(0, 4, 48), (0, 1, 72), (1, 1, 50), (2, 1, 60), (2, 1, 64)])
    onset, pitch = melody(notes)
    assert (onset / notes.grid).tolist() == [0, 1, 2]
    assert pitch.tolist() == [72, 50, 64]


def test_a_motif_is_four_intervals_and_with_rhythm_four_times_too() -> None:
    notes = line([60, 62, 64, 62, 60], 0.5)
    assert motifs(notes).tolist() == [[2, 2, -2, -2]]
    assert motifs(notes, rhythm=True).tolist() == [[2, 2, -2, -2, 12, 12, 12, 12]]


def test_one_motif_of_six_returns() -> None:
    assert motif_return(line([*FIVE, *FIVE])) == pytest.approx(1 / 6)


def test_a_motif_returns_in_another_key() -> None:
    assert motif_return(line([*FIVE, *(p + 5 for p in FIVE)])) == pytest.approx(1 / 6)


def test_a_motif_at_another_pace_returns_by_intervals_alone() -> None:
    slow = piece([*[(i, 1, p) for i, p in enumerate(FIVE)],
                  *[(5 + i / 2, 0.5, p) for i, p in enumerate(FIVE)]])  # fmt: skip
    assert motif_return(slow) == pytest.approx(1 / 6)
    assert motif_return(slow, rhythm=True) == 0


def test_a_motif_that_overlaps_itself_does_not_return() -> None:
    assert motif_return(line([60] * 9)) == 0
    assert motif_return(line([60] * 10)) == pytest.approx(1 / 6)


def test_a_melody_of_four_notes_has_no_motif() -> None:
    assert motif_return(line(FIVE[:4])) is None
    assert motif_return(make_notes([], [], [], [])) is None


def test_motifs_are_shared_whatever_the_key() -> None:
    song = motifs(line([*FIVE, 60]).transposed(3))
    assert motifs_shared(motifs(line([*FIVE, 72])), song) == 1 / 2
    assert motifs_shared(motifs(line([60] * 6)), song) == 0
    assert motifs_shared(np.zeros((0, 4), np.int64), song) is None
