from dataclasses import replace

import numpy as np
import pytest

from mood2music.errors import MusicFileError
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes, moved
from mood2music.music.stated_chords import StatedChord
from mood2music.music.stated_key import StatedKey


def test_a_pitch_struck_again_ends_its_earlier_note() -> None:
    notes = make_notes([0, 2], [4, 4], [60, 60], [80, 70])
    assert notes.duration.tolist() == [2, 4]


def test_of_two_notes_on_one_onset_the_longest_stays_with_the_loudest_velocity() -> None:
    notes = make_notes([0, 0], [4, 9], [60, 60], [90, 70])
    assert (notes.duration.tolist(), notes.velocity.tolist()) == ([9], [90])


def test_notes_are_sorted_by_onset_then_pitch() -> None:
    notes = make_notes([5, 0, 5], [1, 1, 1], [50, 60, 40], [80, 80, 80])
    assert notes.onset.tolist() == [0, 5, 5]
    assert notes.pitch.tolist() == [60, 40, 50]


def test_seconds_follow_tempo_and_grid() -> None:
    notes = make_notes([0], [48], [60], [80], tempo=60)
    assert notes.seconds == 2.0


def test_a_transposition_past_the_keyboard_comes_back_by_octaves() -> None:
    notes = make_notes([0, 0], [1, 1], [2, 125], [80, 80])
    assert notes.transposed(-5).pitch.tolist() == [9, 120]
    assert notes.transposed(5).pitch.tolist() == [7, 118]


def test_a_pitch_outside_midi_is_refused() -> None:
    with pytest.raises(MusicFileError, match="0 to 127"):
        make_notes([0], [1], [128], [80])


def test_no_notes_make_an_empty_piece() -> None:
    notes = make_notes([], [], [], [])
    assert len(notes) == 0
    assert notes.end == 0
    assert notes.onset.dtype == np.int64
    assert notes.velocity.dtype == np.uint8


def test_the_beginning_of_a_piece_ends_on_time_and_keeps_its_notes() -> None:
    # At 60 quarter notes a minute a second is 24 steps.
    notes = make_notes([0, 12, 30, 48], [20, 60, 10, 5], [60, 62, 64, 65], [80] * 4, tempo=60.0)
    first = notes.until(2.0)
    assert first.onset.tolist() == [0, 12, 30]
    assert first.duration.tolist() == [20, 36, 10]
    assert first.pitch.tolist() == [60, 62, 64]
    assert first.seconds == 2.0
    assert len(notes.until(0.0)) == 0


@pytest.mark.parametrize("semitones", [-140, -25, -12, -1, 0, 1, 11, 12, 13, 140])
def test_a_pitch_that_leaves_the_keyboard_comes_back_as_near_as_octaves_go(semitones: int) -> None:
    for pitch, found in enumerate(moved(range(128), semitones).tolist()):
        far = pitch + semitones
        assert (found - far) % 12 == 0
        if far < 0:
            assert 0 <= found < 12
        elif far > 127:
            assert 116 <= found <= 127
        else:
            assert found == far


def test_the_beginning_of_a_piece_keeps_velocities_and_names() -> None:
    notes = make_notes([0, 24, 48], [24] * 3, [60, 62, 64], [10, 90, 30], 60.0, 24, "Title", 2)
    first = notes.until(2.0)
    assert first.velocity.tolist() == [10, 90]
    assert (first.tempo, first.grid, first.title, first.drums) == (60.0, 24, "Title", 2)


METER = (TimeSignature(-24, 3, 4), TimeSignature(48, 6, 8))


def test_meter_stays_when_notes_move_in_pitch_or_tempo_and_goes_with_what_is_cut_off() -> None:
    notes = make_notes([0, 24, 60], [24] * 3, [60, 62, 64], [80] * 3, 60.0, meter=METER)
    assert notes.meter == METER
    assert [n.meter for n in (notes.transposed(2), notes.with_tempo(90))] == [METER] * 2
    assert notes.until(2.5).meter == METER
    assert notes.until(2.0).meter == METER[:1]


def test_the_stated_key_moves_with_the_notes_and_stays_with_a_part_of_them() -> None:
    notes = make_notes([0, 24, 60], [24] * 3, [60, 62, 64], [80] * 3, 60.0)
    assert notes.stated_key is None
    assert notes.transposed(2).stated_key is None
    notes = replace(notes, stated_key=StatedKey(0, "minor"))
    assert notes.transposed(-2).stated_key == StatedKey(10, "minor")
    parts = (notes.until(2.0), notes.only(notes.pitch > 60), notes.with_tempo(90))
    assert [part.stated_key for part in parts] == [notes.stated_key] * 3


def test_stated_chords_move_and_end_with_the_notes() -> None:
    said = (StatedChord(0, 11, (0, 3, 7), 2), StatedChord(24, 4, (0, 4, 7), 4))
    notes = replace(make_notes([0, 24], [24, 24], [60, 62], [80, 80], tempo=60), chords=said)
    assert [(c.root, c.bass) for c in notes.transposed(2).chords] == [(1, 4), (6, 6)]
    assert notes.until(1.0).chords == said[:1]
    assert notes.only(notes.pitch > 60).chords == said
