from pathlib import Path
from typing import Any

import pytest

from mood2music.errors import DataError, Mood2MusicError, UnknownNameError
from mood2music.evaluation.settings import EvaluateSettings


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "nothing to evaluate: pass photos=folder_or_zip"),
        ({"network": "lstm", "contexts": [0]}, r"contexts=\[0\]: expected 1 or more"),
        ({"photos": "x", "quadrants": "y"}, "quadrants=y without pieces: pass pieces=folder too"),
        ({"photos": "x", "beside": "y"}, "beside=y without pieces: pass pieces=folder too"),
        ({"pieces": "x", "passage": 1}, "passage=1: expected 2 or more"),
        (
            {"photos": "x", "face": {"which": "all"}},
            "face.which=all with photos=x: the largest face",
        ),
        ({"network": "lstm", "data": {"name": "drawn"}}, "data=drawn with network=lstm: expected"),
    ],
)
def test_what_cannot_be_measured_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(Mood2MusicError, match=said):
        EvaluateSettings(**{"data": {"name": "midi"}, **asked}).check()


def test_what_is_not_there_is_told_by_its_option(tmp_path: Path) -> None:
    for name in ("me.png", "me.TIFF", "me.heic"):
        (tmp_path / name).touch()
        with pytest.raises(DataError, match=r"that is one picture.*generate photo="):
            EvaluateSettings(photos=str(tmp_path / name)).check_files()
    for option in ("photos", "pieces", "beside", "quadrants"):
        with pytest.raises(DataError, match=f"{option}=none: nothing is there"):
            EvaluateSettings(**{option: "none"}).check_files()  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="lstn"):
        EvaluateSettings(network="lstn").check_files()
