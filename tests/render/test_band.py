import numpy as np
import pytest

from mood2music.errors import UnknownNameError
from mood2music.music.meter import from_text
from mood2music.music.notes import Notes, make_notes
from mood2music.render.band import BANDS, arranged, band_of, bass_of


def piece() -> Notes:
    """Four bars: a tune in quarters, a chord and a bass of halves."""
    rows = [(24 * i, 24, 72 + i % 3) for i in range(16)]
    for half in range(8):
        rows += [(48 * half, 48, pitch) for pitch in (40, 55, 60)]
    onset, duration, pitch = zip(*rows, strict=True)
    return make_notes(onset, duration, pitch, [80] * len(rows), meter=from_text("0:4/4"))


def test_each_note_is_played_once_by_whom_it_suits() -> None:
    notes = piece()
    tune = notes.pitch >= 72
    parts = {part.name: part for part in arranged(notes, tune, BANDS["jazz"], program=11)}
    assert list(parts) == ["Melody", "Chords", "Bass", "Drums"]
    assert [parts[name].program for name in parts] == [11, 0, 32, 40]
    assert set(parts["Bass"].notes.pitch) == {40}
    assert set(parts["Chords"].notes.pitch) == {55, 60}
    assert parts["Drums"].drums
    dealt = [parts[name].notes for name in ("Melody", "Chords", "Bass")]
    assert sorted(np.concatenate([part.pitch for part in dealt])) == sorted(notes.pitch)


def test_a_pad_holds_what_the_piano_strikes_and_adds_no_note() -> None:
    notes = piece()
    parts = {part.name: part for part in arranged(notes, notes.pitch >= 72, BANDS["pop"])}
    pad, chords = parts["Pad"].notes, parts["Chords"].notes
    assert pad.onset.tolist() == chords.onset.tolist()
    assert pad.pitch.tolist() == chords.pitch.tolist()
    assert parts["Pad"].level < parts["Chords"].level


def test_a_part_that_has_nothing_to_play_is_left_out() -> None:
    notes = piece()
    tune = notes.pitch >= 72
    alone = make_notes(notes.onset[tune], notes.duration[tune], notes.pitch[tune], [80] * 16)
    assert [part.name for part in arranged(alone, alone.pitch > 0, BANDS["pop"])] == ["Melody"]
    assert not bass_of(notes, notes.pitch < 128).any()
    assert [part.name for part in arranged(notes, tune, None)] == [notes.title]


def test_a_bass_that_climbs_above_a_held_one_is_a_chord() -> None:
    notes = make_notes([0, 24, 48], [96, 24, 24], [40, 50, 52], [80] * 3)
    assert bass_of(notes, np.zeros(3, bool)).tolist() == [True, False, False]


def test_the_style_has_a_band_the_musician_may_say_none_or_another() -> None:
    assert band_of("auto", "jazz") is BANDS["jazz"]
    assert band_of("auto", "classical") is None
    assert band_of("none", "jazz") is None
    assert band_of("pop", "jazz") is BANDS["pop"]
    with pytest.raises(UnknownNameError, match=r"render\.band=rock: expected auto, none or jazz"):
        band_of("rock", "jazz")


def test_a_soloist_plays_the_tune_in_reach_over_a_piano_or_in_the_band() -> None:
    notes = piece()
    tune = notes.pitch >= 72
    cello = 42
    solo, piano = arranged(notes, tune, None, program=cello)
    assert [(part.name, part.program) for part in (solo, piano)] == [("Melody", 42), ("Piano", 0)]
    assert set(piano.notes.pitch) == {40, 55, 60}
    assert solo.notes.pitch.tolist() == notes.pitch[tune].tolist()
    contrabass = arranged(notes, tune, BANDS["jazz"], program=43)
    assert [part.program for part in contrabass[:3]] == [43, 0, 32]
    assert contrabass[0].notes.pitch.tolist() == (notes.pitch[tune] - 12).tolist()
    alone = notes.only(tune)
    assert [part.name for part in arranged(alone, alone.pitch > 0, None, program=73)] == ["Melody"]
