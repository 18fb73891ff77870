"""VGMIDI's pieces and ratings to the formula's coefficients and its held-out figures.

    python -m experiments.mood_formula.fit root=FOLDER

FOLDER holds va.csv (columns file, valence, arousal) and the MIDI files it names. Writes
result.json beside this file; the coefficients are copied from there into mood2music/judge/mood.py.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from experiments.measuring import measuring
from mood2music.face.metrics import ccc as ccc_of
from mood2music.judge.mood import (
    CONSTANT,
    FEATURES,
    HIGHEST,
    LOWEST,
    WEIGHTS,
    features,
)
from mood2music.judge.statistics import statistics
from mood2music.music.read import read

Array = NDArray[np.float64]


@dataclass
class Settings:
    """root: VGMIDI; alpha: ridge penalty on standardised features; folds, repeats: of the
    cross-validation.
    """

    root: Path
    folds: int
    repeats: int
    alpha: float


def held_out(x: Array, y: Array, group: Array, settings: Settings, constant: bool) -> Array:
    """CCC, Pearson and RMSE of out-of-fold predictions, mean over repeats; groups stay whole."""
    rows = []
    for seed in range(settings.repeats):
        fold = np.random.default_rng(seed).permutation(group.max() + 1)[group] % settings.folds
        predicted = np.zeros(len(y))
        for k in range(settings.folds):
            train, test = fold != k, fold == k
            if constant:
                predicted[test] = y[train].mean()
            else:
                predicted[test] = model(settings.alpha).fit(x[train], y[train]).predict(x[test])
        pearson = np.nan if constant else np.corrcoef(predicted, y)[0, 1]
        ccc = 0.0 if constant else ccc_of(predicted, y)
        rows.append([ccc, pearson, np.sqrt(((predicted - y) ** 2).mean())])
    return np.asarray(np.mean(rows, axis=0))


def model(alpha: float) -> "Ridge":
    """Standardise, then ridge regression."""
    return make_pipeline(StandardScaler(), Ridge(alpha=alpha))


def fit(x: Array, y: Array, alpha: float) -> tuple[float, Array]:
    """Fit on everything; constant and weights in the features' own units."""
    fitted = model(alpha).fit(x, y)
    scaler, ridge = fitted[0], fitted[-1]
    weights = ridge.coef_ / scaler.scale_
    return float(ridge.intercept_ - weights @ scaler.mean_), weights


@measuring
def main(settings: Settings) -> None:
    """Read, cross-validate, fit, print the README's tables and write result.json."""
    root = settings.root
    table = pd.read_csv(root / "va.csv")
    raw = np.array([features(statistics(read(root / name))) for name in table["file"]])
    lowest, highest = np.round(np.percentile(raw, [1, 99], axis=0), 3)
    x = np.clip(raw, lowest, highest)
    parts = table["file"].str.removesuffix(".mid").str.split("_")
    game = parts.str[2]
    # "Overworld" and "Overworld 2" are near copies of one piece.
    title = game + "/" + parts.str[3:].str.join("_").map(lambda t: re.sub(r"\s*\d+$", "", t))
    groupings: dict[str, Callable[[], Array]] = {
        "game and title": lambda: pd.factorize(title)[0],
        "game": lambda: pd.factorize(game)[0],
    }
    held: dict[str, dict[str, list[float]]] = {}
    print("| grouped by | axis | predictor | CCC | Pearson | RMSE |\n|---|---|---|---|---|---|")
    for name, grouping in groupings.items():
        for axis in ("valence", "arousal"):
            for constant in (False, True):
                row = held_out(x, table[axis].to_numpy(), grouping(), settings, constant)
                predictor = "constant" if constant else "formula"
                held.setdefault(name, {})[f"{axis} {predictor}"] = np.round(row, 4).tolist()
                shown = " | ".join("-" if np.isnan(v) else f"{v:.3f}" for v in row)
                print(f"| {name} | {axis} | {predictor} | {shown} |")
    fitted = [fit(x, table[axis].to_numpy(), settings.alpha) for axis in ("valence", "arousal")]
    result = {
        "pieces": len(table),
        "features": FEATURES,
        "constant": np.round([c for c, _ in fitted], 4).tolist(),
        "weights": np.round([w for _, w in fitted], 4).tolist(),
        "lowest": lowest.tolist(),
        "highest": highest.tolist(),
        "standardised": np.round([w * x.std(axis=0) for _, w in fitted], 4).tolist(),
        "held_out": {"columns": ["CCC", "Pearson", "RMSE"], **held},
    }
    text = json.dumps(result, indent=1).replace("NaN", "null")
    text = re.sub(r"\[\s+([^\[\]]*?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text)
    (Path(__file__).parent / "result.json").write_text(text + "\n", encoding="utf-8")
    print(text)
    same = all(
        np.array_equal(result[name], code)
        for name, code in (
            ("constant", CONSTANT), ("weights", WEIGHTS), ("lowest", LOWEST), ("highest", HIGHEST)
        )
    )  # fmt: skip
    print(
        "mood2music/judge/mood.py", "has these coefficients" if same else "HAS OTHER coefficients"
    )


if __name__ == "__main__":
    main()
