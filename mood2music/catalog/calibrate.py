"""Maps an axis as its source measured it (z-scores, a formula's output) onto [-1, 1]."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mood2music.errors import SettingsError

METHODS = ("quantile", "minmax", "none")


def calibrate(values: ArrayLike, method: str = "quantile") -> NDArray[np.float64]:
    """Map the values of one axis onto [-1, 1], keeping their order.

    values: (n,), any finite numbers. method:
        quantile  2 (rank - 1/2) / n - 1, equal values sharing their mean rank: the songs then
                  spread evenly over the axis, so that any mood has near ones;
        minmax    smallest to -1, largest to 1, straight between;
        none      as they are, cut off at -1 and 1.
    Raises SettingsError for another method.

    >>> calibrate([-2.0, 0.5, 0.5, 3.0])
    array([-0.75,  0.  ,  0.  ,  0.75])
    """
    if method not in METHODS:
        raise SettingsError(f"catalog.calibrate={method}: expected one of {', '.join(METHODS)}")
    axis = np.asarray(values, np.float64)
    if len(axis) == 0:
        return axis
    if method == "none":
        return np.clip(axis, -1.0, 1.0)
    if method == "minmax":
        low, high = axis.min(), axis.max()
        if low == high:
            return np.zeros_like(axis)
        return np.asarray(np.clip(2.0 * (axis - low) / (high - low) - 1.0, -1.0, 1.0))
    _, place, count = np.unique(axis, return_inverse=True, return_counts=True)
    mean_rank = np.cumsum(count) - (count - 1) / 2.0
    return np.asarray(2.0 * (mean_rank[place] - 0.5) / len(axis) - 1.0)
