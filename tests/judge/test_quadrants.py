"""Probabilities of four quadrants by weights made by hand, and the file that holds them."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from mood2music.errors import CheckpointError
from mood2music.judge.cues import CUES
from mood2music.judge.quadrants import HEARD, QuadrantJudge, passages
from mood2music.music.notes import make_notes
from tests.judge.test_rated_mood import MAJOR, MINOR, tune

PLAYED = HEARD["played"]


def made() -> dict[str, np.ndarray]:
    """Hears pleasantness in the thirds, excitement in the onsets."""
    count = len(PLAYED)
    weights = np.zeros((4, count))
    weights[:, PLAYED.index("thirds")] = (2, -2, -2, 2)
    weights[:, PLAYED.index("onsets")] = (1, 1, -1, -1)
    return {
        "heard": np.array([CUES.index(name) for name in PLAYED]),
        "mean": np.zeros(count), "scale": np.ones(count), "weights": weights, "bias": np.zeros(4),
        "lowest": np.full(count, -3.0), "highest": np.full(count, 3.0),
    }  # fmt: skip


def test_probabilities_by_hand() -> None:
    (passage,) = passages(tune(MAJOR, bars=8))
    judge = QuadrantJudge(made())
    found = judge(passage)
    total = found.happy + found.tense + found.sad + found.calm
    assert total == pytest.approx(1)
    # Thirds are 1 - .02 or so and 4 onsets a second are 2: logits near 4, 0, -4, 0.
    assert found.happy == pytest.approx(1 / (1 + 2 * np.exp(-4) + np.exp(-8)), abs=0.02)
    assert found.pleasant > 0.95
    assert found.excited > 0.95


def test_major_and_minor_slow_and_fast_fall_into_their_quadrants() -> None:
    judge = QuadrantJudge(made())
    assert judge(tune(MINOR, 200)).tense > 0.9
    assert judge(tune(MINOR, 20)).sad > 0.5
    assert judge(tune(MAJOR, 20)).calm > 0.5


def test_a_piece_is_cut_into_half_minutes() -> None:
    notes = tune(MAJOR, 120, bars=40)  # 80 s
    assert [round(p.seconds) for p in passages(notes)] == [30, 30, 20]
    assert list(passages(make_notes([], [], [], []))) == []
    nothing = QuadrantJudge(made())(make_notes([], [], [], []))
    assert (nothing.happy, nothing.excited) == (0.25, 0.5)


def test_a_file_keeps_the_judge_and_another_file_is_refused(tmp_path: Path) -> None:
    good, bad, none = (tmp_path / name for name in ("judge.safetensors", "bad", "none"))
    save_file({n: v.astype(np.float32) for n, v in made().items()}, good)
    notes = tune(MINOR)
    assert QuadrantJudge.load(good)(notes).sad == pytest.approx(
        QuadrantJudge(made())(notes).sad, abs=1e-6
    )
    bad.write_text("no tensors")
    save_file({"weights": np.zeros((2, 3), np.float32)}, none)
    with pytest.raises(CheckpointError, match="no judge's file"):
        QuadrantJudge.load(bad)
    with pytest.raises(CheckpointError, match="4 quadrants by cues"):
        QuadrantJudge.load(none)
