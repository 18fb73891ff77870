"""Each rule takes what it names, and leaves the rest."""

import numpy as np

from mood2music.audio.clean import clean
from mood2music.audio.note_events import NoteEvents
from mood2music.audio.settings import AudioSettings

SETTINGS = AudioSettings(ghost=0.8, weak=0.3, again=0.08, far=24)


def events(*rows: tuple[float, float, int, float]) -> NoteEvents:
    """Note events from (start, end, pitch, strength)."""
    start, end, pitch, strength = (np.array(column) for column in zip(*rows, strict=True))
    return NoteEvents(start, end, pitch, strength, strength)


def kept(*rows: tuple[float, float, int, float]) -> list[int]:
    cleaned, counts = clean(events(*rows), SETTINGS)
    assert sum(counts.values()) == len(rows) - len(cleaned)
    return list(cleaned.pitch.tolist())


def test_a_weaker_overtone_goes_and_a_doubled_melody_stays() -> None:
    bass = (0.0, 1.0, 48, 0.9)
    assert kept(bass, (0.0, 0.5, 60, 0.5)) == [48]
    assert kept(bass, (0.03, 0.5, 67, 0.5)) == [48]
    assert kept(bass, (0.0, 1.0, 60, 0.8)) == [48, 60]


def test_an_octave_struck_later_and_other_intervals_stay() -> None:
    assert kept((0.0, 1.0, 48, 0.9), (0.3, 1.0, 60, 0.5)) == [48, 60]
    assert kept((0.0, 1.0, 48, 0.9), (0.0, 1.0, 55, 0.5)) == [48, 55]


def test_weak_notes_go() -> None:
    assert kept((0.0, 1.0, 60, 0.9), (0.5, 1.0, 62, 0.2)) == [60]


def test_a_pitch_struck_again_at_once_is_one_note() -> None:
    again = clean(events((0.0, 0.5, 60, 0.9), (0.05, 0.5, 60, 0.9), (0.5, 1.0, 60, 0.9)), SETTINGS)
    assert again[0].start.tolist() == [0.0, 0.5]
    assert again[1]["struck again"] == 1


def test_a_note_far_from_all_others_goes() -> None:
    melody = [(i / 2, i / 2 + 0.5, 60 + i, 0.9) for i in range(6)]
    assert 100 not in kept(*melody, (3.0, 3.4, 100, 0.9))
    assert 80 in kept(*melody, (3.0, 3.4, 80, 0.9))


def test_a_single_note_is_far_from_nothing() -> None:
    assert kept((0.0, 1.0, 100, 0.9)) == [100]
