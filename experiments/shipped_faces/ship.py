"""A face network's run folder to the shipped weights: measured, copied, with its model card.

    python -m experiments.shipped_faces.ship faces=FOLDER run=FOLDER

run: the second stage's folder. Writes result.csv beside this file, and face_mood.safetensors with
its card into mood2music/pretrained.
"""

import datetime
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.fer import read_faces
from experiments.measuring import measuring
from mood2music.face.dataset.data import FaceData
from mood2music.face.measure import measure_axes, measure_expressions
from mood2music.face.reading.predictor import Predictor, open_predictor
from mood2music.files import PRETRAINED, atomically
from mood2music.learn import checkpoint

HERE = Path(__file__).parent
FIGURES = ("rmse", "pearson", "ccc", "sagr", "accuracy", "macro_f1")

CARD = """# face_mood.safetensors

AlexNet that reads valence and arousal in [-1, 1], and the probabilities of AffectNet's eight
expressions, from a 49 x 49 grey face (resized to {size} x {size} inside): one network, ten outputs,
{weights:.1f} million weights, half precision, {megabytes:.1f} MB.

- **Data**: FER2013 (28,320 photos of its training zip, 48 x 48 grey, seven classes; challenge
  data set of ICML 2013, no licence stated, research use) and DiffusionFER (1,093 synthetic
  faces with their own valence and arousal, CC0 by its card). FER2013 has no valence and
  arousal: each photo has its class's mean over AffectNet's 3,999 published validation
  annotations (`mood2music/face/labels.py`).
- **Licence of the weights**: research use, as FER2013's. Made from imagenet_alexnet.safetensors
  (BSD-3-Clause).
- **Split**, by picture, dealt by hash with seed {seed}: {train:,} to train on, {val:,} to
  choose the epoch by, {test:,} to test on (FER2013's validation zip and 18 % of DiffusionFER).
  {duplicates} pictures whose 49 x 49 pixels stand in an earlier part were taken out. Nothing
  was chosen on the test part.
- **Settings** of the last of two stages: {optimizer}, one cosine, lr {lr:g}; {losses};
  DiffusionFER seen three times an epoch; augmentation: {augment}. Best epoch: {epoch}. It began
  with ImageNet's convolutions, grey kernels summed (`experiments/shipped_faces/README.md`).
- **Command**: `python -m mood2music.train experiment=shipped/face`, {date}.

Held-out figures (mean of the face and its mirror image, `experiments/shipped_faces/ship.py`);
"constant" says the training part's mean, or its commonest expression:

{table}

**What to keep in mind.** On FER2013 valence and arousal say how well the network tells seven
noisy classes apart along an axis, not how well it follows ratings of single faces. DiffusionFER
is synthetic, and many of its faces are rated exactly 0, which SAGR counts as a sign of its own.
Nothing was measured by age, skin or sex; both sets are unbalanced. What a face shows is not
what a person feels: do not decide anything about anyone with it.
"""


@dataclass
class Settings:
    """faces: folder of the zips; run: of the last stage; ship: false to measure alone."""

    faces: Path
    run: Path
    ship: bool


@measuring
def main(asked: Settings) -> None:
    """Measure, and unless told to stop there, copy the weights and write their card."""
    best = asked.run / "best.safetensors"
    seed = checkpoint.read_header(best, "face")["split"]["seed"]
    faces = read_faces(asked.faces, seed)
    table = measured(open_predictor(best), faces)
    print(table.round(4).to_string(index=False))
    if not asked.ship:
        return
    table.round(4).to_csv(HERE / "result.csv", index=False)
    shipped = PRETRAINED / "face_mood.safetensors"
    with atomically(shipped) as unfinished:
        shutil.copyfile(best, unfinished)
    shipped.with_suffix(".md").write_text(card(shipped, table))
    print(shipped)


def measured(predictor: Predictor, faces: FaceData) -> pd.DataFrame:
    """A row a root, predictor and target: valence, arousal, expression."""
    parts = faces.parts
    axes = measure_axes([predictor], faces.table, parts.train, parts.test)
    told = measure_expressions([predictor], faces.table, parts.train, parts.test)
    rows = [{"target": row.pop("axis"), **row} for row in axes]
    rows += [{"target": "expression", **row} for row in told]
    table = pd.DataFrame(rows, columns=["root", "pictures", "target", "predictor", *FIGURES])
    return table.sort_values(["root", "target"], ascending=False, kind="stable")


def card(path: Path, table: pd.DataFrame) -> str:
    """Fill the card from the file's own header."""
    state, header = checkpoint.load(path, "face")
    settings, split = header["settings"], header["split"]
    moved = [f"{name} {bound:g}" for name, bound in settings["augment"].items() if bound]
    return CARD.format(
        size=settings["input_size"],
        weights=sum(t.numel() for t in state.values()) / 1e6,
        megabytes=path.stat().st_size / 1e6,
        losses=losses(settings),
        optimizer=header["optimizer"]["name"],
        lr=header["optimizer"]["lr"],
        augment=", ".join(moved),
        epoch=int(header["metrics"]["epoch"]) + 1,
        date=datetime.date.today().isoformat(),
        table=as_markdown(table),
        **split,
    )


def losses(settings: dict[str, Any]) -> str:
    """The losses that a network's settings name, in words."""
    axes = {"mse": "mean squared error", "ccc": "1 - CCC", "both": "mean squared error + 1 - CCC"}
    parts = []
    if settings["target"] != "valence_arousal":
        smoothed = settings["label_smoothing"]
        parts.append(f"cross-entropy of the expressions (labels smoothed by {smoothed:g})")
    if settings["target"] != "expression":
        parts.append(f"{axes[settings['loss']]} of the axes")
    return " + ".join(parts)


def as_markdown(table: pd.DataFrame) -> str:
    """The table with three places, empty where a figure does not apply."""
    lines = ["| " + " | ".join(table.columns) + " |", "|---" * len(table.columns) + "|"]
    for row in table.to_dict("records"):
        cells = [
            "" if pd.isna(cell) else f"{cell:.3f}" if isinstance(cell, float) else str(cell)
            for cell in row.values()
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
