"""export.py: which file is written where, and what is said."""

from pathlib import Path

import pytest

from mood2music.errors import CheckpointError, SettingsError
from mood2music.export import ExportSettings, plan
from mood2music.face.reading.reader import SHIPPED
from tests.conftest import ExportedFace


def test_the_difference_and_the_path_are_printed(exported_face: ExportedFace) -> None:
    told, path = exported_face.said.splitlines()
    assert "valence, arousal" in told
    assert "away from torch" in told
    assert Path(path) == exported_face.onnx
    assert [p.name for p in exported_face.onnx.parent.glob("*.onnx*")] == ["best.onnx"]


def test_the_shipped_go_into_the_cache(cache: Path) -> None:
    pairs = plan(ExportSettings())
    assert [weights for weights, _ in pairs] == list(SHIPPED)
    assert {path.parent for _, path in pairs} == {cache / "onnx"}


def test_out_names_a_file_or_a_folder(tmp_path: Path) -> None:
    a, b = (tmp_path / f"{name}.safetensors" for name in "ab")
    a.touch()
    b.touch()
    one = ExportSettings(weights=str(a), out=str(tmp_path / "x.onnx"))
    assert plan(one) == [(a, tmp_path / "x.onnx")]
    two = ExportSettings(weights=[str(a), str(b)], out=str(tmp_path / "new"))
    assert [path for _, path in plan(two)] == [tmp_path / "new" / f"{n}.onnx" for n in "ab"]


@pytest.mark.parametrize(
    ("names", "out", "error", "text"),
    [
        (["a", "a"], None, SettingsError, "would become"),
        (["a"], "model.pt", SettingsError, r"ends in \.onnx"),
        ([], None, SettingsError, r"weights=\[\]"),
        (["missing"], None, CheckpointError, "no checkpoint at"),
    ],
)
def test_what_cannot_be_exported_is_refused_before_the_work(
    tmp_path: Path, names: list[str], out: str | None, error: type[Exception], text: str
) -> None:
    (tmp_path / "a.safetensors").touch()
    weights = [str(tmp_path / f"{name}.safetensors") for name in names]
    with pytest.raises(error, match=text):
        plan(ExportSettings(weights=weights, out=out))
