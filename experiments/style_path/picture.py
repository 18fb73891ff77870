"""Draws what `arms` measured: P(style) and held-out loss on the way from the base to each style.

python -m experiments.style_path.picture out=FOLDER
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from experiments.measuring import measuring
from mood2music.judge.style_judge import STYLES

# Arms that are a way from the base to the style, and how they are drawn.
WAYS = {
    "weights": ("blend of weights", "#1f6fb4", "-"),
    "logits": ("mean of logits", "#d1602f", ""),
    "probabilities": ("mean of probabilities", "#8c6bb1", ""),
    "data": ("trained on mixed data", "#3a3a3a", ""),
    "input": ("told the style", "#2f8f4e", "--"),
}


@dataclass
class Settings:
    """out: the folder with arms.csv; the picture is written beside it."""

    out: Path


@measuring
def main(asked: Settings) -> None:
    """Write arms.png."""
    rows = pd.read_csv(asked.out / "arms.csv")
    figure, axes = plt.subplots(2, 3, figsize=(10, 5.5), sharex=True, layout="constrained")
    for column, style in enumerate(STYLES):
        mine = rows[rows["wanted"] == style]
        for way, (name, color, line) in WAYS.items():
            own = mine[mine["arm"] == way].copy()
            own["strength"] = own["at"].astype(float)
            own = own.sort_values("strength")
            _heard(axes[0, column], own.dropna(subset=[style]), style, color, line, name)
            scored = own[own["strength"] <= 1.5]
            axes[1, column].plot(
                scored["strength"], scored["bits"], line or ":", marker="o", ms=3, color=color
            )
        axes[0, column].set(title=style, ylim=(0, 1))
        axes[1, column].set(xlabel="strength")
    axes[0, 0].set_ylabel("P(style), judged")
    axes[1, 0].set_ylabel("bits an event, held out")
    axes[0, 2].legend(fontsize=7, frameon=False, loc="upper left")
    figure.savefig(asked.out / "arms.png", dpi=110)


def _heard(at: Axes, own: pd.DataFrame, style: str, color: str, line: str, name: str) -> None:
    """P(style) with its interval."""
    low, high = own[style] - own[f"{style}_low"], own[f"{style}_high"] - own[style]
    at.errorbar(
        own["strength"], own[style], [low, high], fmt="o" + line, ms=4, lw=1.4, capsize=2,
        color=color, label=name,
    )  # fmt: skip


if __name__ == "__main__":
    main()
