"""coarse.py: detail goes, what is left is the face."""

import numpy as np
import pytest
import torch
from scipy.fft import dctn

from mood2music.face.network.settings import AugmentSettings
from mood2music.face.training.coarse import STEPS, coarsen, compressed

FACES = torch.rand(8, 1, 48, 48, generator=torch.Generator().manual_seed(0))
STILL = dict.fromkeys(vars(AugmentSettings()), 0.0)


def test_a_face_shrunk_to_24_pixels_keeps_its_mean_and_loses_its_detail() -> None:
    random = torch.Generator().manual_seed(1)
    coarse = coarsen(FACES, AugmentSettings(**{**STILL, "coarse": 1.0}), generator=random)
    steps = [faces.diff(dim=-1).abs().mean((1, 2, 3)) for faces in (FACES, coarse)]
    assert (steps[1] < 0.7 * steps[0]).all()
    assert steps[1][0] < steps[1][-1]  # the first quarter is shrunk most
    torch.testing.assert_close(coarse.mean(), FACES.mean(), atol=0.01, rtol=0)


def test_compressed_coefficients_are_multiples_of_the_table() -> None:
    packed = compressed(0.25 + 0.5 * FACES, torch.ones(8))  # far from black and white: not cut
    block = packed[3, 0, 8:16, 16:24].double().numpy() * 255 - 128
    counts = dctn(block, norm="ortho") / np.asarray(STEPS)
    np.testing.assert_allclose(counts, counts.round(), atol=1e-4)


def test_sides_that_are_no_multiple_of_eight_come_back_whole() -> None:
    faces = torch.full((2, 1, 49, 49), 0.5)
    packed = compressed(faces, torch.ones(2))
    assert packed.shape == faces.shape
    assert packed.flatten().tolist() == pytest.approx([0.5] * packed.numel(), abs=0.04)


@pytest.mark.parametrize("bound", ["coarse", "jpeg", "blur"])
def test_range_and_shape_stay(bound: str) -> None:
    random = torch.Generator().manual_seed(1)
    given = coarsen(FACES, AugmentSettings(**{**STILL, bound: 1.0}), generator=random)
    assert given.shape == FACES.shape
    assert given.min() >= 0
    assert given.max() <= 1
    assert not torch.equal(given, FACES)
