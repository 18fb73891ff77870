"""Fits the judge of moods to VGMIDI's ratings, and says how well it hears pieces it never saw.

    python -m experiments.mood_judge.fit root=FOLDER

FOLDER holds va.csv (columns file, valence, arousal) and the MIDI files it names. Writes the weights
beside mood2music/judge/rated_mood.py and result.csv beside this file.
"""

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from experiments.measuring import measuring
from mood2music.face.metrics import ccc
from mood2music.judge.cues import cues
from mood2music.judge.mood import features
from mood2music.judge.rated_mood import WEIGHTS, moods_of, windows
from mood2music.judge.statistics import statistics
from mood2music.music.read import read

Array = NDArray[np.float64]

# Variance of the radial part, of each linear weight, of the ratings' noise, and the width: of these
# the evidence (marginal likelihood of the training pieces) chooses, for each axis.
GRID = list(
    itertools.product((0.03, 0.1, 0.3), (0.0003, 0.001, 0.003), (0.02, 0.04, 0.08),
                      (1 / 96, 1 / 48, 1 / 24))
)  # fmt: skip
INNER = 5  # folds that tell how far predictions have to be stretched


@dataclass
class Settings:
    """As fit.yaml says."""

    root: Path
    folds: int
    repeats: int
    centres: int
    draws: int


@dataclass
class Data:
    """pieces: their cues (n, c); windows: theirs (w, c), owner: of which piece; y: (n, 2)."""

    pieces: Array
    windows: Array
    owner: NDArray[np.int64]
    y: Array
    game: NDArray[np.int64]

    def only(self, here: NDArray[np.bool_]) -> "Data":
        """Keep these pieces."""
        kept = here[self.owner]
        return Data(
            self.pieces[here],
            self.windows[kept],
            (np.cumsum(here) - 1)[self.owner[kept]],
            self.y[here],
            self.game[here],
        )


def load(root: Path) -> tuple[Data, Array]:
    """Read all pieces; the formula's features (n, 6) beside."""
    table = pd.read_csv(root / "va.csv")
    notes = [read(root / name) for name in table["file"]]
    cut = [list(windows(piece)) for piece in notes]
    game = table["file"].str.split("_").str[2]
    data = Data(
        np.array([cues(piece) for piece in notes]),
        np.array([cues(window) for piece in cut for window in piece]),
        np.repeat(np.arange(len(cut)), [len(piece) for piece in cut]),
        table[["valence", "arousal"]].to_numpy(),
        pd.factorize(game)[0],
    )
    return data, np.array([features(statistics(piece)) for piece in notes])


def fit(data: Data, centres: int) -> dict[str, Array]:
    """Fit weights of `moods_of`, stretched to the ratings' spread by held-out games."""
    bare = _bare(data, centres)
    predicted = np.zeros_like(data.y)
    fold = folds_of(data.game, INNER, 0)
    for k in range(INNER):
        inner = _bare(data.only(fold != k), centres)
        predicted[fold == k] = by_piece(data.only(fold == k), inner)
    stretch = data.y.std(axis=0) / predicted.std(axis=0)
    shift = data.y.mean(axis=0) - stretch * predicted.mean(axis=0)
    return {
        **bare,
        "linear": bare["linear"] * stretch[:, None],
        "radial": bare["radial"] * stretch[:, None],
        "bias": bare["bias"] * stretch + shift,
    }


def by_piece(data: Data, weights: dict[str, Array]) -> Array:
    """Mean over each piece's windows, (n, 2)."""
    moods = moods_of(data.windows, weights)
    count = np.bincount(data.owner)
    return np.column_stack([np.bincount(data.owner, axis) / count for axis in moods.T])


def _bare(data: Data, centres: int) -> dict[str, Array]:
    lowest, highest = np.percentile(data.pieces, [1, 99], axis=0)
    clipped = np.clip(data.pieces, lowest, highest)
    mean, scale = clipped.mean(axis=0), clipped.std(axis=0)
    x = (clipped - mean) / scale
    heard = (np.clip(data.windows, lowest, highest) - mean) / scale
    places = KMeans(centres, n_init=1, random_state=0).fit(heard).cluster_centers_
    axes = [_axis(x, y - y.mean(), places) for y in data.y.T]
    return {
        "mean": mean, "scale": scale, "lowest": lowest, "highest": highest, "centres": places,
        "linear": np.array([axis[0] for axis in axes]),
        "radial": np.array([axis[1] for axis in axes]),
        "gamma": np.array([axis[2] for axis in axes]),
        "bias": data.y.mean(axis=0),
    }  # fmt: skip


