"""Measures networks on a split table of faces: figures by root and predictor."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from mood2music.face import metrics
from mood2music.face.dataset.pictures import Faces
from mood2music.face.dataset.split import Rows
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.network.settings import AXES
from mood2music.face.reading.predictor import Predictor
from mood2music.face.reading.views import Outputs, mirrored

Row = dict[str, float | str]


def measure_axes(
    predictors: Sequence[Predictor], table: Faces, train: Rows, rows: Rows
) -> list[Row]:
    """Measure valence and arousal on `rows` of `table`, root by root, beside the constant.

    train: the rows that were learnt from; their mean mood is what the constant predictor says.
    Each result has root, pictures, axis, predictor, rmse, pearson, ccc and sagr.
    """
    constant = dict(zip(AXES, table.moods[train].mean(0).tolist(), strict=True))
    results: list[Row] = []
    for root, chosen in _by_root(table, rows):
        guess = _read(predictors, table, chosen)
        true = {axis: table.moods[chosen, place] for place, axis in enumerate(AXES)}
        for figures in metrics.beside_constant(true, guess, constant):
            results.append({"root": root, "pictures": len(chosen), **figures})
    return results


def measure_expressions(
    predictors: Sequence[Predictor], table: Faces, train: Rows, rows: Rows
) -> list[Row]:
    """Measure how well expressions are told, root by root, beside the constant.

    Pictures without a known expression are left out. The constant predictor says how the votes of
    `train` are spread. Each result has root, pictures, predictor and the figures of `expressions`.
    """
    shares = table.shares()
    constant = shares[train].mean(0)
    results: list[Row] = []
    for root, chosen in _by_root(table, rows[table.expressions[rows] >= 0]):
        true = table.expressions[chosen]
        read = _read(predictors, table, chosen)
        told = np.stack([read[name] for name in EXPRESSIONS], axis=1)
        flat = np.tile(constant, (len(chosen), 1))
        for predictor, guess in (("network", told), ("constant", flat)):
            figures = expressions(true, shares[chosen], guess)
            results.append(
                {"root": root, "pictures": len(chosen), "predictor": predictor, **figures}
            )
    return results


def expressions(
    true: npt.NDArray[np.int64],
    shares: npt.NDArray[np.floating],
    told: npt.NDArray[np.floating],
) -> dict[str, float]:
    """Figures of probabilities `told` (N, 8): the classes `true` (N,), the votes' shares (N, 8).

    accuracy; majority_accuracy, over those that more than half of the votes agree on, NaN without
    any (FER+'s own program drops single votes first and counts those for "unknown"); balanced (the
    mean over classes), macro_f1, cross_entropy with the shares in nats, and calibration_error.
    """
    guess = told.argmax(1)
    clear = shares.max(1) > 0.5
    return {
        "accuracy": metrics.accuracy(true, guess),
        "majority_accuracy": (
            metrics.accuracy(true[clear], guess[clear]) if clear.any() else float("nan")
        ),
        "balanced": metrics.balanced_accuracy(true, guess),
        "macro_f1": metrics.macro_f1(true, guess),
        "cross_entropy": metrics.cross_entropy(shares, told),
        "calibration_error": metrics.calibration_error(shares, told),
    }


def _by_root(table: Faces, rows: Rows) -> Iterator[tuple[str, Rows]]:
    """Each data set's part of `rows`: a group's name begins with its root's."""
    names = np.asarray([table.groups[row].split("/", 1)[0] for row in rows], dtype=str)
    for root in sorted(set(names.tolist())):
        yield root, rows[names == root]


def _read(predictors: Sequence[Predictor], table: Faces, rows: Rows) -> Outputs:
    faces: npt.NDArray[np.float32] = np.asarray(table.images[rows], dtype=np.float32)
    return mirrored(predictors, faces / np.float32(255))
