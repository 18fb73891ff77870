"""Beats are found where a hand-made pulse has them."""

import numpy as np
import pytest

from mood2music.audio.beat import find_beats
from mood2music.audio.note_events import NoteEvents
from mood2music.audio.transcribe import on_grid


def struck(times: np.ndarray, lengths: np.ndarray | float = 0.3) -> NoteEvents:
    ones = np.ones(len(times))
    pitch = (60 + np.arange(len(times)) % 7).astype(np.int64)
    return NoteEvents(times, times + lengths, pitch, 0.8 * ones, 0.8 * ones)


def rhythm(tempo: float, bars: int = 12) -> np.ndarray:
    """Quarter, quarter, two eighths, quarter: times in seconds, after half a second of pause."""
    bar = np.array([0.0, 1.0, 2.0, 2.5, 3.0])
    return 0.5 + 60 / tempo * np.concatenate([bar + 4 * i for i in range(bars)])


@pytest.mark.parametrize("tempo", [72.0, 96.5, 120.0, 141.0])
def test_an_even_pulse_gives_its_tempo_and_every_note_its_place(tempo: float) -> None:
    rng = np.random.default_rng(0)
    events = struck(rhythm(tempo) + rng.normal(0, 0.008, 60))
    beats = find_beats(events)
    assert beats.tempo == pytest.approx(tempo, rel=0.005)
    onset = on_grid(events, beats).onset
    assert onset[0] % 24 in (0, 1, 23)
    truth = np.rint((rhythm(tempo) - 0.5) * tempo / 60 * 24)
    assert np.abs(onset - onset[0] - truth).max() <= 2


def test_a_player_who_slows_down_keeps_the_notes_on_the_beat() -> None:
    quarters = (rhythm(100.0) - 0.5) * 100 / 60
    seconds = 0.6 * quarters + 0.0008 * quarters**2  # from 100 to 89 quarters a minute
    events = struck(seconds)
    onset = on_grid(events, find_beats(events)).onset
    assert np.abs(onset - onset[0] - np.rint(quarters * 24)).max() <= 4


def test_a_given_tempo_is_kept_and_only_its_phase_found() -> None:
    events = struck(rhythm(120.0))
    beats = find_beats(events, tempo=60.0)
    assert beats.tempo == pytest.approx(60.0)
    assert set((on_grid(events, beats).onset % 6).tolist()) == {0}


def test_one_note_and_two_notes_have_beats_too() -> None:
    for times in (np.array([0.0]), np.array([3.2]), np.array([0.1, 4.0])):
        notes = on_grid(struck(times), find_beats(struck(times)))
        assert len(notes) == len(times)
        assert 0 <= notes.onset[0] < 24
