import pytest
import torch

from mood2music.face.training.losses import both, ccc, mse

# Two axes of three faces: the first is off by one, the second is right.
PREDICTED = torch.tensor([[1.0, 0.0], [2.0, 1.0], [3.0, 2.0]])
TRUTH = torch.tensor([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])


def test_the_losses_of_a_hand_made_batch() -> None:
    assert mse(PREDICTED, TRUTH).item() == pytest.approx(1 / 2)
    # Lin 1989: 2 (2/3) / (2/3 + 2/3 + 1) of the first axis, 1 of the second.
    assert ccc(PREDICTED, TRUTH).item() == pytest.approx((1 - 4 / 7) / 2, abs=1e-5)
    assert both(PREDICTED, TRUTH).item() == pytest.approx(1 / 2 + (1 - 4 / 7) / 2, abs=1e-5)
