"""The paper's figure 2 anew: RMSE and correlation of valence and arousal, ten layers and AlexNet.

    python -m experiments.valence_arousal.run FACES RUNS [--heads joint]

FACES: folder of the zips, or AffectNet's (experiments/face_data.py); RUNS: where run folders go.
What is trained already is not trained again. heads: joint (one network, an output an axis), or
separate (one an axis, as in the paper, at twice the time). Writes result.csv and figure.png beside
this file, or into --out.
"""

import argparse
from pathlib import Path

import pandas as pd

from experiments import face_data
from experiments.training_runs import BEST, Run, train
from experiments.valence_arousal.figure import draw
from mood2music.face.measure import measure_axes
from mood2music.face.reading.predictor import open_predictor

HERE = Path(__file__).parent
SEEDS = (0, 1, 2)
FIGURES = ["rmse", "pearson", "ccc", "sagr"]
NETWORKS = {
    "cnn10": (
        "model=cnn10", "optimizer.lr=3e-3", "trainer.epochs=4", "model.dropout=0.1",
        "model.augment.blur=0",
    ),
    "alexnet": ("model=alexnet", "optimizer.lr=3e-4", "trainer.epochs=2"),
}  # fmt: skip
# Chen, Chen and Ma, figure 2, on a validation part of their own of AffectNet. They report no CCC
# or SAGR.
PAPER = pd.DataFrame(
    [
        ("AffectNet", "valence", "the paper's ten layers", 0.572, 0.417),
        ("AffectNet", "valence", "the paper's AlexNet", 0.413, 0.588),
        ("AffectNet", "arousal", "the paper's ten layers", 0.543, 0.436),
        ("AffectNet", "arousal", "the paper's AlexNet", 0.422, 0.572),
    ],
    columns=["root", "axis", "predictor", "rmse", "pearson"],
)
COMMON = (
    "model.target=valence_arousal",
    "model.loss=mse",
    *face_data.TRAINING,
)


def main() -> None:
    """Train what is not trained yet, measure it, draw the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--heads", choices=("joint", "separate"), default="joint")
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("overrides", nargs="*", help="more of mood2music.train, for every run")
    asked = parser.parse_intermixed_args()
    data = face_data.overrides(asked.faces)
    # The split that is measured is the one that was trained on.
    data += tuple(o for o in asked.overrides if o.startswith("data."))
    more = (*data, *COMMON, f"model.heads={asked.heads}")
    rows = []
    for seed in asked.seeds:
        for network in asked.networks:
            overrides = (*NETWORKS[network], *more, *asked.overrides, f"seed={seed}")
            folder = train(Run(f"{network}_{asked.heads}_seed{seed}", overrides), asked.runs)
            rows += [{"seed": seed, **row} for row in measured(folder, network, data, seed)]
    table = summarised(pd.DataFrame(rows))
    table.round(4).to_csv(asked.out / "result.csv", index=False)
    print(table.round(3).to_string(index=False))
    draw(table, asked.out / "figure.png")
    print(asked.out / "figure.png")


def measured(
    folder: Path, network: str, data: tuple[str, ...], seed: int
) -> list[dict[str, float | str]]:
    """A run's best epoch, and the constant, on the test part of its own split."""
    faces = face_data.load(data, seed)
    predictor = open_predictor(folder / BEST)
    rows = measure_axes([predictor], faces.table, faces.parts.train, faces.parts.test)
    return [
        {**row, "predictor": network if row["predictor"] == "network" else "constant"}
        for row in rows
    ]


def summarised(rows: pd.DataFrame) -> pd.DataFrame:
    """Mean and deviation over seeds by root, axis and predictor, then the paper's lines."""
    keys = ["root", "axis", "predictor", "seed"]
    # The constant was measured beside each network: once is enough.
    grouped = rows.drop_duplicates(keys).groupby(keys[:-1])
    figures = grouped[FIGURES]
    table = pd.concat([figures.mean(), figures.std().add_suffix("_std")], axis=1)
    table.insert(0, "pictures", grouped["pictures"].mean().round().astype(int))
    table.insert(1, "seeds", grouped.size())
    table = table.reset_index().sort_values(
        ["root", "axis"], ascending=[False, False], kind="stable"
    )
    return pd.concat([table, PAPER], ignore_index=True)


if __name__ == "__main__":
    main()
