"""torch_predictor.py: the stored networks' own outputs, on the threads that torch had before."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from mood2music.face.network import stored
from mood2music.face.reading.torch_predictor import FEW, TorchPredictor
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
