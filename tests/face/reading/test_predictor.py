"""predictor.py: exported weights are found, stale ones are not, and torch stays away."""

import logging
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from mood2music.face.network.onnx_file import cached
from mood2music.face.reading.predictor import CHUNK, OnnxPredictor, open_predictor, resized
from mood2music.face.reading.reader import SHIPPED, FaceReader
from mood2music.face.reading.torch_predictor import TorchPredictor
from mood2music.files import checksum
from mood2music.learn import checkpoint
from tests.conftest import ExportedFace

FACES = np.random.default_rng(0).random((2 * CHUNK + 3, 49, 49)).astype(np.float32)


@pytest.fixture
def alone(exported_face: ExportedFace, tmp_path: Path) -> Path:
    """The checkpoint without its ONNX file."""
    return Path(shutil.copy(exported_face.weights, tmp_path / "best.safetensors"))


def test_exported_weights_are_run_by_onnxruntime_and_read_the_same(
    exported_face: ExportedFace,
) -> None:
    found = open_predictor(exported_face.weights)
    assert isinstance(found, OnnxPredictor)
    assert found.source == exported_face.weights
    by_torch = TorchPredictor(exported_face.weights)
    assert found.outputs == by_torch.outputs
    np.testing.assert_allclose(found(FACES), by_torch(FACES), atol=1e-4)


def test_many_faces_on_all_cores_read_as_one_by_one(exported_face: ExportedFace) -> None:
    found = open_predictor(exported_face.onnx)
    single = np.concatenate([found(face[None]) for face in FACES])
    np.testing.assert_allclose(found(FACES), single, atol=1e-6)


def test_weights_that_nobody_exported_are_run_by_torch(alone: Path) -> None:
    assert isinstance(open_predictor(alone), TorchPredictor)


def test_a_file_in_the_cache_is_found_by_the_weights_checksum(
    alone: Path, exported_face: ExportedFace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(tmp_path / "cache"))
    place = cached(checksum(alone))
    place.parent.mkdir(parents=True)
    shutil.copy(exported_face.onnx, place)
    assert isinstance(open_predictor(alone), OnnxPredictor)


def test_a_stale_file_is_passed_over_and_the_log_says_so(
    alone: Path, exported_face: ExportedFace, caplog: pytest.LogCaptureFixture
) -> None:
    state, header = checkpoint.load(exported_face.weights)
    checkpoint.save(alone, {name: 2 * t for name, t in state.items()}, "face", header)
    shutil.copy(exported_face.onnx, alone.with_suffix(".onnx"))
    with caplog.at_level(logging.WARNING):
        assert isinstance(open_predictor(alone), TorchPredictor)
    (line,) = caplog.messages
    assert "best.onnx was made from other weights than best.safetensors" in line


def test_a_damaged_file_is_passed_over_and_the_log_says_so(
    alone: Path, caplog: pytest.LogCaptureFixture
) -> None:
    alone.with_suffix(".onnx").write_bytes(b"no ONNX")
    assert isinstance(open_predictor(alone), TorchPredictor)
    (line,) = caplog.messages
    assert line.endswith("reading by torch instead")


def test_without_onnxruntime_torch_reads(
    exported_face: ExportedFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert isinstance(open_predictor(exported_face.weights), TorchPredictor)


def test_the_shipped_network_reads_a_photo_without_torch() -> None:
    code = (
        "import sys; from mood2music.face.reading.reader import FaceReader;"
        "from mood2music.face.reading.settings import ReadSettings;"
        "from mood2music.face.picture.image import sample_portrait;"
        "settings = ReadSettings();"
        "read = FaceReader.from_settings(settings).read_photo(sample_portrait(), settings);"
        "print(read.mood.valence, 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    valence, torch_is_there = done.stdout.split()
    assert done.stderr == ""
    assert torch_is_there == "False"
    by_torch = FaceReader([TorchPredictor(path) for path in SHIPPED])
    from mood2music.face.picture.image import sample_portrait
    from mood2music.face.reading.settings import ReadSettings

    wanted = by_torch.read_photo(sample_portrait(), ReadSettings()).mood.valence
    assert float(valence) == pytest.approx(wanted, abs=1e-4)


def test_faces_of_another_size_are_resized_as_torch_resizes_them() -> None:
    for size in (24, 48, 80):
        wanted = F.interpolate(torch.from_numpy(FACES[:2])[None], (size, size), mode="bilinear")
        np.testing.assert_allclose(resized(FACES[:2], size), wanted[0].numpy(), atol=1e-5)
