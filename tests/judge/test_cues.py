"""What cues measure, worked out by hand."""

import numpy as np
import pytest

from mood2music.judge.cues import CUES, _passages, cues
from mood2music.music.notes import GRID, Notes, make_notes


def measured(notes: Notes) -> dict[str, float]:
    return dict(zip(CUES, cues(notes).tolist(), strict=True))


def chords(*pitches: tuple[int, ...], tempo: float = 120.0, velocity: int = 127) -> Notes:
    """One chord a quarter note, whole."""
    onset = [i * GRID for i, chord in enumerate(pitches) for _ in chord]
    flat = [pitch for chord in pitches for pitch in chord]
    return make_notes(onset, [GRID] * len(flat), flat, [velocity] * len(flat), tempo)


def test_major_and_minor_chords_are_told_by_their_thirds_and_triads() -> None:
    major = measured(chords((60, 64, 67), (60, 64, 67), (55, 59, 62), (60, 64, 67)))
    minor = measured(chords((60, 63, 67), (60, 63, 67), (55, 58, 62), (60, 63, 67)))
    assert major["triads"] == 1.0
    assert minor["triads"] == -1.0
    assert major["majorness"] > 0.1 > -0.1 > minor["majorness"]
    assert major["thirds"] > 0.9
    assert minor["thirds"] < -0.9


def test_pace_loudness_and_register_by_hand() -> None:
    found = measured(chords((72, 84), (72, 84), (72, 84), (72, 84), tempo=240.0))
    assert found["tempo"] == 1.0
    assert found["onsets"] == 2.0  # four a second
    assert found["density"] == 3.0
    assert found["length"] == -2.0
    assert found["register"] == 1.5
    assert (found["bass"], found["melody"]) == (1.0, 2.0)
    assert found["polyphony"] == 1.0
    assert (found["loudness"], found["accents"]) == (1.0, 0.0)
    assert found["articulation"] == 0.0  # a note lasts until the next
    assert found["irregularity"] == 0.0


def test_short_notes_with_gaps_are_detached_and_off_the_beat_is_counted() -> None:
    notes = make_notes([0, 24, 54, 72], [6, 6, 6, 6], [60, 62, 64, 65], [80] * 4)
    found = measured(notes)
    assert found["articulation"] == pytest.approx(np.log2([6 / 24, 6 / 30, 6 / 18]).mean())
    assert found["off_beat"] == 0.25


@pytest.mark.parametrize(
    ("pitches", "share"),
    [((60, 64, 67), 0.0), ((60, 61), 1.0), ((60, 66), 1.0), ((60, 62), 0.5), ((60, 72), 0.0)],
)
def test_dissonance_is_the_share_of_sharp_intervals(pitches: tuple[int, ...], share: float) -> None:
    assert measured(chords(pitches))["dissonance"] == pytest.approx(share)


def test_one_note_and_a_wild_blur_measure_to_finite_numbers() -> None:
    blur = make_notes(np.arange(500), [1] * 500, np.arange(500) % 128, [1] * 500, 400.0)
    for notes in (make_notes([5], [1], [127], [1], 10.0), blur):
        assert np.isfinite(cues(notes)).all()


def test_of_nothing_there_is_nothing_to_measure() -> None:
    with pytest.raises(ValueError, match="no notes"):
        cues(make_notes([], [], [], []))


def test_a_passage_counts_each_note_for_as_long_as_it_lasts() -> None:
    # Two passages of 4 s: a long C beside a short F sharp, and G alone.
    onset, release = np.array([0, 0, 200]), np.array([90, 10, 260])
    found = _passages(onset, release, np.array([60, 66, 67]), 100.0)
    assert found.shape == (2, 12)
    assert (found[0, 0], found[0, 6], found[1, 7], found.sum()) == (90, 10, 60, 160)
