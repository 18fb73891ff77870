"""Harmony does not hear rhythm, rhythm does not hear pitch, and both are right by hand."""

import numpy as np
import pytest

from mood2music.judge.style_cues import HARMONY, RHYTHM, STYLE_CUES, style_cues
from mood2music.music.notes import GRID, Notes, make_notes


def measured(notes: Notes) -> dict[str, float]:
    return dict(zip(STYLE_CUES, style_cues(notes).tolist(), strict=True))


def chords(*pitches: tuple[int, ...], every: int = GRID) -> Notes:
    onset = [i * every for i, chord in enumerate(pitches) for _ in chord]
    flat = [pitch for chord in pitches for pitch in chord]
    return make_notes(onset, [every] * len(flat), flat, [80] * len(flat))


CADENCE = ((62, 65, 69, 72), (55, 59, 62, 65), (60, 64, 67, 71), (60, 64, 67, 71))


def test_the_chords_of_a_cadence_in_jazz() -> None:
    found = measured(chords(*CADENCE))
    assert found["minor_seventh"] == 0.25
    assert found["seventh"] == 0.25
    assert found["major_seventh"] == 0.5
    assert found["major"] == 1.0  # F in D minor 7, G, C
    assert found["diminished"] == 0.25  # B D F in G 7
    assert found["degree_0"] == pytest.approx(3 / 16)
    assert (found["bass_0"], found["bass_2"], found["bass_7"]) == (0.5, 0.25, 0.25)
    assert (found["step_7"], found["step_6"], found["step_0"]) == pytest.approx(
        (1 / 3, 1 / 3, 1 / 3)
    )


def test_harmony_is_the_same_at_another_pace_and_rhythm_at_another_pitch() -> None:
    whole = len(HARMONY)
    slow, fast = (style_cues(chords(*CADENCE, every=every)) for every in (GRID, GRID // 2))
    assert slow[:whole] == pytest.approx(fast[:whole])
    assert slow[whole : whole + len(RHYTHM)] != pytest.approx(fast[whole : whole + len(RHYTHM)])
    up = style_cues(chords(*CADENCE).transposed(5))
    assert up[: whole + len(RHYTHM)] == pytest.approx(slow[: whole + len(RHYTHM)])


def test_swung_eighths_stand_on_the_third_of_a_triplet() -> None:
    onset = [beat * GRID + at for beat in range(8) for at in (0, 16)]
    found = measured(make_notes(onset, [8] * 16, [60] * 16, [80] * 16))
    assert (found["place_0"], found["place_8"]) == (0.5, 0.5)
    assert found["onsets_per_quarter"] == pytest.approx(np.log2(16 / (7 + 16 / 24)))


def test_nothing_measures_to_no_number() -> None:
    wild = make_notes(np.arange(300), [1] * 300, np.arange(300) % 128, [1] * 300, 400.0)
    for notes in (make_notes([0], [1], [0], [1]), wild):
        assert np.isfinite(style_cues(notes)).all()
    with pytest.raises(ValueError, match="no notes"):
        style_cues(make_notes([], [], [], []))
