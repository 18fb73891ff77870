"""explanation.py: two maps on one scale, and a face only when asked."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mood2music.face.reading.explain import Explanation
from mood2music.mood import Mood
from mood2music.render.explanation import LEFT, SIDE, TOP, write_explanation


def explanation(seed: int = 0, scale: float = 0.1) -> Explanation:
    face = np.random.default_rng(seed).random((49, 49)).astype(np.float32)
    map_ = np.zeros((49, 49), dtype=np.float32)
    map_[:20, :20], map_[-20:, -20:] = scale, -scale
    return Explanation(face, Mood(0.4, -0.2), {"valence": map_, "arousal": map_ / 2})


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"), dtype=int)


def test_no_trace_of_the_face_without_leave(tmp_path: Path) -> None:
    for seed in (0, 1):
        write_explanation(explanation(seed), tmp_path / f"{seed}.png", with_face=False)
        write_explanation(explanation(seed), tmp_path / f"face{seed}.png", with_face=True)
    assert (tmp_path / "0.png").read_bytes() == (tmp_path / "1.png").read_bytes()
    assert (tmp_path / "face0.png").read_bytes() != (tmp_path / "face1.png").read_bytes()


@pytest.mark.parametrize("with_face", [True, False])
def test_what_raises_is_orange_and_what_lowers_blue(tmp_path: Path, with_face: bool) -> None:
    write_explanation(explanation(), tmp_path / "explain.png", with_face)
    picture = pixels(tmp_path / "explain.png")
    raised = picture[TOP + 20 : TOP + 150, LEFT + 20 : LEFT + 150].mean((0, 1))
    lowered = picture[TOP + SIDE - 150 : TOP + SIDE - 20, LEFT + SIDE - 150 : LEFT + SIDE - 20]
    assert raised[0] > raised[2] + 50
    assert lowered.mean((0, 1))[2] > lowered.mean((0, 1))[0] + 30


def test_a_network_that_looks_at_nothing_is_drawn(tmp_path: Path) -> None:
    write_explanation(explanation(scale=0.0), tmp_path / "explain.png", with_face=False)
    middle = pixels(tmp_path / "explain.png")[TOP + 5 : TOP + SIDE - 5, LEFT + 5 : LEFT + SIDE - 5]
    assert middle.std() < 5
