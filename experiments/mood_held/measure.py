"""Measures wanted moods against those of the song found, the piece written and the best of several.

    python -m experiments.mood_held.measure quadrants=FILE n=8

A judge that chose nothing scores all of them. Prints the table, and keeps it in result.csv when it
has a name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.measuring import measuring
from mood2music.face.metrics import ccc
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.judge.mood import formula_mood
from mood2music.judge.quadrants import QuadrantJudge
from mood2music.judge.rated_mood import rated_mood
from mood2music.judge.statistics import key_strengths
from mood2music.mood import Mood
from mood2music.music.key import find_key
from mood2music.music.notes import Notes
from mood2music.music.write import write_midi
from mood2music.render.settings import RenderSettings

Array = NDArray[np.float64]


@dataclass
class Settings:
    """As measure.yaml says."""

    quadrants: Path
    moods: int
    radius: float
    n: int
    seed: int
    expression: str
    hold_mode: float
    out: Path | None
    name: str | None


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


def mode_of(notes: Notes) -> str:
    """Major or minor, by the correlations of the whole piece."""
    major, minor = key_strengths(notes)
    return "major" if major > minor else "minor"


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


@measuring
def main(settings: Settings) -> None:
    """Write a piece and its variants for each mood, and print wanted against measured."""
    scorer = QuadrantJudge.load(settings.quadrants)

    def scored(notes: Notes) -> tuple[float, float]:
        found = scorer(notes)
        return 2 * found.pleasant - 1, 2 * found.excited - 1

    def rated(notes: Notes) -> tuple[float, float]:
        mood = rated_mood(notes)
        return mood.valence, mood.arousal

    def near(mood: Mood, judge: Callable[[Notes], Mood]) -> Callable[[Notes], float]:
        return lambda notes: judge(notes).distance(mood)

    wanted = spread_moods(settings.moods, settings.radius)
    rows: dict[str, list[tuple[float, ...]]] = {}
    kept: list[tuple[str, str]] = []
    for number, mood in enumerate(wanted):
        asked = GenerateSettings(
            mood=[mood.valence, mood.arousal],
            n=settings.n,
            seed=settings.seed + number,
            render=RenderSettings(score=[], sound="none"),
            expression=settings.expression,
            hold_mode=settings.hold_mode,
        )
        composed = compose(asked)
        variants = [piece.notes for piece in composed.pieces]
        arms = {"song": composed.start.notes, "piece": variants[0]}
        if len(variants) > 1:
            arms["best by the formula"] = min(variants, key=near(mood, formula_mood))
            arms["best by the judge"] = min(variants, key=near(mood, rated_mood))
        for arm, notes in arms.items():
            rows.setdefault(arm, []).append((*scored(notes), *rated(notes)))
            if settings.out is not None:
                settings.out.mkdir(parents=True, exist_ok=True)
                write_midi(notes, settings.out / f"{number:02}_{arm.replace(' ', '_')}.mid")
        kept += [(find_key(composed.start.notes).mode, mode_of(notes)) for notes in variants]
        print(".", end="", flush=True)
    points = np.array([[mood.valence, mood.arousal] for mood in wanted])
    told = []
    for arm, found in rows.items():
        values = np.array(found)
        for judge, part in (("scores", values[:, :2]), ("chooses", values[:, 2:])):
            told.append({"judge": judge, "of": arm, **figures(points, part)})
    table = pd.DataFrame(told).round(3).sort_values("judge", ascending=False, kind="stable")
    print()
    print(table.to_string(index=False))
    for mode in ("minor", "major"):
        same = [piece == mode for song, piece in kept if song == mode]
        print(f"{mode} songs: {np.mean(same):.2f} of {len(same)} pieces are {mode} too")
    if settings.name is not None:
        path = Path(__file__).parent / "result.csv"
        table.insert(0, "name", settings.name)
        old = pd.read_csv(path) if path.exists() else table.iloc[:0]
        pd.concat([old[old["name"] != settings.name], table]).to_csv(path, index=False)


if __name__ == "__main__":
    main()