def _axis(x: Array, y: Array, places: Array) -> tuple[Array, Array, float]:
    """Bayesian regression of one axis: linear and radial weights, and gamma, by the evidence.

    A Gaussian process of a linear and a radial kernel, seen through the centres (subset of
    regressors: Quinonero-Candela & Rasmussen 2005, JMLR 6).
    """
    best: tuple[float, Array, Array, float] | None = None
    for radial, linear, noise, gamma in GRID:
        inner = radial * _near(places, places, gamma) + 1e-6 * radial * np.eye(len(places))
        root = np.linalg.cholesky(inner)
        seen = np.linalg.solve(root, radial * _near(places, x, gamma)).T
        phi = np.hstack([np.sqrt(linear) * x, seen])
        a = phi.T @ phi / noise + np.eye(phi.shape[1])
        w = np.linalg.solve(a, phi.T @ y / noise)
        evidence = -0.5 * (
            len(y) * np.log(noise) + np.linalg.slogdet(a)[1] + (y @ y - y @ phi @ w) / noise
        )
        if best is None or evidence > best[0]:
            count = x.shape[1]
            back = radial * np.linalg.solve(root.T, w[count:])
            best = float(evidence), np.sqrt(linear) * w[:count], back, gamma
    assert best is not None
    return best[1:]


def _near(a: Array, b: Array, gamma: float) -> Array:
    return np.asarray(np.exp(-gamma * ((a[:, None] - b) ** 2).sum(axis=2)))


def folds_of(game: NDArray[np.int64], count: int, seed: int) -> NDArray[np.int64]:
    """Deal whole games into folds."""
    present = np.unique(game)
    order = np.random.default_rng(seed).permutation(len(present)) % count
    return np.asarray(order[np.searchsorted(present, game)])


def formula(x: Array, y: Array, fold: NDArray[np.int64]) -> Array:
    """Out-of-fold predictions of the six numbers' ridge regression, as mood_formula fits it."""
    lowest, highest = np.percentile(x, [1, 99], axis=0)
    x = np.clip(x, lowest, highest)
    found = np.zeros_like(y)
    for k in np.unique(fold):
        model = make_pipeline(StandardScaler(), Ridge(1.0)).fit(x[fold != k], y[fold != k])
        found[fold == k] = model.predict(x[fold == k])
    return found


def figures(predicted: Array, y: Array, weight: Array) -> tuple[float, float]:
    """CCC and Pearson's r of one axis, each row counted `weight` times."""
    here = np.repeat(np.arange(len(y)), weight.astype(int))
    a, b = predicted[here], y[here]
    return float(ccc(a, b)), float(np.corrcoef(a, b)[0, 1])


@measuring
def main(settings: Settings) -> None:
    """Cross-validate, print the README's table, fit on everything and write the weights."""
    data, six = load(settings.root)
    readers: dict[str, list[Array]] = {"formula": [], "judge": [], "judge, one window": []}
    for seed in range(settings.repeats):
        fold = folds_of(data.game, settings.folds, seed)
        pieces, single = np.zeros_like(data.y), np.zeros((len(data.owner), 2))
        for k in range(settings.folds):
            weights = fit(data.only(fold != k), settings.centres)
            pieces[fold == k] = by_piece(data.only(fold == k), weights)
            single[fold[data.owner] == k] = moods_of(data.windows[fold[data.owner] == k], weights)
        readers["judge"].append(pieces)
        readers["judge, one window"].append(single)
        readers["formula"].append(formula(six, data.y, fold))
    rows = []
    rng = np.random.default_rng(0)
    games = data.game.max() + 1
    drawn = rng.multinomial(games, np.full(games, 1 / games), settings.draws)
    for reader, predictions in readers.items():
        piece = data.owner if "window" in reader else np.arange(len(data.y))
        for axis, name in enumerate(("valence", "arousal")):
            y, game = data.y[piece, axis], data.game[piece]
            whole = np.ones(len(y))
            found = np.mean([figures(p[:, axis], y, whole) for p in predictions], axis=0)
            some = np.array([figures(predictions[0][:, axis], y, d[game]) for d in drawn])
            low, high = np.percentile(some, [2.5, 97.5], axis=0)
            spread = np.mean([p[:, axis].std() for p in predictions]) / y.std()
            rows.append(
                [reader, name, found[0], low[0], high[0], found[1], low[1], high[1], spread]
            )
    columns = ["reader", "axis", "CCC", "CCC_low", "CCC_high", "r", "r_low", "r_high", "spread"]
    table = pd.DataFrame(rows, columns=columns).round(3)
    table.to_csv(Path(__file__).parent / "result.csv", index=False)
    print(table.to_string(index=False))
    from safetensors.numpy import save_file

    weights = fit(data, settings.centres)
    save_file(
        {name: np.ascontiguousarray(value, np.float32) for name, value in weights.items()}, WEIGHTS
    )
    print(WEIGHTS)


if __name__ == "__main__":
    main()
