"""Says how likely notes are jazz, classical and pop: by all that is heard, by harmony, by rhythm.

Made by experiments/style_judge from the music that the shipped networks are made from, and not by
them; its README has the held-out figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

from mood2music.arrays import Doubles
from mood2music.judge.quadrants import softmax
from mood2music.judge.rated_mood import part
from mood2music.judge.style_cues import HARMONY, RHYTHM, STYLE_CUES, style_cues
from mood2music.music.notes import Notes

WEIGHTS = Path(__file__).with_suffix(".safetensors")
STYLES = ("jazz", "classical", "pop")
# What each reading hears.
READINGS = {"all": STYLE_CUES, "harmony": HARMONY, "rhythm": RHYTHM}
# Quarter notes of a passage, 32 bars of 4/4.
PASSAGE = 128


@dataclass(frozen=True)
class Styles:
    """Calibrated probabilities, 0 to 1; the three of a reading add up to 1.

    Plain names: by harmony, rhythm and texture together; harmony_: by harmony and melody without
    rhythm; rhythm_: by rhythm and tempo without pitch.
    """

    jazz: float
    classical: float
    pop: float
    harmony_jazz: float
    harmony_classical: float
    harmony_pop: float
    rhythm_jazz: float
    rhythm_classical: float
    rhythm_pop: float


def style_of(notes: Notes) -> Styles:
    """Judge a piece by the mean of its passages of 32 bars; all alike without notes."""
    measured = [style_cues(passage) for passage in passages(notes)]
    if not measured:
        return Styles(**{field.name: 1 / len(STYLES) for field in fields(Styles)})
    each = [probabilities(np.array(measured), name, fitted()).mean(axis=0) for name in READINGS]
    return Styles(*(float(p) for reading in each for p in reading))


def passages(notes: Notes) -> Iterator[Notes]:
    """Cut notes into passages of PASSAGE quarters; the rest is one from half of that on."""
    length = PASSAGE * notes.grid
    found = [
        part(notes, begin, begin + length)
        for begin in range(0, notes.end - length // 2 + 1, length)
    ]
    found = [passage for passage in found if len(passage) >= PASSAGE // 4]
    yield from found or ([notes] if len(notes) else [])


def probabilities(measured: Doubles, reading: str, weights: dict[str, Doubles]) -> Doubles:
    """Read STYLE_CUES (n, cues) to probabilities (n, 3), in the order of STYLES.

    weights: for each of READINGS, by `reading.name`: lowest, highest, mean, scale (its cues,),
    weights (3, its cues) and bias (3,).
    """
    own = {
        name.partition(".")[2]: value
        for name, value in weights.items()
        if name.startswith(f"{reading}.")
    }
    heard = [STYLE_CUES.index(name) for name in READINGS[reading]]
    x = np.clip(measured[:, heard], own["lowest"], own["highest"])
    return softmax(((x - own["mean"]) / own["scale"]) @ own["weights"].T + own["bias"])


@cache
def fitted() -> dict[str, Doubles]:
    """The weights that ship."""
    from safetensors.numpy import load_file

    return {name: value.astype(np.float64) for name, value in load_file(WEIGHTS).items()}
