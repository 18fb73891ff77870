"""Ships a face network: calibrated, measured, written into the package with its model card.

    python -m experiments.shipped_faces.ship faces=FOLDER weights=best.safetensors

Writes result.csv beside this file, and face_mood.safetensors with its card and its graph as ONNX,
which points into it, into mood2music/pretrained.
"""

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from scipy.optimize import minimize
from scipy.special import softmax

from experiments.fer import read_faces
from experiments.measuring import measuring
from mood2music.face import metrics
from mood2music.face.dataset.data import FaceData
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.measure import measure_axes, measure_expressions
from mood2music.face.network.onnx_export import export
from mood2music.face.network.settings import AXES
from mood2music.face.reading.predictor import Predictor, open_predictor
from mood2music.files import PRETRAINED
from mood2music.learn import checkpoint

HERE = Path(__file__).parent
FIGURES = ("rmse", "pearson", "ccc", "sagr", "accuracy", "majority_accuracy", "balanced")
FIGURES += ("macro_f1", "cross_entropy", "calibration_error")

CARD = """# face_mood.safetensors

A residual network that reads valence and arousal in [-1, 1], and the probabilities of AffectNet's
eight expressions, from a {size} x {size} grey face: one network, ten outputs, {weights:.1f} million
weights, half precision, {megabytes:.1f} MB.

- **Data**: FER+ (photos of FER2013, 48 x 48 grey, challenge data set of ICML 2013; what ten people
  said of each is FER+'s, Barsoum et al. 2016) and DiffusionFER (1,093 synthetic faces with their
  own valence and arousal). Of FER+ an expression is the share of the votes, valence and arousal
  their mean over AffectNet's class means (`mood2music/face/labels.py`).
- **Licence**: FER+'s votes MIT (Microsoft); DiffusionFER CC0 by its card; the photos of FER2013
  have no stated licence, so take the weights as research use.
- **Split**, by picture, dealt by hash with seed {seed}: {train:,} to train on, {val:,} to choose
  and calibrate by, {test:,} to test on (half of the FER+ photos that were FER2013's public test
  part, and 18 % of DiffusionFER). Nothing was chosen on the test part.
{how}
{learnt}
{calibrated}

Held-out figures (mean of the face and its mirror image, `experiments/shipped_faces/ship.py`);
"constant" says the training part's mean, or how its votes are spread; cross-entropy is in nats with
the votes, whose own entropy is .51; majority_accuracy is of those photos that more than half of the
votes agree on; calibration_error: how far the probability told lies from the
share of the people who say the same:

{table}

**What to keep in mind.** Ten people who look at small grey photos are the truth here, not the
people in them; valence and arousal follow from their words by class means, not from ratings.
How halves of the voters agree says that no reading can reach a Pearson above .983 and .973 with
their means (`experiments/shipped_faces`); on web photos one of AffectNet's raters reaches a CCC of
.66 to .72 and .55 to .58 with the mean of 24 others. DiffusionFER is synthetic, and many of its
faces are rated exactly 0. Nothing was measured by age or sex; by the grey of the cheeks, in which
light and skin have a share, in `experiments/face_sense`. Both sets are unbalanced. What a face
shows is not what a person feels: do not decide anything about anyone with it.
"""
ALONE = "`python -m mood2music.train experiment=shipped/face`, epoch {epoch} was best."
DISTILLED = (
    "distilled, on the wall clock of one GPU: {teachers} first, then this network from {start}, "
    "its targets half the votes and half the teachers' mean on the same altered face, {epochs} "
    "epochs in {seconds:.0f} seconds of {device}. Faces were laid over one another in the first "
    "half of the time, and altered less and less in the second: {annealed} at the end. {note}"
    "`python -m experiments.shipped_faces.distil faces=FOLDER` makes such a network again; "
    "`python -m mood2music.train experiment=shipped/face` trains one without teachers."
)

CALIBRATED = (
    "the expressions' scores are divided by {temperature:.3f} (Guo et al. 2017), then moved "
    "(Alexandari et al. 2020): {biases}. That makes the cross-entropy with the votes of the val "
    "part least; the last layer holds it."
)


@dataclass
class Settings:
    """faces: folder of the zips; weights: of a network; ship: false to measure it as it is."""

    faces: Path
    weights: Path
    ship: bool


@measuring
def main(asked: Settings) -> None:
    """Calibrate, measure, and write the weights and their card; or measure alone."""
    seed = checkpoint.read_header(asked.weights, "face")["split"]["seed"]
    faces = read_faces(asked.faces, seed)
    shipped = asked.weights
    if asked.ship:
        shipped = PRETRAINED / "face_mood.safetensors"
        divisor, biases = calibration(open_predictor(asked.weights), faces)
        write_calibrated(asked.weights, shipped, divisor, biases)
        export(shipped, shipped.with_suffix(".onnx"), point=True)
    table = measured(open_predictor(shipped), faces)
    print(table.round(4).to_string(index=False))
    if asked.ship:
        table.round(4).to_csv(HERE / "result.csv", index=False)
        shipped.with_suffix(".md").write_text(card(shipped, table))
        print(shipped)


