"""The judge of styles: a network by hand, and what ships hears sevenths and swing."""

from dataclasses import asdict

import numpy as np
import pytest

from mood2music.judge.style_cues import STYLE_CUES
from mood2music.judge.style_judge import READINGS, passages, probabilities, style_of
from mood2music.music.notes import GRID, Notes, make_notes


def tune(bars: int = 32, eighth: int = 14, sevenths: bool = True) -> Notes:
    """II V I VI under steps up and down a scale in eighths, the first of two `eighth` steps."""
    shapes = ((2, (0, 3, 7, 10)), (7, (0, 4, 7, 10)), (0, (0, 4, 7, 11)), (9, (0, 3, 7, 10)))
    scale = (60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62)
    onset, length, pitch = [], [], []
    for bar in range(bars):
        root, shape = shapes[bar % 4]
        for note in shape if sevenths else shape[:3]:
            onset.append(bar * 4 * GRID)
            length.append(4 * GRID)
            pitch.append(36 + root + note)
        for beat in range(4):
            for at, held in ((0, eighth), (eighth, GRID - eighth)):
                onset.append((bar * 4 + beat) * GRID + at)
                length.append(held)
                pitch.append(12 + scale[len(onset) % len(scale)])
    return make_notes(onset, length, pitch, [80] * len(onset), 160.0)


def test_sevenths_are_jazz_by_harmony_and_swing_is_by_rhythm() -> None:
    rich, plain = style_of(tune()), style_of(tune(sevenths=False))
    assert rich.harmony_jazz > plain.harmony_jazz + 0.2
    assert rich.jazz > 0.8 > plain.jazz
    assert plain.rhythm_jazz > 0.5  # fewer notes a chord weigh its rhythm otherwise
    straight = style_of(tune(eighth=12))
    assert rich.rhythm_jazz > 0.9 > straight.rhythm_jazz + 0.1
    assert straight.harmony_jazz == pytest.approx(rich.harmony_jazz, abs=0.1)
    told = list(asdict(rich).values())
    for reading in (told[:3], told[3:6], told[6:]):
        assert sum(reading) == pytest.approx(1)


def test_a_reading_by_hand() -> None:
    weights = {}
    for reading, names in READINGS.items():
        count = len(names)
        own = np.zeros((3, count))
        own[:, names.index("step_0") if "step_0" in names else 0] = (2, 0, 0)
        weights |= {
            f"{reading}.lowest": np.full(count, -1.0), f"{reading}.highest": np.full(count, 1.0),
            f"{reading}.mean": np.zeros(count), f"{reading}.scale": np.ones(count),
            f"{reading}.weights": own, f"{reading}.bias": np.array([0.0, 1.0, 0.0]),
        }  # fmt: skip
    cues = np.zeros((1, len(STYLE_CUES)))
    cues[0, STYLE_CUES.index("step_0")] = 5  # cut off at 1
    e = np.exp(1)
    for reading in ("all", "harmony"):
        found = probabilities(cues, reading, weights)
        assert found == pytest.approx(np.array([[e**2, e, 1]]) / (e**2 + e + 1))
    assert probabilities(cues, "rhythm", weights)[0, 1] == pytest.approx(e / (e + 2))


def test_passages_are_of_thirty_two_bars_and_silence_is_of_no_style() -> None:
    assert [p.end // GRID for p in passages(tune(80))] == [128, 128, 64]
    assert style_of(make_notes([], [], [], [])).pop == pytest.approx(1 / 3)
