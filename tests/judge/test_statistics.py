"""Statistics of pieces small enough to count by hand."""

import math

import numpy as np
import pytest

from mood2music.judge.statistics import (
    Statistics,
    entropy,
    key_strengths,
    sounding_steps,
    statistics,
)
from mood2music.music.key import MAJOR, MINOR
from mood2music.music.notes import GRID, Notes, make_notes


def piece(rows: list[tuple[float, float, int]], tempo: float = 120.0) -> Notes:
    """Notes from (onset, duration, pitch), times in quarter notes."""
    onset, duration, pitch = (np.array(column) for column in zip(*rows, strict=True))
    return make_notes(onset * GRID, duration * GRID, pitch, [80] * len(rows), tempo)


def test_two_notes_of_which_one_enters_late() -> None:
    # C4 for two quarters, G4 for the second of them: [C4], [C4 held, G4].
    measured = statistics(piece([(0, 2, 60), (1, 1, 67)], tempo=60.0))
    assert (measured.notes, measured.events) == (2, 2)
    assert (measured.quarters, measured.seconds) == (2.0, 2.0)
    assert measured.polyphony == 3 / 2
    assert measured.mean_pitch == 63.5
    assert measured.pitch_range == 7
    assert measured.mean_duration == measured.note_seconds == 1.5
    assert measured.notes_per_second == measured.onsets_per_second == 1.0
    assert measured.pitch_class_entropy == 1.0
    assert measured.off_beat_share == 0.0


def test_tempo_changes_what_is_measured_in_seconds_only() -> None:
    rows = [(0.0, 1.0, 60), (1.0, 0.5, 64), (1.5, 0.5, 67), (1.5, 0.5, 72)]
    slow, fast = statistics(piece(rows, 60.0)), statistics(piece(rows, 120.0))
    assert fast.notes_per_second == 2 * slow.notes_per_second
    assert fast.note_seconds == slow.note_seconds / 2
    assert fast.onsets_per_quarter == slow.onsets_per_quarter == 3 / 2
    assert fast.off_beat_share == slow.off_beat_share == 2 / 4


def test_silence_counts_as_playing_time_but_not_as_sounding_time() -> None:
    measured = statistics(piece([(0, 1, 60), (3, 1, 64)]))
    assert measured.quarters == 4.0
    assert measured.onsets_per_quarter == 2 / 4
    assert measured.polyphony == 1.0


def test_silence_before_the_first_note_is_not_playing_time() -> None:
    assert statistics(piece([(8, 1, 60), (9, 1, 64)])).quarters == 2.0


def test_a_major_scale_is_major_and_clear() -> None:
    scale = [0, 2, 4, 5, 7, 9, 11, 12, 7, 4, 0]
    measured = statistics(piece([(i, 1, 62 + p) for i, p in enumerate(scale)]))
    assert measured.key == "D major"
    assert measured.majorness > 0.1
    assert measured.key_clarity > 0.7
    assert measured.chromatic_share == 0.0
    assert measured.pitch_classes == 7


def test_a_minor_piece_is_minor_and_its_leading_note_is_no_stranger() -> None:
    pitches = [57, 60, 64, 69, 68, 69, 71, 72, 71, 69, 64, 60, 57]
    measured = statistics(piece([(i, 1, p) for i, p in enumerate(pitches)]))
    assert measured.key == "A minor"
    assert measured.majorness < 0
    assert measured.chromatic_share == 0.0


def test_notes_outside_the_scale_are_counted() -> None:
    scale = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60]
    measured = statistics(piece([(i, 1, p) for i, p in enumerate([*scale, 66])]))
    assert measured.key == "C major"
    assert measured.chromatic_share == pytest.approx(1 / 12)


