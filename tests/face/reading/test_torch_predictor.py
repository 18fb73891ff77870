"""torch_predictor.py: the stored networks' own outputs, on the threads that torch had before."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from mood2music.face.network import stored
from mood2music.face.network.backbone import build_networks
from mood2music.face.network.settings import FaceSettings
from mood2music.face.reading.predictor import resized
from mood2music.face.reading.torch_predictor import FEW, TorchPredictor
from mood2music.learn import checkpoint
from tests.conftest import ExportedFace


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("count", [1, FEW + 1])
def test_outputs_are_the_networks_own_and_threads_stay(
    exported_face: ExportedFace, two_threads: None, count: int
) -> None:
    predictor = TorchPredictor(exported_face.weights)
    faces = np.random.default_rng(0).random((count, 49, 49)).astype(np.float32)
    given = predictor(faces)
    assert torch.get_num_threads() == 2
    with torch.inference_mode():
        wanted = stored.load(exported_face.weights).networks(torch.from_numpy(faces)[:, None])
    assert given.shape == (count, len(predictor.outputs))
    np.testing.assert_allclose(given, wanted.numpy(), atol=1e-5)


def test_faces_of_another_size_are_brought_to_what_the_network_learnt_from(tmp_path: Path) -> None:
    settings = FaceSettings(name="cnn10", pretrained=False, input_size=80, width=4, hidden=8)
    path = tmp_path / "best.safetensors"
    header = {"settings": asdict(settings), "data": {"size": 32}}
    checkpoint.save(path, build_networks(settings).state_dict(), stored.KIND, header)
    predictor = TorchPredictor(path)
    faces = np.random.default_rng(0).random((2, 96, 96)).astype(np.float32)
    np.testing.assert_allclose(predictor(faces), predictor(resized(faces, 32)), atol=1e-6)
