"""Makes the network that says whether a face's mouth and eyes are hidden.

    python -m experiments.face_cover.fit faces=FOLDER marks=landmarks.npy
    python -m experiments.face_cover.fit faces=FOLDER marks=landmarks.npy draws=1 epochs=6 \
        without=[mask,hand,blur,mosaic,bare] out=without_c.safetensors

Learns from the training part. Its last biases are moved so that 1.5 % of the val part's faces
without a cover have log odds above 0.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from safetensors.numpy import save_file

from experiments.face_cover.covers import KINDS
from experiments.face_cover.network import Hidden, train
from experiments.face_cover.pool import Pool, add_real, make_pool
from experiments.fer import read_faces
from experiments.measuring import measuring
from mood2music.face.dataset.data import FaceData
from mood2music.face.reading.hidden import Weights, log_odds

HERE = Path(__file__).parent
# Covers a face, on the average, by what they hide; and what each part's are drawn with.
EACH = {"mouth": 1.0, "elsewhere": 0.7, "eyes": 0.5, "both": 0.2}
SEEDS = {"train": 5, "val": 3, "test": 4, "real": 6}
FALSE = 0.015  # share of the val part's whole faces that may be told as hidden


@dataclass
class Settings:
    """faces: folder of the zips; marks: of landmarks.py; draws: times that each face is covered;
    epochs: times over all of them; without: kinds to leave out; out: file to write.
    """

    faces: Path
    marks: Path
    draws: int
    epochs: int
    without: list[str]
    out: Path


@measuring
def main(asked: Settings) -> None:
    """Draw covers, train, set the bias by the val part, and write the weights."""
    data, marks = read_faces(asked.faces, seed=0), np.load(asked.marks)
    kinds = [kind for kind in KINDS if kind not in asked.without]
    pool = pool_of(data, marks, "train", asked.draws)
    images, random = np.asarray(data.table.images), np.random.default_rng(SEEDS["real"])
    pool = add_real(pool, images, marks, seen_of(data), random)
    network = train(pool.of(kinds), asked.epochs, seed=0)
    weights = folded(network)
    bare = pool_of(data, marks, "val").of([])
    shown = [seen_of(data).get(row, "") not in ("hidden", "partly") for row in bare.rows]
    bare = bare.take(np.array(shown))
    weights["last.bias"] -= np.quantile(odds(weights, bare.images), 1 - FALSE, axis=0)
    halves = {name: value.astype(np.float16) for name, value in weights.items()}
    save_file(halves, asked.out, {"without": " ".join(asked.without)})
    print(asked.out)


def seen_of(data: FaceData) -> dict[int, str]:
    """By row of the table, what was seen in its photo (by_eye.csv)."""
    told = pd.read_csv(HERE / "by_eye.csv").set_index("picture")["seen"].to_dict()
    rows = {str(picture): row for row, picture in enumerate(data.table.groups)}
    return {rows[picture]: what for picture, what in told.items()}


def pool_of(data: FaceData, marks: npt.NDArray[np.float32], part: str, draws: int = 1) -> Pool:
    """Draw a part's covers, the same each time; draws: pools that are joined, each its own draw."""
    rows, images = np.unique(getattr(data.parts, part)), np.asarray(data.table.images)
    random = np.random.default_rng(SEEDS[part])
    pools = [make_pool(images, marks, rows, random, EACH) for _ in range(draws)]
    return Pool(
        *(np.concatenate(parts) for parts in zip(*(vars(p).values() for p in pools), strict=True))
    )


def folded(network: Hidden) -> Weights:
    """A trained network as numpy's weights, each normalisation folded into its convolution."""
    weights: Weights = {}
    with torch.no_grad():
        layers = zip(network.convolutions, network.norms, strict=True)
        for number, (layer, norm) in enumerate(layers):
            assert isinstance(norm, torch.nn.BatchNorm2d)
            assert norm.running_var is not None
            assert norm.running_mean is not None
            scale = norm.weight / (norm.running_var + norm.eps).sqrt()
            kernel = layer.weight * scale.view(-1, 1, 1, 1)
            weights[f"{number}.weight"] = kernel.permute(2, 3, 1, 0).contiguous().numpy()
            weights[f"{number}.bias"] = (norm.bias - norm.running_mean * scale).numpy()
        last = network.last.weight.view(2, -1, 6, 6).permute(2, 3, 1, 0)
        weights["last.weight"] = last.reshape(-1, 2).contiguous().numpy()
        weights["last.bias"] = network.last.bias.numpy().copy()
    return weights


def odds(weights: Weights, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Log odds of a hidden mouth and hidden eyes, (N, 2), the mean with the mirror image's."""
    faces = images.astype(np.float32) / 255
    parts = [faces[start : start + 64] for start in range(0, len(faces), 64)]
    told = [log_odds(weights, p) + log_odds(weights, p[:, :, ::-1]) for p in parts]
    return np.concatenate(told) / 2


if __name__ == "__main__":
    main()
