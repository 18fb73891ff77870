import numpy as np
import pytest

from mood2music.music.meter import TimeSignature
from mood2music.music.meter_finder import features, find_meter, score, with_meter
from mood2music.music.notes import Notes, make_notes
from tests.music.test_meter_features import waltz


def march(bars: int) -> Notes:
    """Bass on one and three, chords between them, a tune in quarters and eighths."""
    rows = []
    for bar in range(bars):
        start = 96 * bar
        root = (36, 41, 43, 36)[bar % 4]
        rows += [(start, 24, root, 95), (start + 48, 24, root + 7, 85)]
        rows += [(start + at, 20, root + up, 60) for at in (24, 72) for up in (16, 19)]
        tune = (24, 28, 31, 28, 36)
        for at, length, up in zip((0, 24, 48, 60, 72), (24, 24, 12, 12, 24), tune, strict=True):
            rows.append((start + at, length, root + 12 + up, 80))
    onset, duration, pitch, velocity = zip(*rows, strict=True)
    return make_notes(onset, duration, pitch, velocity)


def test_a_waltz_is_found_in_three_and_a_march_in_two_or_four() -> None:
    assert find_meter(make_notes(*waltz(24))) == (TimeSignature(0, 3, 4),)
    (found,) = find_meter(march(24))
    assert found in (TimeSignature(0, 4, 4), TimeSignature(0, 2, 4))
    assert find_meter(march(24), [(2, 4)]) == (TimeSignature(0, 2, 4),)
    assert find_meter(march(24), [(3, 4), (4, 4)]) == (TimeSignature(0, 4, 4),)


def test_a_pickup_is_found_as_a_bar_that_began_before_the_piece() -> None:
    onset, duration, pitch, velocity = waltz(24, pickup=24)
    notes = make_notes([0, *onset], [24, *duration], [72, *pitch], [60, *velocity])
    assert find_meter(notes) == (TimeSignature(-48, 3, 4),)


def test_another_grid_gives_the_same_bars() -> None:
    onset, duration, pitch, velocity = (np.array(a) for a in waltz(24, pickup=24))
    notes = make_notes(onset * 20, duration * 20, pitch, velocity, grid=480)
    coarse = make_notes(onset, duration, pitch, velocity)
    assert find_meter(notes) == tuple(s._replace(step=s.step * 20) for s in find_meter(coarse))


def test_what_is_stated_stays_and_what_is_found_says_so() -> None:
    notes = make_notes(*waltz(24))
    found = with_meter(notes)
    assert (found.meter, found.meter_found) == ((TimeSignature(0, 3, 4),), True)
    assert found.transposed(2).meter_found
    stated = make_notes(*waltz(24), meter=(TimeSignature(0, 4, 4),))
    assert with_meter(stated) is stated
    assert not stated.meter_found


@pytest.mark.parametrize("notes", [make_notes([], [], [], []), make_notes(*waltz(2))])
def test_of_two_bars_nothing_is_told(notes: Notes) -> None:
    assert find_meter(notes) == ()
    assert not with_meter(notes).meter_found


def test_a_score_is_linear_plus_a_hidden_layer() -> None:
    measured = features(make_notes(*waltz(8)))
    n, size = measured.shape
    weights = {
        "mean": np.zeros(size, np.float32), "scale": np.full(size, 1e-9, np.float32),
        "hidden": np.zeros((size, 2), np.float32), "shift": np.full((9, 2), 0.5, np.float32),
        "out": np.arange(18, dtype=np.float32).reshape(9, 2),
        "linear": np.zeros((9, size), np.float32), "bias": np.arange(9, dtype=np.float32),
    }  # fmt: skip
    found = score(measured, weights)
    assert found.shape == (n,)
    # Of 2/4: tanh(.5) (0 + 1) + 0; of 5/4: tanh(.5) (16 + 17) + 8.
    assert found[[0, -1]] == pytest.approx([np.tanh(0.5), 33 * np.tanh(0.5) + 8])
    weights["linear"][0, 0] = 1.0
    # However far from the mean, six deviations count.
    assert score(measured, weights)[0] - found[0] == pytest.approx(6 * np.sign(measured[0, 0]))


def test_music_with_an_onset_at_every_sixteenth_is_measured_too() -> None:
    every = make_notes(6 * np.arange(64), [6] * 64, [60, 64, 67, 64] * 16, [80] * 64)
    assert np.isfinite(features(every)).all()
    assert find_meter(every)
