"""Draws wanted moods against those that a judge hears in the pieces.

python -m experiments.mood_held.together quadrants=FILE n=8 moods=100 out=ROWS.csv
python -m experiments.mood_held.picture rows=ROWS.csv
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from experiments.measuring import measuring


@dataclass
class Settings:
    """See picture.yaml."""

    rows: Path
    out: Path


@measuring
def main(asked: Settings) -> None:
    """Write the picture: a point a mood, the mean of its pieces, and their spread."""
    rows = pd.read_csv(asked.rows)
    rows = rows[rows["arm"] == "mood"]
    wanted = ["wanted_valence", "wanted_arousal"]
    figure, axes = plt.subplots(1, 2, figsize=(8, 4), sharey=True, layout="constrained")
    for at, axis in zip(axes, ("valence", "arousal"), strict=True):
        of_mood = rows.groupby(wanted)[axis]
        mean, spread = of_mood.mean(), of_mood.std()
        x = mean.index.get_level_values(f"wanted_{axis}")
        at.plot([-1, 1], [-1, 1], ":", color="#999999", lw=1)
        at.errorbar(x, mean, spread, fmt="o", ms=4, lw=0.6, color="#1f6fb4", ecolor="#a9c8e6")
        at.set(title=axis, xlabel="wanted", xlim=(-1.1, 1.1), ylim=(-1.1, 1.1))
    axes[0].set_ylabel("heard by the judge that chose nothing")
    figure.savefig(asked.out, dpi=110)


if __name__ == "__main__":
    main()
