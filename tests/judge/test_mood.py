"""The formula hears what the literature says people hear."""

import numpy as np
import pytest

from mood2music.judge.mood import (
    CONSTANT,
    FEATURES,
    HIGHEST,
    LOWEST,
    WEIGHTS,
    features,
    formula_mood,
)
from mood2music.judge.statistics import statistics
from mood2music.mood import Mood
from mood2music.music.notes import GRID, Notes, make_notes

MAJOR = (0, 4, 7, 12, 11, 7, 5, 4, 2, 0, 4, 7, 9, 5, 2, 11, 12)
MINOR = (0, 3, 7, 12, 10, 7, 5, 3, 2, 0, 3, 7, 8, 5, 2, 10, 12)


def tune(degrees: tuple[int, ...], tempo: float = 110.0, length: float = 1.0) -> Notes:
    """One note a quarter, each held for `length` of it."""
    count = len(degrees)
    return make_notes(
        np.arange(count) * GRID,
        [round(length * GRID)] * count,
        [60 + d for d in degrees],
        [80] * count,
        tempo,
    )


def test_major_is_more_pleasant_than_minor() -> None:
    assert formula_mood(tune(MAJOR)).valence > formula_mood(tune(MINOR)).valence + 0.1


def test_fast_is_more_excited_and_more_pleasant_than_slow() -> None:
    slow, fast = formula_mood(tune(MAJOR, 60)), formula_mood(tune(MAJOR, 180))
    assert fast.arousal > slow.arousal + 0.2
    assert fast.valence > slow.valence


def test_short_notes_are_more_excited_than_long_ones() -> None:
    assert formula_mood(tune(MAJOR, length=0.25)).arousal > formula_mood(tune(MAJOR)).arousal


def test_features_by_hand() -> None:
    notes = make_notes([0, 24, 48, 72], [24] * 4, [72, 72, 72, 72], [80] * 4, 240.0)
    x = dict(zip(FEATURES, features(statistics(notes)), strict=True))
    assert x["tempo"] == 1.0  # twice 120
    assert x["register"] == 1.0  # an octave above middle C
    assert x["density"] == 2.0  # four notes in one second
    assert x["length"] == -2.0  # a quarter of a second each


def test_the_formula_is_its_constants() -> None:
    notes = tune(MINOR)
    x = features(statistics(notes))
    assert ((x > LOWEST) & (x < HIGHEST)).all()
    expected = [c + sum(w * f for w, f in zip(row, x, strict=True))
                for c, row in zip(CONSTANT, WEIGHTS, strict=True)]  # fmt: skip
    mood = formula_mood(notes)
    assert [mood.valence, mood.arousal] == pytest.approx(expected)


def test_the_most_extreme_features_stay_on_the_plane() -> None:
    blur = make_notes(np.arange(2000), [1] * 2000, np.arange(2000) % 88 + 20, [80] * 2000, 400.0)
    drone = make_notes([0], [24 * 400], [21], [80], 10.0)
    assert formula_mood(blur).arousal > formula_mood(drone).arousal + 1.0


@pytest.mark.parametrize(
    ("pitches", "length", "tempi"), [((96, 108), 1, (390.0, 395.0)), ((24, 36), 96, (10.0, 12.0))]
)
def test_beyond_what_was_judged_by_people_a_piece_is_its_nearest_neighbour(
    pitches: tuple[int, int], length: int, tempi: tuple[float, float]
) -> None:
    onset = np.arange(200) * length
    moods = {
        formula_mood(make_notes(onset, [length] * 200, [pitch] * 200, [80] * 200, tempo))
        for pitch in pitches
        for tempo in tempi
    }
    assert len(moods) == 1


def test_silence_is_neutral() -> None:
    assert formula_mood(make_notes([], [], [], [])) == Mood(0.0, 0.0)
