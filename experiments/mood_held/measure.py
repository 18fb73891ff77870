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

from experiments.measuring import measuring
from experiments.mood_held.wanted import Wanted, figures, mode_of, rated, scored
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.judge.mood import formula_mood
from mood2music.judge.quadrants import QuadrantJudge
from mood2music.judge.rated_mood import rated_mood
from mood2music.mood import Mood
from mood2music.music.key import find_key
from mood2music.music.notes import Notes
from mood2music.music.write import write_midi
from mood2music.render.settings import RenderSettings


@dataclass
class Settings(Wanted):
    """As measure.yaml says."""

    n: int
    seed: int
    expression: str
    hold_mode: float
    out: Path | None
    name: str | None


@measuring
def main(settings: Settings) -> None:
    """Write a piece and its variants for each mood, and print wanted against measured."""
    scorer = QuadrantJudge.load(settings.quadrants)

    def near(mood: Mood, judge: Callable[[Notes], Mood]) -> Callable[[Notes], float]:
        return lambda notes: judge(notes).distance(mood)

    wanted = settings.points
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
            rows.setdefault(arm, []).append((*scored(scorer, notes), *rated(notes)))
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
