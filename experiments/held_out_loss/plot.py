"""The runs' logs and summary.csv to curves.png: loss on the val pieces, epoch by epoch.

python -m experiments.held_out_loss.plot RUNS
"""

import argparse
from math import log
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from experiments.held_out_loss.run import EVENTS, NETWORKS, REPRESENTATIONS, SEEDS

HERE = Path(__file__).parent
TITLES = {"pitchwise": "pitch by pitch", "chord": "whole chords"}
# Okabe & Ito 2008: safe for all eyes.
COLOURS = {"lstm": "#0072b2", "bilstm_attention": "#d55e00", "transformer": "#009e73"}
GREY = "#777777"


def main() -> None:
    """Draw a panel for each representation, a band for each network; write curves.png here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path)
    asked = parser.parse_args()
    summary = pd.read_csv(HERE / "summary.csv").set_index("network")
    figure, panels = plt.subplots(1, 2, figsize=(9, 4), sharey=True, layout="constrained")
    for panel, representation in zip(panels, REPRESENTATIONS, strict=True):
        for network, colour in COLOURS.items():
            runs = [asked.runs / f"{network}_{representation}_{seed}" for seed in SEEDS]
            curves = [held_out(run) for run in runs if (run / "done").exists()]
            if curves:
                draw(panel, np.array(curves), colour, network)
        for name, dashes in (("5-gram", "--"), ("bigram", ":")):
            panel.axhline(
                summary.loc[name, "val_bits_event"], color=GREY, lw=1, ls=dashes, label=name
            )
        panel.set_title(TITLES[representation], fontsize=10, loc="left")
        panel.set_xlabel("events read in training, thousands")
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(axis="y", alpha=0.3)
    panels[0].set_ylabel("bits an event, val pieces")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside lower center", ncols=len(NETWORKS) + 2, frameon=False,
        fontsize=9,
    )  # fmt: skip
    figure.savefig(HERE / "curves.png", dpi=120)
    print(HERE / "curves.png")


def held_out(run: Path) -> list[float]:
    """Bits an event on the val pieces after each epoch of a run."""
    table = pd.read_csv(run / "log" / "metrics.csv").groupby("epoch")["val/loss"].first()
    return [float(loss) / log(2) for loss in table]


def draw(panel: Axes, curves: np.ndarray, colour: str, name: str) -> None:
    """Draw the mean of (runs, epochs) curves, and a band from the lowest to the highest run."""
    epochs = curves.shape[1]
    read = EVENTS / 1000 * np.arange(1, epochs + 1) / epochs
    panel.fill_between(read, curves.min(0), curves.max(0), color=colour, alpha=0.2, lw=0)
    panel.plot(read, curves.mean(0), "o-", ms=3, color=colour, label=name)


if __name__ == "__main__":
    main()
