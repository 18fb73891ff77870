"""Whole network or adapter, with music of the base or without? Bits along a training, step by step.

    python -m experiments.own_style.choose folder=FOLDER held=FOLDER music=FOLDER out=FOLDER

Learns from the pieces in `folder` and scores pieces of the same style in `held`, and pieces of the
base's music that it has not seen. Writes choose.csv: a row a way and number of steps.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from experiments.measuring import measuring
from mood2music.generator.batches import RandomBatches
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.generator.event_batch import EventBatch
from mood2music.generator.network import EventNetwork, load
from mood2music.generator.score import means, network_bits, sample_events, struck, unseen
from mood2music.generator.windows import Windows, past_of
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare
from mood2music.style.learning import Learning
from mood2music.style.own import split
from mood2music.style.own_batches import Mixed
from mood2music.style.rehearsal import Rehearsal
from mood2music.style.shipped import locate

# Pieces of the base's music that are scored.
BASE_PIECES = 60


@dataclass
class Settings:
    """See choose.yaml."""

    folder: Path
    held: Path
    music: str | None
    store: str | None
    model: str
    ways: list[list[Any]]
    steps: int
    every: int
    events: int
    out: Path


class LowRank(nn.Module):
    """A weight and the product of two narrow matrices, which alone are learnt (Hu et al. 2022)."""

    def __init__(self, weight: Tensor, rank: int) -> None:
        """`weight`: (rows, columns); it is left as it is at first."""
        super().__init__()
        rows, columns = weight.shape
        self.down = nn.Parameter(torch.randn(rank, columns) / sqrt(columns))
        self.up = nn.Parameter(torch.zeros(rows, rank))

    def forward(self, weight: Tensor) -> Tensor:
        """Add the product."""
        return weight + self.up @ self.down


def adapt(network: EventNetwork, rank: int) -> None:
    """Put LowRank over every matrix that is large enough to gain by it; these are fixed then."""
    for module in list(network.modules()):
        for name, weight in list(module.named_parameters(recurse=False)):
            if weight.dim() == 2 and min(weight.shape) > 2 * rank:
                weight.requires_grad_(False)
                parametrize.register_parametrization(module, name, LowRank(weight, rank))


@measuring
def main(asked: Settings) -> None:
    """Train each way, score on the way, write the table."""
    asked.out.mkdir(parents=True, exist_ok=True)
    held = prepare(MusicSourceSettings(root=str(asked.held)))
    known = prepare(MusicSourceSettings(root=asked.music, store=asked.store))
    rows = unseen(known, load(locate(asked.model))[1])[0]
    rows = [rows[i] for i in np.random.default_rng(0).permutation(len(rows))[:BASE_PIECES]]
    with (asked.out / "choose.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["way", "rehearsal", "parameters", "step", "bits_style", "bits_base"])
        for rank, rehearsal in asked.ways:
            for row in trained(asked, int(rank), str(rehearsal), held, replace(known, pieces=rows)):
                table.writerow(row)
                file.flush()
                print(*row, flush=True)
    print(asked.out / "choose.csv")


def trained(
    asked: Settings, rank: int, rehearsal: str, held: Store, known: Store
) -> Iterator[tuple[str, str, int, int, float, float]]:
    """Train one way, the whole network where rank is 0; give a row at the beginning and later."""
    learning = Learning(rehearsal, openings=0.0 if rehearsal == "none" else Learning.openings)
    network, header = load(locate(asked.model))
    batches = batches_of(asked, network, header, learning)
    scored = [
        (Windows(store, store.pieces, past_of(network, store)), store) for store in (held, known)
    ]
    torch.manual_seed(0)
    if rank:
        adapt(network, rank)
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = torch.optim.Adam(weights, learning.lr if not rank else 4 * learning.lr)
    count = sum(weight.numel() for weight in weights)
    for step in range(asked.steps + 1):
        if step % asked.every == 0:
            told = [bits(network, *of, asked.events) for of in scored]
            way = f"adapter of rank {rank}" if rank else "whole network"
            yield way, rehearsal, count, step, round(told[0], 3), round(told[1], 3)
        with torch.autocast("cpu", torch.bfloat16):
            nats = network.train().nats(next(batches), 0.3)
            loss = nats.chords.mean() + nats.durations.mean() + nats.levels.mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()


def batches_of(
    asked: Settings, network: EventNetwork, header: dict[str, Any], learning: Learning
) -> Iterator[EventBatch]:
    """Give batches as `style.learning` does."""
    data = MusicDataSettings(
        root=str(asked.folder), window=learning.window, batch_size=learning.size,
        epoch=learning.size * (asked.steps + 1), openings=learning.openings,
    )  # fmt: skip
    store = prepare(data, progress=False)
    own = Windows(store, split(store.pieces)[0], past_of(network, store))
    music = Rehearsal(learning.rehearsal, locate(asked.model), header).open(
        network, lambda done, total: None
    )
    others = music and Windows(music, music.pieces, past_of(network, music))
    other = others and RandomBatches(others, replace(data, openings=0.0), network.targets, 1)
    mine = RandomBatches(own, data, network.targets, 0, others)
    return iter(Mixed(mine, other, learning.share, 0))


def bits(network: EventNetwork, windows: Windows, store: Store, events: int) -> float:
    """Bits an event, `events` of them."""
    for module in network.modules():
        if isinstance(module, nn.RNNBase):
            module._init_flat_weights()  # what it computes with follows the adapters
    places = sample_events(windows, events, seed=0)
    found = network_bits(network.eval(), windows, places)
    return means(found, struck(store, places))["bits_event"]


if __name__ == "__main__":
    main()
