"""Says how likely a face's mouth and eyes are hidden, by a network that numpy alone runs.

Four convolutions and a linear layer, 12 thousand weights, taught with covers of fifteen kinds on
the faces that the shipped network learnt from (experiments/face_cover). It looks at the crop
whatever network reads the mood.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mood2music.errors import CheckpointError
from mood2music.face.reading.predictor import FacePixels, resized
from mood2music.files import PRETRAINED

SIDE = 48  # pixels of the faces that it learnt from
PARTS = ("mouth", "eyes")
FLAT = 0.02  # deviation that is added to a face's own, so that noise of a flat one stays small
# Of each layer: its stride, and whether its maps are halved afterwards.
LAYERS = ((2, False), (1, True), (1, True), (1, False))
CHUNK = 16  # faces at once; their windows take 4 MB

Weights = dict[str, npt.NDArray[np.float32]]


@dataclass(frozen=True)
class Hidden:
    """Probabilities in [0, 1] that the mouth and that both eyes are hidden, by whatever it is."""

    mouth: float
    eyes: float


def find_hidden(faces: FacePixels) -> npt.NDArray[np.float32]:
    """Map faces (N, size, size), grey in [0, 1], to (N, 2), the probabilities of `Hidden`.

    The mean of the log odds of each face and of its mirror image, for a cover has no side.
    """
    if faces.shape[-1] != SIDE:
        faces = resized(faces, SIDE)
    both = np.stack([faces, faces[:, :, ::-1]], axis=1).reshape(-1, SIDE, SIDE)
    starts = range(0, len(both), 2 * CHUNK)
    odds = [log_odds(shipped(), both[start : start + 2 * CHUNK]) for start in starts]
    told = np.concatenate([np.empty((0, 2), np.float32), *odds]).reshape(-1, 2, 2).mean(1)
    given: npt.NDArray[np.float32] = 1 / (1 + np.exp(-told.clip(-30, 30)))
    return given


def log_odds(weights: Weights, faces: FacePixels) -> npt.NDArray[np.float32]:
    """Map faces (N, 48, 48), grey in [0, 1], to (N, 2) log odds of a hidden mouth and eyes."""
    mean, deviation = (f(faces, axis=(1, 2), keepdims=True) for f in (np.mean, np.std))
    maps = ((faces - mean) / (deviation + FLAT))[..., None]
    for number, (stride, halved) in enumerate(LAYERS):
        kernel, bias = weights[f"{number}.weight"], weights[f"{number}.bias"]
        maps = np.maximum(_convolved(maps, kernel, stride) + bias, 0)
        if halved:
            count, high, wide, channels = maps.shape
            maps = maps.reshape(count, high // 2, 2, wide // 2, 2, channels).max((2, 4))
    given: npt.NDArray[np.float32] = (
        maps.reshape(len(maps), -1) @ weights["last.weight"] + weights["last.bias"]
    )
    return given


@functools.cache
def shipped() -> Weights:
    """The weights in the package."""
    return load(PRETRAINED / "face_hidden.safetensors")


def load(path: Path) -> Weights:
    """Read weights: of layer n `n.weight` (size, size, inputs, outputs), `n.bias`, and the last's.

    Raises CheckpointError for another file.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        weights = {name: value.astype(np.float32) for name, value in load_file(path).items()}
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"{path} cannot be read: {error}") from error
    wanted = {f"{n}.{kind}" for n in (*range(len(LAYERS)), "last") for kind in ("weight", "bias")}
    if set(weights) != wanted:
        raise CheckpointError(
            f"{path} does not say whether faces are covered: make it with python -m "
            "experiments.face_cover.fit"
        )
    return weights


def _convolved(
    maps: npt.NDArray[np.float32], kernel: npt.NDArray[np.float32], stride: int
) -> npt.NDArray[np.float32]:
    """Convolve (N, height, width, inputs), zeros around, with (size, size, inputs, outputs)."""
    size, outputs = len(kernel), kernel.shape[-1]
    edge = size // 2
    padded = np.pad(maps, ((0, 0), (edge, edge), (edge, edge), (0, 0)))
    count, high, wide = len(maps), maps.shape[1] // stride, maps.shape[2] // stride
    given = np.zeros((count, high, wide, outputs), np.float32)
    for down in range(size):
        for across in range(size):
            part = padded[
                :, down : down + high * stride : stride, across : across + wide * stride : stride
            ]
            given += part @ kernel[down, across]
    return given
