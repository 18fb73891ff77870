"""Figures of several seeds come in; their mean, spread and interval go out, and how two compare."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Mean of n figures; sd: their standard deviation (n - 1), nan for one figure."""

    n: int
    mean: float
    sd: float

    @property
    def interval(self) -> float:
        """Half the width of the mean's 95 % interval by Student's t (1908), nan for one figure."""
        if self.n < 2:
            return math.nan
        from scipy.special import stdtrit

        return float(stdtrit(self.n - 1, 0.975)) * self.sd / math.sqrt(self.n)


def spread(figures: Sequence[float]) -> Spread:
    """Take the mean of figures that are numbers; nan where none is.

    >>> spread([1.0, 2.0, 3.0])
    Spread(n=3, mean=2.0, sd=1.0)
    """
    known = [figure for figure in figures if math.isfinite(figure)]
    n = len(known)
    if not n:
        return Spread(0, math.nan, math.nan)
    mean = sum(known) / n
    squares = sum((figure - mean) ** 2 for figure in known)
    return Spread(n, mean, math.sqrt(squares / (n - 1)) if n > 1 else math.nan)


def compare(one: Mapping[str, float], other: Mapping[str, float]) -> Spread:
    """One minus the other, by seed: what both seeds share cancels out.

    Where they share fewer than two seeds it is the difference of the means, as of one figure.

    >>> compare({"0": 2.0, "1": 3.5}, {"0": 1.0, "1": 2.0}).mean
    1.25
    """
    both = [one[seed] - other[seed] for seed in one if seed in other]
    if len(both) > 1:
        return spread(both)
    return spread([spread(list(one.values())).mean - spread(list(other.values())).mean])
