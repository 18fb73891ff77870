"""Says how far a mean over pieces can be trusted: an interval from drawing the pieces again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Times that the pieces are drawn again, and the share of the draws that the interval holds.
DRAWS = 2000
SHARE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A figure and the interval that holds SHARE of it when the pieces are drawn again."""

    value: float
    low: float
    high: float


def bootstrap(
    rows: NDArray[np.float64], figure: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> Estimate:
    """Estimate a figure of the mean of rows (pieces, columns) by the percentile bootstrap.

    figure: (draws, columns) means -> (draws,). Pieces are drawn with replacement, DRAWS times, from
    a seed of its own: the same pieces give the same interval. Efron & Tibshirani 1993, "An
    Introduction to the Bootstrap", chapter 13.
    """
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), DRAWS) / len(rows)
    low, high = np.nanquantile(figure(drawn @ rows), [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return Estimate(float(figure(rows.mean(0, keepdims=True))[0]), float(low), float(high))


def mean_of(values: Sequence[float | int | None]) -> Estimate | None:
    """Estimate the mean of those that are there; None when none is.

    >>> mean_of([1.0, 1.0, None])
    Estimate(value=1.0, low=1.0, high=1.0)
    """
    there = np.array([value for value in values if value is not None], np.float64)
    return bootstrap(there[:, None], lambda means: means[:, 0]) if len(there) else None
