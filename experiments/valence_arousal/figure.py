"""result.csv comes in; the figure, ours beside the paper's, goes out. Nothing is trained.

python -m experiments.valence_arousal.figure
"""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

HERE = Path(__file__).parent
COLOURS = {"constant": "#999999", "cnn10": "#0072b2", "alexnet": "#d55e00"}  # Okabe & Ito 2008
NAMES = {"constant": "constant", "cnn10": "ten layers", "alexnet": "AlexNet"}
# The paper's rows: the predictor that each is, and where they stand in the figure.
PAPER = {"the paper's ten layers": "cnn10", "the paper's AlexNet": "alexnet"}
PAPERS_PLACE = "the paper,\nAffectNet"


def draw(table: pd.DataFrame, out: Path) -> None:
    """Draw RMSE and Pearson by root and axis, bars beside each other, whiskers of a deviation."""
    bars = table.copy()
    papers = bars["predictor"].isin(PAPER)
    bars["predictor"] = bars["predictor"].replace(PAPER)
    bars["place"] = bars["root"].str.split(".").str[0].where(~papers, PAPERS_PLACE)
    places = list(dict.fromkeys(zip(bars["place"], bars["axis"], strict=True)))
    figure, panels = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
    for panel, figures in zip(panels, ("rmse", "pearson"), strict=True):
        for order, predictor in enumerate(dict.fromkeys(bars["predictor"])):
            # The paper has no constant: that bar is left out.
            chosen = bars[bars["predictor"] == predictor].set_index(["place", "axis"])
            chosen = chosen.reindex(places)
            panel.bar(
                np.arange(len(places)) + 0.27 * (order - 1),
                chosen[figures],
                0.25,
                yerr=chosen[f"{figures}_std"].fillna(0),
                color=COLOURS[predictor],
                label=NAMES[predictor],
                error_kw={"lw": 1},
            )
        panel.set_xticks(range(len(places)), [f"{place}\n{axis}" for place, axis in places])
        panel.tick_params(axis="x", labelsize=8)
        panel.set_ylabel({"rmse": "RMSE", "pearson": "Pearson's correlation"}[figures])
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(axis="y", alpha=0.3)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=9)
    figure.savefig(out, dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    draw(pd.read_csv(HERE / "result.csv"), HERE / "figure.png")
    print(HERE / "figure.png")