def calibration(predictor: Predictor, faces: FaceData) -> tuple[float, npt.NDArray[np.float64]]:
    """What expressions' scores are to be divided by, and what then added to each, (8,), mean 0.

    The least cross-entropy with the votes of the val part: temperature scaling (Guo et al. 2017)
    with biases (Alexandari, Kundaje & Shrikumar 2020). Each face's probabilities are the mean of
    its own and its mirror image's, as they are read. Faces whose votes nobody counted have no
    share in it.
    """
    table, rows = faces.table, faces.parts.val
    if table.votes is not None:
        rows = rows[_voted(table.votes[rows])]
    pictures = np.asarray(table.images[rows], dtype=np.float32) / np.float32(255)
    columns = [predictor.outputs.index(name) for name in EXPRESSIONS]
    both = [predictor(np.ascontiguousarray(p)) for p in (pictures, pictures[:, :, ::-1])]
    scores = np.stack(both)[:, :, columns].astype(np.float64)
    return fitted(scores, table.shares()[rows])


def fitted(
    scores: npt.NDArray[np.float64], shares: npt.NDArray[np.floating]
) -> tuple[float, npt.NDArray[np.float64]]:
    """Fit `calibration` to scores (views, N, classes) and the votes' shares (N, classes)."""

    def nats(given: npt.NDArray[np.float64]) -> float:
        told = softmax(scores / np.exp(given[0]) + given[1:], axis=2).mean(0)
        return metrics.cross_entropy(shares, told)

    found = minimize(nats, np.zeros(1 + scores.shape[2]), method="BFGS").x
    return float(np.exp(found[0])), found[1:] - found[1:].mean()


def _voted(votes: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Which rows more than one expression got votes of, or more than one person was asked for."""
    return votes.sum(1) > 1.0


def write_calibrated(
    source: Path, target: Path, divisor: float, biases: npt.NDArray[np.float64]
) -> None:
    """Write the checkpoint with a last layer whose expressions' scores are so divided and moved.

    biases: (8,), in the order of EXPRESSIONS; the header counts those of before in.
    """
    state, header = checkpoint.load(source, "face")
    moved = dict(zip(EXPRESSIONS, biases.tolist(), strict=True))
    outputs = header["outputs"]
    scale = torch.tensor([1.0 if name in AXES else 1.0 / divisor for name in outputs])
    added = torch.tensor([moved.get(name, 0.0) for name in outputs])
    weight, bias = (f"networks.joint.backbone.classifier.{name}" for name in ("weight", "bias"))
    state[weight] = state[weight].float() * scale[:, None]
    state[bias] = state[bias].float() * scale + added
    header = {k: v for k, v in header.items() if k not in ("format", "kind", "version")}
    before = header.get("biases", {})
    header["temperature"] = divisor * header.get("temperature", 1.0)
    header["biases"] = {n: before.get(n, 0.0) / divisor + added for n, added in moved.items()}
    checkpoint.save(target, state, "face", header, dtype=torch.float16)


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
        size=header["data"].get("size", 49),
        weights=sum(t.numel() for t in state.values()) / 1e6,
        megabytes=path.stat().st_size / 1e6,
        calibrated=item(f"- **Calibration**: {calibrated(header)}"),
        how=item(f"- **Training**: {trained(header)}"),
        learnt=item(
            f"- **Settings**: {header['optimizer']['name']}, lr {header['optimizer']['lr']:g}, one "
            f"cosine; {losses(settings)}; augmentation: {', '.join(moved)}."
        ),
        table=as_markdown(table),
        **split,
    )


def item(text: str) -> str:
    """A list's item in lines of a hundred letters."""
    return textwrap.fill(text, 100, subsequent_indent="  ", break_on_hyphens=False)


def trained(header: dict[str, Any]) -> str:
    """How the weights were made, by their header."""
    if "distilled" in header:
        told = header["distilled"]
        annealed = ", ".join(f"{name} {bound:g}" for name, bound in told["annealed"].items())
        return DISTILLED.format(**{"note": "", **told, "annealed": annealed})
    return ALONE.format(epoch=int(header["metrics"]["epoch"]) + 1)


def calibrated(header: dict[str, Any]) -> str:
    """What was done to the expressions' scores, in words."""
    if "temperature" not in header:
        return "none."
    added = header.get("biases", {})
    biases = ", ".join(f"{name} {bias:+.2f}" for name, bias in added.items()) or "by nothing"
    return CALIBRATED.format(temperature=header["temperature"], biases=biases)


def losses(settings: dict[str, Any]) -> str:
    """The losses that a network's settings name, in words."""
    axes = {"mse": "mean squared error", "ccc": "1 - CCC", "both": "mean squared error + 1 - CCC"}
    parts = []
    if settings["target"] != "valence_arousal":
        smoothed = settings["label_smoothing"]
        how = f" (labels smoothed by {smoothed:g})" if smoothed else ""
        parts.append(f"cross-entropy of the expressions{how}")
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
