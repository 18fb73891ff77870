"""The runs' logs and result.csv to curves.png: loss in training and held out, epoch by epoch.

python experiments/paper_lstm/plot.py [runs=outputs/paper_lstm]
"""

import sys
from dataclasses import dataclass
from math import log
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from omegaconf import OmegaConf

from mood2music.command.settings import parse

HERE = Path(__file__).parent
ROWS = {"lstm": "LSTM, Adam", "bilstm_attention": "BiLSTM + attention, RMSprop"}
COLUMNS = {"chord": "whole chords", "pitchwise": "pitch by pitch"}
TRAIN, HELD_OUT, BIGRAM = "#0072b2", "#d55e00", "#777777"  # Okabe & Ito 2008: safe for all eyes


@dataclass
class Settings:
    """runs: folder with a folder for each network that was trained."""

    runs: str = "outputs/paper_lstm"


def main() -> None:
    """Draw a panel for each network and representation; write curves.png beside this file."""
    runs = Path(parse(Settings, OmegaConf.from_cli(sys.argv[1:])).runs)
    bigram = held_out_bigram(pd.read_csv(HERE / "result.csv"))
    figure, panels = plt.subplots(
        len(ROWS), len(COLUMNS), figsize=(9, 6), sharex=True, sharey=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    for row, (network, network_title) in enumerate(ROWS.items()):
        for column, (representation, title) in enumerate(COLUMNS.items()):
            panel = panels[row, column]
            log_file = runs / f"{network}_{representation}" / "log" / "metrics.csv"
            draw(panel, losses(log_file), bigram)
            panel.set_title(f"{network_title}: {title}", fontsize=10, loc="left")
    panels[0, 0].set_ylim(bottom=0)  # all panels share it
    for panel in panels[-1]:
        panel.set_xlabel("epoch")
    for panel in panels[:, 0]:
        panel.set_ylabel("bits an event")
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False, fontsize=9)
    out = HERE / "curves.png"
    figure.savefig(out, dpi=120)
    print(out)


def losses(path: Path) -> pd.DataFrame:
    """Read a run's metrics.csv: by epoch from 1, columns train and held_out in bits an event."""
    table = pd.read_csv(path).groupby("epoch")[["train/loss", "val/loss"]].first() / log(2)
    table.index += 1
    return table.rename(columns={"train/loss": "train", "val/loss": "held_out"})


def held_out_bigram(result: pd.DataFrame) -> float:
    """Bits an event of the bigram on the val pieces."""
    row = result[(result["network"] == "bigram") & (result["part"] == "val")]
    return float(row["bits_event"].iloc[0])


def draw(panel: Axes, bits: pd.DataFrame, bigram: float) -> None:
    """Draw both curves, the lowest held-out loss as a point, and the bigram's as a line."""
    lowest = int(bits["held_out"].argmin())
    panel.plot(bits.index, bits["train"], color=TRAIN, label="training, 10 pieces")
    panel.plot(bits.index, bits["held_out"], color=HELD_OUT, label="held out, 8 pieces")
    panel.plot(
        bits.index[lowest], bits["held_out"].iloc[lowest], "o", color=HELD_OUT, label="its lowest"
    )
    panel.axhline(bigram, color=BIGRAM, lw=1, ls="--", label="a bigram, held out")
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(axis="y", alpha=0.3)


if __name__ == "__main__":
    main()
