"""Spreads moods to ask for, and compares them with those heard in what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mood2music.face.metrics import ccc
from mood2music.judge.quadrants import QuadrantJudge
from mood2music.judge.rated_mood import rated_mood
from mood2music.judge.statistics import key_strengths
from mood2music.mood import Mood
from mood2music.music.notes import Notes

Array = NDArray[np.float64]

# Times that the moods are drawn again, and the share of the draws that an interval holds.
DRAWS = 1000
SHARE = 0.95


@dataclass
class Wanted:
    """As wanted.yaml says."""

    quadrants: Path
    moods: int
    radius: float
    corners: bool

    @property
    def points(self) -> list[Mood]:
        """The moods that are wanted."""
        if self.corners:
            return [at_corner(i, self.radius) for i in range(self.moods)]
        return spread_moods(self.moods, self.radius)


def spread_moods(count: int, radius: float) -> list[Mood]:
    """Spread moods evenly over a disk, in an order in which every beginning is spread too.

    The R2 sequence (Roberts 2018), turned from a square into a disk by area.
    """
    g = 1.32471795724474602596
    found = []
    for i in range(count):
        u, v = (0.5 + (i + 1) / g) % 1, (0.5 + (i + 1) / g**2) % 1
        r, angle = radius * np.sqrt(u), 2 * np.pi * v
        found.append(Mood(float(r * np.cos(angle)), float(r * np.sin(angle))))
    return found


def at_corner(number: int, radius: float) -> Mood:
    """Give the middle of a quadrant, `radius` from the origin: of each in turn, from happy on."""
    angle = np.pi / 4 + number % 4 * np.pi / 2
    return Mood(float(radius * np.cos(angle)), float(radius * np.sin(angle)))


def mode_of(notes: Notes) -> str:
    """Major or minor, by the correlations of the whole piece."""
    major, minor = key_strengths(notes)
    return "major" if major > minor else "minor"


def scored(judge: QuadrantJudge, notes: Notes) -> tuple[float, float]:
    """Give valence and arousal as the judge that chooses nothing has them, -1 to 1."""
    found = judge(notes)
    return 2 * found.pleasant - 1, 2 * found.excited - 1


def rated(notes: Notes) -> tuple[float, float]:
    """Give valence and arousal as the judge has them that chooses."""
    mood = rated_mood(notes)
    return mood.valence, mood.arousal


def figures(wanted: Array, measured: Array) -> dict[str, float]:
    """CCC, r and slope of each axis, and the share of right quadrants: (n, 2) each."""
    found: dict[str, float] = {}
    for axis, name in enumerate(("valence", "arousal")):
        a, b = wanted[:, axis], measured[:, axis]
        found[f"ccc_{name}"] = float(ccc(b, a))
        found[f"r_{name}"] = float(np.corrcoef(a, b)[0, 1])
        found[f"slope_{name}"] = float(np.polyfit(a, b, 1)[0])
        found[f"mean_{name}"] = float(b.mean())
    found["quadrant"] = float((np.sign(wanted) == np.sign(measured)).all(axis=1).mean())
    return found


def with_intervals(wanted: Array, variants: Sequence[Array]) -> dict[str, tuple[float, ...]]:
    """Give each figure, the mean over variants (n, 2), and the interval of moods drawn again.

    wanted: (n, 2), what every variant was to have. The percentile bootstrap (Efron & Tibshirani
    1993); the same moods give the same interval.
    """

    def mean(rows: NDArray[np.int64]) -> dict[str, float]:
        each = [figures(wanted[rows], measured[rows]) for measured in variants]
        return {name: float(np.mean([found[name] for found in each])) for name in each[0]}

    rng = np.random.default_rng(0)
    drawn = [mean(rng.integers(len(wanted), size=len(wanted))) for _ in range(DRAWS)]
    ends = [(1 - SHARE) / 2, (1 + SHARE) / 2]
    return {
        name: (value, *np.quantile([draw[name] for draw in drawn], ends).tolist())
        for name, value in mean(np.arange(len(wanted))).items()
    }
