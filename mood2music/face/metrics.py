"""Computes the figures that papers report from true and predicted values, or classes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.floating]
Classes = npt.NDArray[np.int64]


def rmse(truth: Values, predicted: Values) -> float:
    """Root of the mean squared error, in units of the axis (0 is perfect)."""
    return float(np.sqrt(np.mean((_float(truth) - _float(predicted)) ** 2)))


def pearson(truth: Values, predicted: Values) -> float:
    """Pearson's correlation, -1 to 1; 0 when either side does not vary."""
    t, p = _float(truth), _float(predicted)
    t, p = t - t.mean(), p - p.mean()
    scale = np.sqrt((t**2).mean() * (p**2).mean())
    return float((t * p).mean() / scale) if scale > 1e-12 else 0.0


def ccc(truth: Values, predicted: Values) -> float:
    """Concordance correlation (Lin 1989), -1 to 1; 0 when neither side varies.

    >>> ccc(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0]))
    0.5714285714285714
    """
    return float(concordance(_float(truth), _float(predicted), 1e-12))


def concordance(truth: Any, predicted: Any, least: float) -> Any:
    """Concordance of each column, arrays or tensors: 2 cov / (var + var + (mean - mean)^2).

    least: what the denominator is at least, so that columns that do not vary give 0.
    """
    t, p = truth - truth.mean(0), predicted - predicted.mean(0)
    apart = (truth.mean(0) - predicted.mean(0)) ** 2
    spread = (t**2).mean(0) + (p**2).mean(0) + apart
    return 2 * (t * p).mean(0) / spread.clip(least)


def sagr(truth: Values, predicted: Values) -> float:
    """Sign agreement (Nicolaou et al. 2011), 0 to 1: share of equal signs, 0 is a sign."""
    return float(np.mean(np.sign(_float(truth)) == np.sign(_float(predicted))))


def accuracy(truth: Classes, predicted: Classes) -> float:
    """Share of equal classes, 0 to 1."""
    return float(np.mean(truth == predicted))


def macro_f1(truth: Classes, predicted: Classes) -> float:
    """Mean F1 over the classes that stand in `truth`: each counts alike, however rare."""
    from sklearn.metrics import f1_score

    return float(
        f1_score(truth, predicted, labels=np.unique(truth), average="macro", zero_division=0)
    )


def balanced_accuracy(truth: Classes, predicted: Classes) -> float:
    """Mean over the classes in `truth` of the share of each that is told, 0 to 1."""
    return float(np.mean([np.mean(predicted[truth == one] == one) for one in np.unique(truth)]))


def cross_entropy(shares: Values, probabilities: Values) -> float:
    """Mean nats of `probabilities` (N, classes) under `shares`, how votes are spread over them."""
    sure = np.maximum(_float(probabilities), 1e-7)
    return float(-(_float(shares) * np.log(sure)).sum(1).mean())


def calibration_error(shares: Values, probabilities: Values, bins: int = 15) -> float:
    """Expected calibration error (Guo et al. 2017), 0 to 1, of (N, classes) each.

    Mean distance between the probability of the class told and the share of the votes that it has,
    over bins of that probability, weighed by their counts. Where a class has all votes of a picture
    the share is whether the class told is right.

    >>> calibration_error(np.array([[0.5, 0.5]]), np.array([[0.75, 0.25]]))
    0.25
    """
    told = _float(probabilities).max(1)
    agreed = np.take_along_axis(_float(shares), np.argmax(probabilities, 1)[:, None], 1)[:, 0]
    place = np.minimum((told * bins).astype(int), bins - 1)
    away = [abs(told[place == one].sum() - agreed[place == one].sum()) for one in range(bins)]
    return float(sum(away) / len(told))


def measure(truth: Values, predicted: Values) -> dict[str, float]:
    """All four figures of one axis; truth and predicted are (pictures,) of equal length."""
    return {
        "rmse": rmse(truth, predicted),
        "pearson": pearson(truth, predicted),
        "ccc": ccc(truth, predicted),
        "sagr": sagr(truth, predicted),
    }


def beside_constant(
    truth: Mapping[str, Values],
    predicted: Mapping[str, Values],
    constant: Mapping[str, float] | None = None,
) -> list[dict[str, float | str]]:
    """One row an axis and predictor: the network's figures, then the constant predictor's.

    constant: the value always predicted, by axis: give the training set's mean; without one the
    mean of `truth` itself is taken, the best that any constant can do.
    """
    rows: list[dict[str, float | str]] = []
    for axis, values in truth.items():
        level = float(np.mean(values)) if constant is None else constant[axis]
        flat = np.full(len(values), level)
        for name, guess in (("network", predicted[axis]), ("constant", flat)):
            rows.append({"axis": axis, "predictor": name, **measure(values, guess)})
    return rows


def _float(values: Values) -> npt.NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)
