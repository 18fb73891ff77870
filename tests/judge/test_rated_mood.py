"""The fitted judge hears what people hear, in a piece and in a few bars."""

from dataclasses import replace

import numpy as np
import pytest

from mood2music.judge.rated_mood import moods_of, rated_mood, window_moods, window_places, windows
from mood2music.mood import Mood
from mood2music.music.notes import GRID, Notes, make_notes

MAJOR, MINOR = (0, 4, 7, 12, 11, 7, 5, 4, 2, 5, 9, 7), (0, 3, 7, 12, 10, 7, 5, 3, 2, 5, 8, 7)


def tune(degrees: tuple[int, ...], tempo: float = 120.0, bars: int = 8) -> Notes:
    """Eighths above held fifths, `bars` of 4/4."""
    count = bars * 8
    high = [60 + degrees[i % len(degrees)] for i in range(count)]
    onset = [*range(0, count * 12, 12), *range(0, bars * 96, 96), *range(0, bars * 96, 96)]
    length = [12] * count + [96] * (2 * bars)
    low = [36] * bars + [43] * bars
    return make_notes(onset, length, high + low, [80] * (count + 2 * bars), tempo)


def test_major_is_pleasant_and_fast_is_excited() -> None:
    assert rated_mood(tune(MAJOR)).valence > rated_mood(tune(MINOR)).valence + 0.1
    assert rated_mood(tune(MAJOR, 180)).arousal > rated_mood(tune(MAJOR, 60)).arousal + 0.2


def test_a_piece_is_the_mean_of_its_windows_of_eight_bars() -> None:
    notes = tune(MAJOR, bars=24)
    cut = list(windows(notes))
    assert [window.end for window in cut] == [32 * GRID] * 5
    each = np.array([[m.valence, m.arousal] for m in map(rated_mood, cut)])
    assert window_moods(notes) == pytest.approx(each)
    found = rated_mood(notes)
    assert [found.valence, found.arousal] == pytest.approx(each.mean(axis=0).tolist())


def test_windows_have_their_places_also_behind_silence() -> None:
    notes = tune(MAJOR, bars=24)
    assert window_places(notes) == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    late = replace(notes, onset=notes.onset + 24 * 96)
    # Of eleven the fifth, at bar 17, is silent and the sixth, at bar 21, half of it.
    assert window_places(late) == pytest.approx(np.arange(5, 11) / 10)
    assert window_places(tune(MAJOR, bars=8)).tolist() == [0.5]
    assert window_places(make_notes([], [], [], [])).tolist() == []


def test_eight_bars_are_one_window_and_silence_is_neutral() -> None:
    (only,) = windows(tune(MINOR, bars=8))
    assert only.end == 32 * GRID
    assert rated_mood(make_notes([], [], [], [])) == Mood(0.0, 0.0)
    assert not list(windows(make_notes([], [], [], [])))


def test_no_cue_beyond_what_people_heard_leaves_the_plane() -> None:
    wild = replace(tune(MAJOR), tempo=400.0, velocity=np.full(80, 127, np.uint8))
    slow = replace(tune(MINOR), tempo=10.0, velocity=np.full(80, 1, np.uint8))
    assert -1 <= rated_mood(slow).arousal < rated_mood(wild).arousal <= 1


def test_the_network_by_hand() -> None:
    weights = {
        "mean": np.array([1.0]), "scale": np.array([2.0]),
        "lowest": np.array([0.0]), "highest": np.array([3.0]),
        "centres": np.array([[0.0]]), "gamma": np.array([1.0, 2.0]),
        "linear": np.array([[0.1], [0.0]]), "radial": np.array([[0.0], [0.5]]),
        "bias": np.array([0.2, -0.1]),
    }  # fmt: skip
    found = moods_of(np.array([[3.0], [9.0], [1.0]]), weights)  # 9 is cut off at 3: x = 1
    assert found == pytest.approx(
        np.array([[0.3, 0.5 * np.exp(-2) - 0.1], [0.3, 0.5 * np.exp(-2) - 0.1], [0.2, 0.4]])
    )
