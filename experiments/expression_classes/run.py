"""The paper's figure 1 anew: the ten-layer CNN tells expressions, over epochs and three seeds.

    python -m experiments.expression_classes.run FACES RUNS [--epochs 8] [--network cnn10]

FACES: folder of the zips, or AffectNet's (experiments/face_data.py); RUNS: where run folders go.
What is trained already is not trained again. Writes NETWORK_result.csv and NETWORK_curves.png
beside this file, or into --out.
"""

import argparse
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from experiments import face_data
from experiments.training_runs import BEST, Run, train
from mood2music.face.measure import measure_expressions
from mood2music.face.reading.predictor import open_predictor

HERE = Path(__file__).parent
SEEDS = (0, 1, 2)
# Chen, Chen and Ma: eight classes of AffectNet, a validation part of their own.
PAPER = {"predictor": "the paper's ten layers", "root": "AffectNet", "accuracy": 0.5138}
# Eight epochs are too few to overfit in: the ten layers learn more with less to hold them back.
NETWORKS = {
    "cnn10": ("model=cnn10", "optimizer.lr=3e-3", "model.dropout=0.1", "model.augment.blur=0"),
    "alexnet": ("model=alexnet", "optimizer.lr=3e-4"),
}
COMMON = (
    "model.label_smoothing=0.1",
    "model.heads=joint",
    "model.target=expression",
    *face_data.TRAINING,
)
TRAINING, HELD_OUT = "#0072b2", "#d55e00"  # Okabe & Ito 2008: safe for all eyes


def main() -> None:
    """Train what is not trained yet, measure it, draw its epochs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--network", choices=NETWORKS, default="cnn10")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("overrides", nargs="*", help="more of mood2music.train, for every run")
    asked = parser.parse_intermixed_args()
    data = face_data.overrides(asked.faces)
    # The split that is measured is the one that was trained on.
    data += tuple(o for o in asked.overrides if o.startswith("data."))
    more = (f"trainer.epochs={asked.epochs}", *asked.overrides)
    own = NETWORKS[asked.network]
    runs = [
        Run(f"{asked.network}_seed{seed}", (*own, *data, *COMMON, *more, f"seed={seed}"))
        for seed in asked.seeds
    ]
    folders = [train(run, asked.runs) for run in runs]
    rows = [
        {"seed": seed, **row}
        for seed, folder in zip(asked.seeds, folders, strict=True)
        for row in measured(folder, data, seed)
    ]
    table = summarised(pd.DataFrame(rows))
    table.round(4).to_csv(asked.out / f"{asked.network}_result.csv", index=False)
    print(table.round(3).to_string(index=False))
    out = asked.out / f"{asked.network}_curves.png"
    draw([epochs(folder) for folder in folders], out)
    print(out)


def measured(folder: Path, data: tuple[str, ...], seed: int) -> list[dict[str, float | str]]:
    """Accuracy and F1 of a run's best epoch on the test part of its own split."""
    faces = face_data.load(data, seed)
    predictor = open_predictor(folder / BEST)
    return measure_expressions([predictor], faces.table, faces.parts.train, faces.parts.test)


def summarised(rows: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation over seeds by root and predictor, and the paper's line."""
    grouped = rows.groupby(["root", "predictor"], sort=False)
    figures = grouped[["accuracy", "macro_f1"]]
    table = pd.concat([figures.mean(), figures.std().add_suffix("_std")], axis=1)
    table.insert(0, "pictures", grouped["pictures"].mean().round().astype(int))
    table.insert(1, "seeds", grouped.size())
    return pd.concat([table.reset_index(), pd.DataFrame([PAPER])], ignore_index=True)


def epochs(folder: Path) -> pd.DataFrame:
    """Read a run's logs: by epoch from 1, loss and accuracy in training and held out.

    A run that was broken off and went on has a log for each of its parts.
    """
    columns = ["train/epoch_loss", "val/loss", "train/epoch_accuracy", "val/accuracy"]
    logs = pd.concat([pd.read_csv(log) for log in folder.glob("log*/metrics.csv")])
    # Behind the last epoch stands a row of the test part.
    table = logs.groupby("epoch")[columns].first().dropna(subset=["val/loss"])
    table.index += 1
    return table


def draw(logs: list[pd.DataFrame], out: Path) -> None:
    """Draw loss and accuracy, each seed thin, their mean thick."""
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for panel, name, label in zip(
        panels, ("loss", "accuracy"), ("cross-entropy (nats)", "accuracy"), strict=True
    ):
        lines(panel, [log[f"train/epoch_{name}"] for log in logs], TRAINING, "training, varied")
        lines(panel, [log[f"val/{name}"] for log in logs], HELD_OUT, "held out")
        panel.set_xlabel("epoch")
        panel.set_ylabel(label)
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(axis="y", alpha=0.3)
    panels[0].legend(frameon=False, fontsize=9)
    figure.savefig(out, dpi=120)
    plt.close(figure)


def lines(panel: Axes, curves: list["pd.Series[float]"], colour: str, label: str) -> None:
    """Draw every seed's curve thin and their mean, where all have one, thick."""
    for curve in curves:
        panel.plot(curve.index, curve, color=colour, lw=0.8, alpha=0.5)
    mean = pd.concat(curves, axis=1).dropna().mean(axis=1)
    panel.plot(mean.index, mean, color=colour, lw=2, label=label)


if __name__ == "__main__":
    main()
