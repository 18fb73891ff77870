"""onnx_file.py: only files that this package exported are opened."""

import sys
from pathlib import Path

import onnx
import pytest

from mood2music.errors import CheckpointError
from mood2music.face.network.onnx_file import open_onnx, target
from mood2music.face.reading.reader import SHIPPED
from tests.conftest import ExportedFace


def test_the_file_lies_beside_its_weights_but_the_shipped_in_the_cache(
    tmp_path: Path, cache: Path
) -> None:
    assert target(tmp_path / "best.safetensors", "ab") == tmp_path / "best.onnx"
    assert target(SHIPPED[0], "ab") == cache / "onnx" / "ab.onnx"


def test_no_file_names_the_command_that_writes_it(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no ONNX file at .*mood2music\.export"):
        open_onnx(tmp_path / "a.onnx")


def test_a_damaged_or_foreign_file_is_refused(tmp_path: Path, exported_face: ExportedFace) -> None:
    (tmp_path / "cut.onnx").write_bytes(exported_face.onnx.read_bytes()[:2000])
    foreign = onnx.load(exported_face.onnx)
    del foreign.metadata_props[:]
    onnx.save(foreign, tmp_path / "foreign.onnx")
    for name in ("cut.onnx", "foreign.onnx"):
        with pytest.raises(CheckpointError, match=rf"{name} is not a face network of mood2music"):
            open_onnx(tmp_path / name)


def test_without_onnxruntime_the_extra_is_named(
    exported_face: ExportedFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(CheckpointError, match=r"mood2music\[onnx\]"):
        open_onnx(exported_face.onnx)
