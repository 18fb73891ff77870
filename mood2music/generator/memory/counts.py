"""Draws what was counted, as often as it was met."""

from collections.abc import Mapping
from typing import Any

import numpy as np

# How often every outcome counts beside those that were met.
PRIOR = 0.5


def drawn(weights: Mapping[Any, float], rng: np.random.Generator) -> Any:
    """Draw a name by its weight, which need not sum to 1."""
    names = list(weights)
    shares = np.array([weights[name] for name in names], np.float64)
    return names[int(rng.choice(len(names), p=shares / shares.sum()))]
