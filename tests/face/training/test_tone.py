"""tone.py: light changes within its range, and by the formulas."""

import pytest
import torch

from mood2music.face.network.settings import AugmentSettings
from mood2music.face.training.tone import drawn, relight

FACES = torch.rand(64, 1, 24, 24, generator=torch.Generator().manual_seed(0))
STILL = dict.fromkeys(vars(AugmentSettings()), 0.0)


def lit(**bounds: float) -> torch.Tensor:
    random = torch.Generator().manual_seed(1)
    return relight(FACES, AugmentSettings(**{**STILL, **bounds}), generator=random)


def test_exposure_falls_by_so_many_stops_at_most() -> None:
    kept = lit(exposure=2.0).mean((1, 2, 3)) / FACES.mean((1, 2, 3))
    assert kept.min() >= 0.25 - 1e-6
    assert kept.min() < 0.35
    assert kept.max() <= 1 + 1e-6


def test_gamma_keeps_black_and_white_and_the_order_of_greys() -> None:
    random = torch.Generator().manual_seed(1)
    greys = torch.linspace(0, 1, 9).view(1, 1, 3, 3).expand(5, -1, -1, -1)
    bent = relight(greys, AugmentSettings(**{**STILL, "gamma": 1.0}), generator=random)
    assert bent[:, 0, 2, 2].tolist() == pytest.approx([1.0] * 5)
    assert bent[:, 0, 0, 0].max() < 0.011  # 1e-4 to the half
    assert (bent.flatten(1).diff(dim=1) > 0).all()


def test_a_bend_of_the_greys_moves_both_halves_apart_or_together_and_stays_monotone() -> None:
    random = torch.Generator().manual_seed(1)
    greys = torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0]).view(1, 1, 1, 5).expand(5, -1, -1, -1)
    bent = relight(greys, AugmentSettings(**{**STILL, "curve": 0.9}), generator=random)[:, 0, 0]
    torch.testing.assert_close(bent[:, 1] - 0.25, 0.75 - bent[:, 3])
    assert (bent.diff(dim=1) > 0).all()
    assert (bent[:, 1] - 0.25).abs().max() > 0.02


def test_side_light_leaves_the_middle_as_it_is() -> None:
    faces = torch.full((16, 1, 25, 25), 0.4)
    random = torch.Generator().manual_seed(1)
    shaded = relight(faces, AugmentSettings(**{**STILL, "shade": 0.5}), generator=random)
    torch.testing.assert_close(shaded[:, 0, 12, 12], torch.full((16,), 0.4))
    assert (shaded.flatten(1).std(1) > 0.001).all()


def test_noise_has_the_deviation_that_is_asked_at_most() -> None:
    faces = torch.full((64, 1, 24, 24), 0.5)
    random = torch.Generator().manual_seed(1)
    grainy = relight(faces, AugmentSettings(**{**STILL, "noise": 0.05}), generator=random)
    assert 0.03 < grainy.flatten(1).std(1).max() < 0.06


def test_numbers_are_drawn_in_rows() -> None:
    random = torch.Generator().manual_seed(1)
    assert drawn(3, FACES, random, rows=2).shape == (2, 3)
