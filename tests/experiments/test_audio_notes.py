import numpy as np
import pytest

from experiments.audio_notes.measure import agreement
from experiments.audio_notes.pieces import kind
from mood2music.audio.note_events import NoteEvents
from mood2music.music.notes import make_notes

# At 60 quarter notes a minute a second is 24 steps.
NOTES = make_notes([0, 24, 48, 72], [24] * 4, [60, 62, 64, 65], [80] * 4, tempo=60.0)


def heard(*rows: tuple[float, int]) -> NoteEvents:
    start = np.array([row[0] for row in rows])
    pitch = np.array([row[1] for row in rows])
    return NoteEvents(start, start + 0.5, pitch, np.ones(len(rows)), np.ones(len(rows)))


def test_a_note_counts_by_pitch_and_by_a_start_within_50_ms() -> None:
    three = heard((0.04, 60), (1.0, 62), (2.06, 64), (3.0, 66), (0.0, 72))
    assert agreement(NOTES, three) == pytest.approx((2 / 5, 2 / 4, 4 / 9))
    assert agreement(NOTES, heard()) == (0.0, 0.0, 0.0)


def test_a_melody_is_sparse_and_three_voices_are_dense() -> None:
    assert kind(NOTES) == "sparse"
    chords = make_notes([0] * 3 + [48] * 3, [48] * 6, [60, 64, 67] * 2, [80] * 6)
    assert kind(chords) == "dense"
