"""Fits the judge of styles to folders of jazz, classical and pop, and says how often it is right.

    python -m experiments.style_judge.fit music=FOLDER

Writes the weights beside mood2music/judge/style_judge.py, and result.csv beside this file.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from experiments.measuring import measuring
from mood2music.errors import MusicFileError
from mood2music.judge.quadrants import softmax
from mood2music.judge.style_cues import STYLE_CUES, style_cues
from mood2music.judge.style_judge import READINGS, STYLES, WEIGHTS, passages, probabilities
from mood2music.music.read import SUFFIXES, read

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass
class Settings:
    """As fit.yaml says."""

    music: Path
    sets: dict[str, Any]
    elsewhere: dict[str, Any]
    pieces: int
    strength: float
    folds: int


@dataclass
class Data:
    """Passages: cues (n, cues), style (n,) in the order of STYLES, set's name and piece (n,)."""

    cues: Array
    style: Ints
    group: NDArray[np.str_]
    piece: Ints

    def only(self, here: NDArray[np.bool_]) -> "Data":
        """Keep these passages."""
        return Data(self.cues[here], self.style[here], self.group[here], self.piece[here])


def load(settings: Settings, sets: dict[str, Any]) -> Data:
    """Read every set; files that cannot be read are counted in what is printed."""
    rows: list[tuple[Array, int, str, int]] = []
    piece = 0
    for style, folders in sets.items():
        for folder in folders:
            root = settings.music / folder
            files = sorted(p for p in root.rglob("*") if p.suffix.lower() in SUFFIXES)
            order = np.random.default_rng(0).permutation(len(files))[: settings.pieces]
            unread = 0
            for path in (files[i] for i in order):
                try:
                    notes = read(path)
                except MusicFileError:
                    unread += 1
                    continue
                piece += 1
                for passage in passages(notes):
                    rows.append((style_cues(passage), STYLES.index(style), folder, piece))
            print(f"{folder}: {len(order)} files, {unread} unread", flush=True)
    cues, styles, groups, pieces = zip(*rows, strict=True)
    return Data(np.array(cues), np.array(styles), np.array(groups), np.array(pieces))


def fit(data: Data, strength: float) -> dict[str, Array]:
    """Fit the weights of `probabilities`: styles weigh alike, and in a style small sets more."""
    weight = np.zeros(len(data.style))
    for style in range(len(STYLES)):
        own = data.style == style
        for group in np.unique(data.group[own]):
            here = data.group == group
            weight[here] = here.sum() ** -0.5
        weight[own] /= weight[own].sum()
    weight *= len(weight) / len(STYLES)
    found = {}
    for reading, names in READINGS.items():
        x = data.cues[:, [STYLE_CUES.index(name) for name in names]]
        lowest, highest = np.percentile(x, [0.5, 99.5], axis=0)
        x = np.clip(x, lowest, highest)
        mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
        model = LogisticRegression(C=strength, max_iter=3000)
        model.fit((x - mean) / scale, data.style, sample_weight=weight)
        found |= {
            f"{reading}.lowest": lowest, f"{reading}.highest": highest,
            f"{reading}.mean": mean, f"{reading}.scale": scale,
            f"{reading}.weights": model.coef_, f"{reading}.bias": model.intercept_,
        }  # fmt: skip
    return found


def sharpened(weights: dict[str, Array], by: dict[str, float]) -> dict[str, Array]:
    """Multiply the logits of each reading by a number of its own (temperature: Guo et al. 2017)."""
    return {
        name: value * by[name.partition(".")[0]] if name.endswith(("weights", "bias")) else value
        for name, value in weights.items()
    }


def sharpness(p: Array, style: Ints) -> float:
    """Find the number that makes held-out probabilities most likely, styles weighing alike."""
    logits = np.log(np.maximum(p, 1e-12))

    def loss(by: float) -> float:
        own = np.log(softmax(by * logits)[np.arange(len(p)), style])
        return -float(np.mean([own[style == k].mean() for k in range(len(STYLES))]))

    return float(min(np.arange(0.5, 3.01, 0.05), key=loss))


def calibration_error(p: Array, style: Ints, bins: int = 10) -> float:
    """Expected calibration error of all probabilities (Guo et al. 2017, by class)."""
    said, true = p.ravel(), (style[:, None] == np.arange(p.shape[1])).ravel()
    place = np.minimum((said * bins).astype(int), bins - 1)
    error = 0.0
    for k in range(bins):
        here = place == k
        if here.any():
            error += here.mean() * abs(said[here].mean() - true[here].mean())
    return error


@measuring
def main(settings: Settings) -> None:
    """Cross-validate, judge sets left out and elsewhere, fit on everything, write the weights."""
    data = load(settings, settings.sets)
    fold = np.random.default_rng(0).permutation(data.piece.max() + 1)[data.piece] % settings.folds
    held = {reading: np.zeros((len(fold), len(STYLES))) for reading in READINGS}
    for k in range(settings.folds):
        weights = fit(data.only(fold != k), settings.strength)
        for reading, p in held.items():
            p[fold == k] = probabilities(data.cues[fold == k], reading, weights)
    by = {reading: sharpness(p, data.style) for reading, p in held.items()}
    held = {reading: softmax(by[reading] * np.log(p)) for reading, p in held.items()}
    rows: list[dict[str, Any]] = []

    def tell(kind: str, of: str, style: int, p: dict[str, Array]) -> None:
        row: dict[str, Any] = {"kind": kind, "of": of, "passages": len(p["all"])}
        for reading, own in p.items():
            row[f"right_{reading}"] = float((own.argmax(axis=1) == style).mean())
            row[f"probability_{reading}"] = float(own[:, style].mean())
        rows.append(row)

    for style, name in enumerate(STYLES):
        here = data.style == style
        tell("held-out pieces", name, style, {r: p[here] for r, p in held.items()})
    for group in np.unique(data.group):
        here = data.group == group
        if (data.style == data.style[here][0]).sum() == here.sum():
            continue  # the only set of its style
        weights = sharpened(fit(data.only(~here), settings.strength), by)
        own = {r: probabilities(data.cues[here], r, weights) for r in READINGS}
        tell("set left out", str(group), int(data.style[here][0]), own)
    weights = sharpened(fit(data, settings.strength), by)
    there = {
        style: [folder for folder in folders if (settings.music / folder).is_dir()]
        for style, folders in settings.elsewhere.items()
    }
    if any(there.values()):
        other = load(settings, there)
        for group in np.unique(other.group):
            here = other.group == group
            own = {r: probabilities(other.cues[here], r, weights) for r in READINGS}
            tell("other data", str(group), int(other.style[here][0]), own)
    table = pd.DataFrame(rows).round(3)
    table.to_csv(Path(__file__).parent / "result.csv", index=False)
    print(table.to_string(index=False))
    for reading, p in held.items():
        error = calibration_error(p, data.style)
        print(f"{reading}: calibration error {error:.3f}, logits times {by[reading]:.2f}")
    from safetensors.numpy import save_file

    save_file(
        {name: np.ascontiguousarray(value, np.float32) for name, value in weights.items()}, WEIGHTS
    )
    print(WEIGHTS)


if __name__ == "__main__":
    main()
