"""What helps a face network: one thing changed at a time, all having seen as many pictures.

    python -m experiments.face_comparisons.run FACES RUNS [--only NAME ...]

FACES: folder of the zips, or AffectNet's (experiments/face_data.py); RUNS: where run folders go.
What is trained already is not trained again. Writes result.csv beside this file, or into --out.
The val part is there to choose by; the test part's figures stand beside it.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

import pandas as pd
import torch

from experiments import face_data
from experiments.training_runs import BEST, Run, train
from mood2music.face.measure import Row, measure_axes
from mood2music.face.reading.predictor import open_predictor
from mood2music.learn import checkpoint

HERE = Path(__file__).parent
STEPS, EPOCHS = 107, 5  # batches of 64: 34,240 pictures, 1.2 passes over the data
COMMON = (
    "model.heads=joint",
    *face_data.TRAINING,
    f"trainer.epochs={EPOCHS}",
    f"trainer.limit_train_batches={STEPS}",
    "seed=0",
)
CNN10 = ("model=cnn10", "optimizer.lr=3e-3", "model.dropout=0.1", "model.augment.blur=0")
ALEXNET = ("model=alexnet", "optimizer.lr=3e-4")


@dataclass(frozen=True)
class Variant:
    """A network and what is changed about it; question: what it is compared for."""

    name: str
    question: str
    overrides: tuple[str, ...]


def still(**kept: float) -> str:
    """An augmentation of nothing but what is `kept`."""
    told = dict.fromkeys(AUGMENTATIONS, 0.0) | kept
    return "model.augment={" + ", ".join(f"{k}: {v}" for k, v in told.items()) + "}"


AUGMENTATIONS = (
    "flip", "shift", "scale", "rotation", "brightness", "contrast", "blur", "erase",
)  # fmt: skip
VARIANTS = (
    Variant("cnn10", "base", CNN10),
    Variant("cnn10_separate", "heads", (*CNN10, "model.heads=separate")),
    Variant("cnn10_ccc", "loss", (*CNN10, "model.loss=ccc")),
    Variant("cnn10_mse_and_ccc", "loss", (*CNN10, "model.loss=both")),
    Variant("cnn10_expressions_too", "target", (*CNN10, "model.target=both")),
    Variant("cnn10_still", "augmentation", (*CNN10, still())),
    Variant("alexnet", "weights", ALEXNET),
    Variant("alexnet_frozen", "weights", (*ALEXNET, "model.freeze=true")),
    Variant("alexnet_scratch", "weights", (*ALEXNET, "model.pretrained=false")),
    Variant(
        "resnet10t_scratch", "backbone", ("model=timm", "model.name=resnet10t", "optimizer.lr=1e-3",
        "model.input_size=64"),
    ),
    Variant("cnn10_crop", "augmentation", (*CNN10, still(shift=0.08, scale=0.12))),
    Variant("cnn10_light", "augmentation", (*CNN10, still(brightness=0.15, contrast=0.25))),
    Variant("cnn10_flip", "augmentation", (*CNN10, still(flip=0.5))),
    Variant("cnn10_rotation", "augmentation", (*CNN10, still(rotation=12.0))),
    Variant("cnn10_blur", "augmentation", (*CNN10, still(blur=0.5))),
    Variant("cnn10_erase_too", "augmentation", (*CNN10, "model.augment.erase=0.3")),
    Variant(
        "mobilenetv3_small_050_scratch", "backbone", ("model=timm",
        "model.name=mobilenetv3_small_050", "optimizer.lr=2e-3", "model.input_size=96"),
    ),
)  # fmt: skip


def main() -> None:
    """Train what is not trained yet and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("--only", nargs="+", choices=[v.name for v in VARIANTS])
    parser.add_argument("--out", type=Path, default=HERE)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    data = face_data.overrides(asked.faces)
    rows = []
    for variant in VARIANTS:
        if asked.only and variant.name not in asked.only:
            continue
        folder = train(Run(variant.name, (*overrides(variant), *data)), asked.runs)
        for row in measured(folder / BEST, data):
            rows.append({"question": variant.question, "network": variant.name, **row})
    table = pd.DataFrame(rows)
    table.round(4).to_csv(asked.out / "result.csv", index=False)
    print(table.round(3).to_string(index=False))


def overrides(variant: Variant) -> tuple[str, ...]:
    """All that a variant is trained with but the data: its own before what all have."""
    own = {given.split("=")[0] for given in variant.overrides}
    common = [given for given in COMMON if given.split("=")[0] not in own]
    return (*variant.overrides, *common)


def measured(best: Path, data: tuple[str, ...]) -> list[Row]:
    """A run's best epoch on the val and the test part, root by root; a row an axis."""
    faces = face_data.load(data, seed=0)
    predictor = open_predictor(best)
    weights = sum(t.numel() for t in checkpoint.load(best)[0].values())
    images = faces.table.images[faces.parts.val[:256]].astype("float32") / 255
    times = []
    for _ in range(4):  # the first warms up
        started = process_time()
        predictor(images)
        times.append(1000 * (process_time() - started) / len(images))
    speed = {"weights": weights, "ms_a_face": median(times[1:])}
    return [
        {"part": part, **row, **speed}
        for part in ("val", "test")
        for row in measure_axes(
            [predictor], faces.table, faces.parts.train, getattr(faces.parts, part)
        )
        if row["predictor"] == "network"
    ]


if __name__ == "__main__":
    main()
