"""From Python: values as one has them are taken, all that is wrong is a Mood2MusicError."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mood2music
from mood2music import GenerateSettings, Mood, Mood2MusicError, RenderSettings, compose
from mood2music.command.settings import parse
from mood2music.flow.request_told import as_told
from mood2music.music.write import write_midi
from tests.conftest import tune

LIGHT = [name for name in mood2music.__all__ if name != "compose"]


@pytest.mark.parametrize(
    "mood",
    [
        Mood(0.5, 0.2),
        (0.5, 0.2),
        [0.5, 0.2],
        np.array([0.5, 0.2]),
        (np.float64(0.5), np.float32(0.2)),
    ],
)
def test_a_mood_may_be_any_pair_and_the_manifest_tells_it_plainly(mood: Any) -> None:
    told = as_told(parse(GenerateSettings, GenerateSettings(mood=mood)))
    assert told["mood"] == pytest.approx([0.5, 0.2])
    assert [type(value) for value in told["mood"]] == [float, float]


def test_ranges_styles_and_paths_may_be_what_one_has() -> None:
    asked = GenerateSettings(
        photo=Path("folder/me.jpg"),
        range=(np.int64(48), 84),
        style="jazz",
        structure=("A", "B"),
        length=np.int64(40),  # type: ignore[arg-type]
    )
    told = as_told(parse(GenerateSettings, asked))
    assert (told["photo"], told["range"], told["structure"]) == ("me.jpg", [48, 84], ["A", "B"])
    assert (told["style"]["name"], told["length"]) == ("jazz", 40)


def test_a_piece_is_written_from_such_values_and_told_in_a_line_or_two(tmp_path: Path) -> None:
    import json

    path = tmp_path / "tune.mid"
    write_midi(tune(1), path)
    composed = compose(
        GenerateSettings(
            midi=path,
            style="Jazz",
            range=np.array([40, 90]),
            length=np.int32(12),  # type: ignore[arg-type]
            render=RenderSettings(score=[], sound="none"),
        )
    )
    assert composed.manifest.network.styles == {"jazz": 1.0}
    written = composed.write(str(tmp_path / "out"))
    assert [path.is_file() for path in written.files()] == [True] * 2
    assert composed.manifest.pieces[0].files == ()  # writing changes nothing of what was composed
    assert json.loads((tmp_path / "out" / "run.json").read_text())["settings"]["range"] == [40, 90]
    parts = (composed, written, composed.start, composed.pieces[0], composed.pieces[0].notes)
    assert max(len(repr(part)) for part in parts) <= 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"mood": "hapy"}, {"mood": 5}, {"mood": object()}, {"mood": (float("nan"), 0)},
        {"length": "long"}, {"length": None}, {"n": 0}, {"seed": -1}, {"seed": "x"},
        {"tempo": "slow"}, {"style": 7}, {"style": "jaz"}, {"style": {"name": "jaz"}},
        {"range": "wide"}, {"range": (48.5, 84)}, {"photo": 5}, {"photo": "none.jpg"},
        {"photo": Path()}, {"midi": Path()}, {"sampler": "safer"}, {"render": None},
        {"face": {"which": "x"}}, {"face": 3}, {"model": None}, {"model": "ltsm"}, {"key": 5},
        {"structure": 5}, {"catalog": "library"}, {"song": 5}, {"composer": "Qwertz"},
        {"polyphony": 0},
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_one_family_of_errors_in_one_line(wrong: dict[str, Any]) -> None:
    with pytest.raises(Mood2MusicError) as refused:
        compose(GenerateSettings(**wrong))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("value", ["a", None, True, 2, [1]])
def test_a_mood_that_is_none_is_an_error_of_the_family(value: Any) -> None:
    with pytest.raises(Mood2MusicError):
        Mood(value, 0)


def test_names_of_settings_and_results_are_imported_without_torch() -> None:
    code = f"from mood2music import {', '.join(LIGHT)}\nimport sys\nprint('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
