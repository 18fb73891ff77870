"""Says how likely notes are happy, tense, sad or calm: the judge that scores what another chose.

Its weights are a file that experiments/quadrants fits to EMOPIA, whose licence (CC BY-NC-SA 4.0)
is why none ships. It shares no training piece with `judge.rated_mood`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mood2music.arrays import Doubles
from mood2music.errors import CheckpointError
from mood2music.judge.cues import CUES, cues
from mood2music.judge.rated_mood import part
from mood2music.music.notes import Notes

# What a judge may hear: played, all cues but the two that need a beat, since EMOPIA's players keep
# to no grid; written, those that mean the same in a score as in what a player made of it, which
# lengths, pedalled together, and loudness, transcribed, do not.
HEARD = {
    "played": tuple(name for name in CUES if name not in ("tempo", "off_beat")),
    "written": (
        "majorness", "local_majorness", "thirds", "triads", "key_clarity",
        "onsets", "density", "register",
    ),
}  # fmt: skip

# Seconds of a passage: what a clip of EMOPIA lasts.
PASSAGE = 30.0


@dataclass(frozen=True)
class Quadrants:
    """Probabilities, 0 to 1, of Russell's four quadrants, which add up to 1.

    happy: pleasant and excited; tense: unpleasant and excited; sad: unpleasant and calm; calm:
    pleasant and calm.
    """

    happy: float
    tense: float
    sad: float
    calm: float

    @property
    def pleasant(self) -> float:
        """Probability of positive valence."""
        return self.happy + self.calm

    @property
    def excited(self) -> float:
        """Probability of positive arousal."""
        return self.happy + self.tense


class QuadrantJudge:
    """A softmax over linear readings of cues, from a safetensors file.

    heard: (cues,), numbers of them in CUES; mean, scale, lowest, highest: (cues,), beyond the
    latter two a cue is cut off; weights: (4, cues), bias: (4,), in the order of `Quadrants`.
    """

    def __init__(self, weights: dict[str, Doubles]) -> None:
        """Take the weights."""
        self.weights, self.heard = weights, weights["heard"].astype(np.int64)

    @classmethod
    def load(cls, path: Path) -> "QuadrantJudge":
        """Read a file. Raises CheckpointError for one that is no judge's."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            found = {name: value.astype(np.float64) for name, value in load_file(path).items()}
        except (OSError, SafetensorError) as error:
            raise CheckpointError(f"{path} is no judge's file: {error}") from error
        shape = {name: value.shape for name, value in found.items()}
        count = shape.get("heard", (0,))
        rows = ("mean", "scale", "lowest", "highest")
        whole = {"weights": (4, *count), "bias": (4,), **dict.fromkeys(rows, count)}
        if any(shape.get(name) != wanted for name, wanted in whole.items()):
            raise CheckpointError(
                f"{path} has no weights of 4 quadrants by cues: "
                "fit it with python -m experiments.quadrants.fit"
            )
        return cls(found)

    def __call__(self, notes: Notes) -> Quadrants:
        """Judge a piece by the mean over its passages of 30 s; all alike without notes."""
        found = [self.logits(cues(passage)) for passage in passages(notes)]
        if not found:
            return Quadrants(0.25, 0.25, 0.25, 0.25)
        return Quadrants(*(float(p) for p in softmax(np.array(found)).mean(axis=0)))

    def logits(self, measured: Doubles) -> Doubles:
        """Read cues (cues,) or (n, cues): (4,) or (n, 4)."""
        w = self.weights
        x = np.clip(measured[..., self.heard], w["lowest"], w["highest"])
        return np.asarray(((x - w["mean"]) / w["scale"]) @ w["weights"].T + w["bias"])


def passages(notes: Notes) -> Iterator[Notes]:
    """Cut notes into passages of 30 s; what is left over is one more from half of that on."""
    length = round(PASSAGE * notes.tempo / 60 * notes.grid)
    found = [
        part(notes, begin, begin + length)
        for begin in range(0, notes.end - length // 2 + 1, length)
    ]
    found = [passage for passage in found if len(passage)]
    yield from found or ([notes] if len(notes) else [])


def softmax(logits: Doubles) -> Doubles:
    """Turn logits (..., classes) into probabilities."""
    power = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(power / power.sum(axis=-1, keepdims=True))
