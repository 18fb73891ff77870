"""Fits the judge of four quadrants to EMOPIA, and says how often it is right on songs it never saw.

    python -m experiments.quadrants.fit root=FOLDER out=quadrants.safetensors

FOLDER holds labels.csv (path, quadrant 1 to 4, song, split) and the MIDI files it names. Writes the
judge's file, and result.csv beside this one.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from experiments.measuring import measuring
from mood2music.command.ranges import one_of
from mood2music.judge.cues import CUES, cues
from mood2music.judge.quadrants import HEARD, QuadrantJudge, softmax
from mood2music.music.read import read

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

# Inverse strengths of the penalty, of which the songs held out within the training part choose.
STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0)
INNER = 5


@dataclass
class Settings:
    """As fit.yaml says."""

    root: Path
    out: Path
    reading: str
    folds: int
    repeats: int
    draws: int


def fit(x: Array, y: Ints, song: Ints, reading: str) -> QuadrantJudge:
    """Fit cues (n, cues) to quadrants (n,), 0 to 3; the penalty by log loss on held-out songs."""
    fold = folds_of(song, INNER, 0)
    loss = []
    for strength in STRENGTHS:
        held = 0.0
        for k in range(INNER):
            judge = _fit(x[fold != k], y[fold != k], strength, reading)
            p = softmax(judge.logits(x[fold == k]))
            held -= np.log(p[np.arange(len(p)), y[fold == k]]).sum()
        loss.append(held)
    return _fit(x, y, STRENGTHS[int(np.argmin(loss))], reading)


def _fit(x: Array, y: Ints, strength: float, reading: str) -> QuadrantJudge:
    heard = np.array([CUES.index(name) for name in HEARD[reading]])
    own = x[:, heard]
    lowest, highest = np.percentile(own, [0.5, 99.5], axis=0)
    own = np.clip(own, lowest, highest)
    mean, scale = own.mean(axis=0), own.std(axis=0)
    model = LogisticRegression(C=strength, max_iter=2000).fit((own - mean) / scale, y)
    weights = {
        "heard": heard, "mean": mean, "scale": scale, "lowest": lowest, "highest": highest,
        "weights": model.coef_, "bias": model.intercept_,
    }  # fmt: skip
    return QuadrantJudge({name: np.asarray(value, float) for name, value in weights.items()})


def folds_of(song: Ints, count: int, seed: int) -> Ints:
    """Deal whole songs into folds."""
    present = np.unique(song)
    order = np.random.default_rng(seed).permutation(len(present)) % count
    return np.asarray(order[np.searchsorted(present, song)])


def right(p: Array, y: Ints) -> Array:
    """Whether the quadrant, the sign of valence and that of arousal are right, (n, 3)."""
    pleasant, excited = p[:, 0] + p[:, 3], p[:, 0] + p[:, 1]
    return np.column_stack(
        [
            p.argmax(axis=1) == y,
            (pleasant > 0.5) == np.isin(y, (0, 3)),
            (excited > 0.5) == np.isin(y, (0, 1)),
        ]
    ).astype(float)


def interval(hits: Array, song: Ints, draws: int) -> Array:
    """2.5th and 97.5th percentile of each column's mean, songs drawn with replacement."""
    names, place = np.unique(song, return_inverse=True)
    size = np.bincount(place)
    sums = np.column_stack([np.bincount(place, column) for column in hits.T])
    drawn = np.random.default_rng(0).multinomial(
        len(names), np.full(len(names), 1 / len(names)), draws
    )
    return np.asarray(np.percentile(drawn @ sums / (drawn @ size)[:, None], [2.5, 97.5], axis=0))


@measuring
def main(settings: Settings) -> None:
    """Cross-validate by song, test on the official validation songs, fit and write the file."""
    one_of(settings, "", reading=tuple(HEARD))
    table = pd.read_csv(settings.root / "labels.csv")
    x = np.array([cues(read(settings.root / name)) for name in table["path"]])
    y = table["quadrant"].to_numpy() - 1
    song = pd.factorize(table["song"])[0]
    official = (table["split"] == "val").to_numpy()
    rows = []
    for reading in HEARD:
        hits = []
        for seed in range(settings.repeats):
            fold, p = folds_of(song, settings.folds, seed), np.zeros((len(y), 4))
            for k in range(settings.folds):
                here = fold == k
                judge = fit(x[~here], y[~here], song[~here], reading)
                p[here] = softmax(judge.logits(x[here]))
            hits.append(right(p, y))
        test = fit(x[~official], y[~official], song[~official], reading)
        seen = right(softmax(test.logits(x[official])), y[official])
        for part, found, ends in (
            ("by song", np.mean(hits, axis=(0, 1)), interval(hits[0], song, settings.draws)),
            (
                "official validation",
                seen.mean(axis=0),
                interval(seen, song[official], settings.draws),
            ),
        ):
            for i, what in enumerate(("quadrant", "valence", "arousal")):
                rows.append([reading, part, what, found[i], ends[0, i], ends[1, i]])
    shown = pd.DataFrame(rows, columns=["reading", "part", "right", "share", "low", "high"]).round(
        3
    )
    shown.to_csv(Path(__file__).parent / "result.csv", index=False)
    print(shown.to_string(index=False))
    from safetensors.numpy import save_file

    judge = fit(x, y, song, settings.reading)
    settings.out.parent.mkdir(parents=True, exist_ok=True)
    told = {"made_from": "EMOPIA (Hung et al. 2021)", "licence": "CC BY-NC-SA 4.0"}
    save_file(
        {n: np.ascontiguousarray(v, np.float32) for n, v in judge.weights.items()},
        settings.out,
        told,
    )
    print(settings.out)


if __name__ == "__main__":
    main()
