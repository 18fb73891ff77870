"""Trains classifiers to tell written pieces from real ones, and says by what they do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mood2music.errors import DataError
from mood2music.study.intervals import DRAWS, SHARE, Estimate

FOLDS = 5
TREES = 100


@dataclass(frozen=True)
class Sign:
    """How one feature alone tells written from real.

    auc: area under the ROC curve, .5 to 1 (.5 tells nothing); written, real: means; weight: its
    share in the splits of the random forest (Breiman 2001, mean decrease in impurity).
    """

    feature: str
    auc: float
    written: float
    real: float
    weight: float


@dataclass(frozen=True)
class Telling:
    """What each classifier reaches, by its name, and the features, the most telling first."""

    aucs: dict[str, Estimate]
    signs: list[Sign]


def tell_apart(
    written: Sequence[Mapping[str, float | None]],
    real: Sequence[Mapping[str, float | None]],
    groups: Sequence[str],
) -> Telling:
    """Cross-validate a logistic regression and a random forest on rows of features.

    Rows of equal columns, None where a piece is too short to say (the training rows' median stands
    in). groups: (written + real,), pieces of one group (after one song, say) are never on both
    sides; FOLDS folds of equal shares. Each piece is scored by the classifier that did not see it;
    the area under the ROC curve of all scores is the chance that a written piece looks more written
    than a real one (Hanley & McNeil 1982, Radiology 143): .5 is perfect, for the pieces. Intervals
    from drawing the pieces again. Raises DataError for fewer than FOLDS pieces a side.
    """
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if min(len(written), len(real)) < FOLDS:
        raise DataError(
            f"{len(written)} pieces beside {len(real)} are too few to tell apart: "
            f"expected {FOLDS} of each or more"
        )
    names = list(written[0])
    cells = [[row[name] for name in names] for row in (*written, *real)]
    table = np.array(cells, np.float64)  # None becomes nan
    # A column that no piece has says nothing.
    told = np.flatnonzero(~np.isnan(table).all(0))
    table, names = table[:, told], [names[i] for i in told]
    label = np.repeat([1, 0], [len(written), len(real)])
    forest = RandomForestClassifier(TREES, min_samples_leaf=2, random_state=0)
    models = {
        "logistic regression": make_pipeline(
            SimpleImputer(strategy="median", keep_empty_features=True),
            StandardScaler(),
            LogisticRegression(max_iter=2000),
        ),
        "random forest": make_pipeline(
            SimpleImputer(strategy="median", keep_empty_features=True), forest
        ),
    }
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    aucs = {
        name: _estimate(
            label,
            cross_val_predict(model, table, label, groups=groups, cv=folds, method="predict_proba")[
                :, 1
            ],
        )
        for name, model in models.items()
    }
    weights = models["random forest"].fit(table, label)[-1].feature_importances_
    signs = []
    for name, column, weight in zip(names, table.T, weights, strict=True):
        has = ~np.isnan(column)
        sides = column[has & (label == 1)], column[has & (label == 0)]
        if all(len(side) for side in sides):
            auc = float(roc_auc_score(label[has], column[has]))
            means = [float(side.mean()) for side in sides]
            signs.append(Sign(name, max(auc, 1 - auc), means[0], means[1], float(weight)))
    return Telling(aucs, sorted(signs, key=lambda sign: -sign.auc))


def _estimate(label: NDArray[np.int64], score: NDArray[np.float64]) -> Estimate:
    """Area under the ROC curve, with an interval over pieces, each side drawn by itself."""
    written, real = score[label == 1], score[label == 0]
    # A written piece against a real one: 1 when it looks more written, half when alike.
    wins = (written[:, None] > real) + 0.5 * (written[:, None] == real)
    rng = np.random.default_rng(0)
    rows, columns = (
        rng.multinomial(n, np.full(n, 1 / n), DRAWS) / n for n in (len(written), len(real))
    )
    drawn = np.einsum("di,ij,dj->d", rows, wins, columns, optimize=True)
    low, high = np.quantile(drawn, [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return Estimate(float(wins.mean()), float(low), float(high))