def test_transposing_changes_neither_mode_nor_entropy() -> None:
    notes = piece([(i, 1, p) for i, p in enumerate([57, 60, 64, 69, 68, 69, 71, 72, 57])])
    here, there = statistics(notes), statistics(notes.transposed(5))
    assert there.majorness == pytest.approx(here.majorness)
    assert there.pitch_class_entropy == pytest.approx(here.pitch_class_entropy)
    assert there.mean_pitch == here.mean_pitch + 5


def test_entropy_in_bits() -> None:
    assert entropy(np.array([1, 1, 2])) == 1.5
    assert entropy(np.ones(12, np.int64)) == pytest.approx(math.log2(12))
    assert entropy(np.array([0, 5])) == 0.0
    assert entropy(np.zeros(12, np.int64)) == 0.0


def test_overlapping_notes_sound_once_in_the_sounding_time() -> None:
    # One long note over two short ones, a gap, one more: 4 + 1 quarters of sound.
    notes = piece([(0, 4, 48), (1, 1, 60), (2, 1, 62), (6, 1, 64)])
    assert sounding_steps(notes) == 5 * GRID


def test_all_pitch_classes_alike_have_no_key_strength() -> None:
    assert key_strengths(piece([(i, 1, 60 + i) for i in range(12)])) == (0.0, 0.0)


def test_a_piece_without_notes_measures_zero() -> None:
    measured = statistics(make_notes([], [], [], []))
    assert (measured.notes, measured.events, measured.key) == (0, 0, "")
    assert measured.polyphony == measured.seconds == 0.0


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("minor", [False, True])
def test_a_profile_itself_is_its_key_and_no_other(tonic: int, minor: bool) -> None:
    durations = np.rint(np.roll(MINOR if minor else MAJOR, tonic) * 1000)
    strengths = key_strengths(make_notes([0] * 12, durations, range(60, 72), [80] * 12))
    assert strengths[minor] == pytest.approx(1, abs=1e-4)
    assert strengths[not minor] < 0.95


def test_all_that_is_measured_of_a_small_piece() -> None:
    # A rest; C4, E4, G4 off the beat, C#5 long; then the same two notes again.
    rows = [(2, 1, 60), (3, 0.5, 64), (3.5, 0.5, 67), (4, 2, 73), (6, 1, 60), (7, 0.5, 64)]
    notes = piece(rows, tempo=90.0)
    major, minor = key_strengths(notes)
    measured = statistics(notes)
    assert measured == Statistics(
        notes=6,
        events=7,
        seconds=5.5 / 1.5,
        quarters=5.5,
        tempo=90.0,
        key="C major",
        majorness=major - minor,
        key_clarity=max(major, minor),
        pitch_class_entropy=pytest.approx(math.log2(6) - 2 * (2 / 6)),
        pitch_classes=4,
        chromatic_share=pytest.approx(1 / 6),
        mean_pitch=pytest.approx(388 / 6),
        pitch_range=13,
        notes_per_second=pytest.approx(6 / (5.5 / 1.5)),
        onsets_per_second=pytest.approx(6 / (5.5 / 1.5)),
        onsets_per_quarter=pytest.approx(6 / 5.5),
        mean_duration=pytest.approx(5.5 / 6),
        note_seconds=pytest.approx(5.5 / 6 / 1.5),
        polyphony=1.0,
        off_beat_share=pytest.approx(1 / 6),
        longest_repeat=2,
    )


def test_a_key_is_weighed_by_how_long_its_notes_last() -> None:
    """Three long notes of C major and three short ones of F sharp major, as often each."""
    long, short = (60, 64, 67), (66, 70, 73)
    here = piece(
        [(i, 4, p) for i, p in enumerate(long)] + [(i, 0.25, p) for i, p in enumerate(short)]
    )
    there = piece(
        [(i, 0.25, p) for i, p in enumerate(long)] + [(i, 4, p) for i, p in enumerate(short)]
    )
    assert (statistics(here).key, statistics(there).key) == ("C major", "F# major")
    assert key_strengths(here) == pytest.approx(key_strengths(there))
    assert key_strengths(here)[0] > 0.7
