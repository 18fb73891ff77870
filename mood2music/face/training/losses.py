"""Computes what training makes small from predicted and true axes, (batch, axes) each."""

from torch import Tensor
from torch.nn.functional import mse_loss

from mood2music.face import metrics


def mse(predicted: Tensor, truth: Tensor) -> Tensor:
    """Mean squared error."""
    return mse_loss(predicted, truth)


def ccc(predicted: Tensor, truth: Tensor) -> Tensor:
    """1 - concordance correlation over the batch (Lin 1989), meant over axes."""
    discord: Tensor = (1 - metrics.concordance(truth, predicted, 1e-6)).mean()
    return discord


def both(predicted: Tensor, truth: Tensor) -> Tensor:
    """Their sum, as CAGE (Wagner et al. 2024) has it."""
    return mse(predicted, truth) + ccc(predicted, truth)
