"""Draws what `arms` and `measure` found: P(style) and held-out loss from the base to each style.

python -m experiments.style_path.picture
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
    """See picture.yaml."""

    out: Path
    dial: Path


@measuring
def main(asked: Settings) -> None:
    """Write both pictures."""
    draw_dial(pd.read_csv(asked.out / "result.csv"), asked.dial)
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


def draw_dial(rows: pd.DataFrame, path: Path) -> None:
    """P(style) of all features and of harmony alone by strength; rows: of result.csv."""
    figure, axes = plt.subplots(1, 3, figsize=(10, 3.2), sharey=True, layout="constrained")
    for at, style in zip(axes, STYLES, strict=True):
        mine = rows[rows["style"] == style].rename(columns={"harmony_" + style: "harmony"})
        for songs, color in (("catalog", "#1f6fb4"), ("another style", "#d1602f")):
            own = mine[mine["songs"] == songs]
            _heard(at, own, style, color, "-", f"songs of {songs}".replace("of cat", "of the cat"))
            at.plot(own["strength"], own["harmony"], ":", color=color, lw=1.2)
        at.set(title=style, ylim=(0, 1), xlabel="strength", xticks=[0, 0.5, 1, 1.5])
    axes[0].set_ylabel("P(style), judged; dotted: by harmony")
    axes[0].legend(fontsize=8, frameon=False, loc="lower right")
    figure.savefig(path, dpi=110)


def _heard(at: Axes, own: pd.DataFrame, style: str, color: str, line: str, name: str) -> None:
    """P(style) with its interval."""
    low, high = own[style] - own[f"{style}_low"], own[f"{style}_high"] - own[style]
    at.errorbar(
        own["strength"], own[style], [low, high], fmt="o" + line, ms=4, lw=1.4, capsize=2,
        color=color, label=name,
    )  # fmt: skip


if __name__ == "__main__":
    main()
