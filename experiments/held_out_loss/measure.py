"""Scores the runs of held_out_loss on the same held-out events: result.csv and summary.csv.

    python -m experiments.held_out_loss.measure music=FOLDER [runs=outputs/held_out_loss]

Every network, the 5-gram and the bigram are scored on the same events of the test pieces, each
behind 32 events of context. The summary has means over the seeds with their 95 % interval
(Student's t), and the 95 % interval over the pieces that happened to be held out (bootstrap).
"""

from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from experiments.measuring import measuring
from mood2music.errors import DataError
from mood2music.generator import network as networks
from mood2music.generator import score
from mood2music.generator.chord import UNKNOWN, Chord
from mood2music.generator.data_settings import WindowSettings
from mood2music.generator.event_ngram import EventNGram
from mood2music.generator.parts import select
from mood2music.generator.windows import Windows
from mood2music.store.prepare import MusicSourceSettings, prepare

HERE = Path(__file__).parent
# Student's t, 97.5 % quantile, by the number of runs that a mean is taken of.
STUDENT = {2: 12.706, 3: 4.303}
RESAMPLED = 2000
# As configs/experiment/held_out_loss/base.yaml has it.
LEFT_OUT = ("vgmidi/*", "jazz/joplin_kern_NC/*")
MODEL = ["network", "representation", "seed", "parameters", "words"]
SCORED = ["pieces", "events", "notes"]
FIGURES = [
    "bits_event", "chord_bits", "duration_bits", "bits_note", "level_bits", "val_bits_event",
]  # fmt: skip
Bits = NDArray[np.float64]


@dataclass
class Settings:
    """music: folder with classical/ jazz/ pop/; runs: of the trainings; events: to score."""

    music: Path
    runs: Path
    events: int


@measuring
def main(asked: Settings) -> None:
    """Measure every run that is done, write the tables beside this file and print the summary."""
    torch.set_num_threads(1)
    done = sorted(asked.runs.glob("*/best.safetensors"))
    if not done:
        raise DataError(f"no run in {asked.runs}: train experiment=held_out_loss/lstm first")
    windows, val, train = parts(asked.music)
    places = score.sample_events(windows, asked.events, seed=0)
    notes = score.struck(windows.store, places)
    about = {"pieces": len(windows.rows), "events": len(places), "notes": notes}
    rows, scored = [], {}
    for order, name in score.BASELINES.items():
        ngram = EventNGram.fit(train.pieces(), order)
        bits = score.ngram_bits(ngram, windows, places)
        # As in training: of all events but the first of each piece.
        held_out = np.concatenate([ngram.bits(piece)[1:, :2] for piece in val.pieces()])
        rows.append(
            {
                "network": name,
                "representation": "whole",
                **about,
                **score.means(bits, notes),
                "val_bits_event": held_out.sum(1).mean(),
            }
        )
        scored[name, "whole"] = [bits]
    for path in done:
        network, header = networks.load(path)
        if header["data"]["train_names"] != score.names(train.rows):
            raise DataError(f"{path} learnt other pieces: train it again on {asked.music}")
        bits = score.network_bits(network.eval(), windows, places)
        name = (network.settings.name, network.settings.representation)
        scored.setdefault(name, []).append(bits)
        rows.append(
            {
                "network": name[0],
                "representation": name[1],
                "seed": header["seed"],
                "parameters": sum(p.numel() for p in network.parameters()),
                **about,
                "words": words(network, windows, places),
                **score.means(bits, notes),
                "val_bits_event": header["metrics"]["val/loss"] / log(2),
            }
        )
        print(path.parent.name, round(float(rows[-1]["bits_event"]), 3), flush=True)
    table = pd.DataFrame(rows)[[*MODEL, *SCORED, *FIGURES]]
    table = table.astype({"seed": "Int64", "parameters": "Int64"})  # an n-gram has neither
    table.to_csv(HERE / "result.csv", index=False, float_format="%.4f")
    owner = np.searchsorted(np.sort(windows.first), places, "right")
    summary = summarised(table, scored, owner)
    summary.to_csv(HERE / "summary.csv", index=False, float_format="%.3f")
    print(summary.round(2).to_string(index=False, na_rep="-"))


def parts(music: Path) -> tuple[Windows, Windows, Windows]:
    """The test, val and training pieces, those of every run of the comparison."""
    settings = WindowSettings(exclude=list(LEFT_OUT))
    store = prepare(MusicSourceSettings(name="midi", root=str(music)))
    test, val, train = (
        Windows(store, select(store, settings, part)) for part in ("test", "val", "train")
    )
    return test, val, train


def words(network: networks.EventNetwork, windows: Windows, places: NDArray[np.int64]) -> float:
    """Share of the events whose chord the network can say; 1 when it spells them."""
    if not isinstance(network.representation, Chord):
        return 1.0
    said = network.representation.vocabulary.words(windows.cut(places, places + 1).tokens[:, 0])
    return float((said != UNKNOWN).float().mean())


def summarised(
    table: pd.DataFrame, scored: dict[tuple[str, str], list[Bits]], owner: NDArray[np.int64]
) -> pd.DataFrame:
    """One row a model: means over its runs, `plus_minus` of bits_event over seeds, and `low` to
    `high` over pieces. owner: (events,) the piece that each scored event belongs to.
    """
    rows = []
    for (network, representation), runs in scored.items():
        same = (table["network"] == network) & (table["representation"] == representation)
        own = table[same]
        low, high = over_pieces(np.mean([bits[:, :2].sum(1) for bits in runs], 0), owner)
        rows.append(
            {
                "network": network,
                "representation": representation,
                "runs": len(runs),
                "parameters": own["parameters"].iloc[0],
                "bits_event": own["bits_event"].mean(),
                "plus_minus": over_seeds(own["bits_event"].to_list()),
                "low": low,
                "high": high,
                **own[FIGURES[1:]].mean().to_dict(),
            }
        )
    return pd.DataFrame(rows).sort_values("bits_event")


def over_seeds(values: list[float]) -> float:
    """Half the width of the 95 % interval of the mean of a few runs; NaN for one."""
    if len(values) < 2:
        return float("nan")
    return STUDENT[len(values)] * float(np.std(values, ddof=1)) / sqrt(len(values))


def over_pieces(bits: Bits, owner: NDArray[np.int64]) -> tuple[float, float]:
    """95 % interval of the mean bits an event, had other pieces been held out (bootstrap).

    bits, owner: (events,), the bits of each and the piece it belongs to; whole pieces are drawn.
    """
    _, piece = np.unique(owner, return_inverse=True)
    sums, counts = np.bincount(piece, bits), np.bincount(piece)
    drawn = np.random.default_rng(0).integers(len(sums), size=(RESAMPLED, len(sums)))
    low, high = np.quantile(sums[drawn].sum(1) / counts[drawn].sum(1), [0.025, 0.975])
    return float(low), float(high)


if __name__ == "__main__":
    main()
