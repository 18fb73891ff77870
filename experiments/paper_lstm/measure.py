"""Scores the runs of paper/ten_pieces: bits and accuracy on pieces trained on and held out.

    python -m experiments.paper_lstm.measure [runs=outputs/ten_pieces]

Each network is measured where its held-out loss was lowest (best.safetensors) and after the last
epoch (last.ckpt), on the events with 32 before them in the training, val and test pieces; a
bigram of the training pieces stands beside them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from experiments.measuring import measuring
from mood2music.command.settings import parse
from mood2music.errors import DataError
from mood2music.generator import network as networks
from mood2music.generator.chord import UNKNOWN, Chord
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.generator.event_batch import PAD
from mood2music.generator.event_ngram import EventNGram
from mood2music.generator.network import EventNetwork
from mood2music.generator.parts import PARTS, select
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import ready
from mood2music.generator.sampling.drawing import DRAWS
from mood2music.generator.sampling.limits import free
from mood2music.generator.score import (
    BATCH,
    SCORING_CONTEXT,
    network_bits,
    ngram_bits,
    sample_events,
)
from mood2music.generator.windows import Windows
from mood2music.learn.stored_network import restore
from mood2music.music.events import Events
from mood2music.store.prepare import prepare

Places = NDArray[np.int64]
LIKELIEST = SamplerSettings(temperature=0)


@dataclass
class Settings:
    """runs: folder with a folder for each network that was trained."""

    runs: Path


@dataclass(frozen=True)
class Part:
    """The events of one side of the split that are measured: their places in the store."""

    name: str
    windows: Windows
    places: Places

    def bits(self, network: EventNetwork) -> NDArray[np.float64]:
        """Bits of each event's chord, duration and levels: (events, 3)."""
        return network_bits(network, self.windows, self.places)


@measuring
def main(asked: Settings) -> None:
    """Measure every run, write result.csv beside this file and print it."""
    runs = sorted(asked.runs.glob("*/last.ckpt"))
    if not runs:
        raise DataError(
            "no run with a last.ckpt: train first, see experiments/paper_lstm/README.md"
        )
    torch.set_num_threads(1)
    rows: list[dict[str, str | int | float]] = []
    for last in runs:
        network, header = networks.load(last.with_name("best.safetensors"))
        parts = _parts(header)
        train = parts[0].windows.pieces()
        if not rows:
            bigram = EventNGram.fit(train, 2)
            for part in parts:
                bits = ngram_bits(bigram, part.windows, part.places)
                rows.append({"network": "bigram", **_about(part, train), **_means(bits)})
        network_row = {
            "network": network.settings.name,
            "representation": network.settings.representation,
            "optimizer": header["optimizer"]["name"],
        }
        for when in ("lowest", "last"):
            epoch = int(header["metrics"]["epoch"])
            if when == "last":
                epoch = load_last(network, last)
            for part in parts:
                right = likeliest_is_right(network, part.windows, part.places)
                rows.append(
                    {
                        **network_row,
                        "when": when,
                        "epoch": epoch + 1,
                        **_about(part, train),
                        "words": share_of_words(network, part.windows, part.places),
                        **_means(part.bits(network)),
                        "chord_accuracy": float(right[:, 0].mean()),
                        "event_accuracy": float(right[:, 1].mean()),
                    }
                )
    table = pd.DataFrame(rows)
    out = Path(__file__).parent / "result.csv"
    table.to_csv(out, index=False, float_format="%.4f")
    print(table.round(3).to_string(index=False, na_rep="-"))
    print(out)


def load_last(network: EventNetwork, path: Path) -> int:
    """Put the weights of Lightning's last.ckpt into `network`; give its epoch, counted from 0."""
    saved = torch.load(path, map_location="cpu", weights_only=True)
    state = {name.removeprefix("network."): tensor for name, tensor in saved["state_dict"].items()}
    restore(network, state, path)
    return int(saved["epoch"])


@torch.inference_mode()
def likeliest_is_right(
    network: EventNetwork, windows: Windows, places: Places
) -> NDArray[np.bool_]:
    """Say of each event whether its chord, and whether chord and duration, were the likeliest.

    places: (events,) in the store; the network reads SCORING_CONTEXT events of its piece before
    each. Gives (events, 2). A chord spelled pitch by pitch is the likeliest when each
    choice is; the likeliest duration is the one given the likeliest chord.
    """
    right = []
    drawer = ready(network).drawer
    numbers = np.zeros((BATCH, DRAWS))  # nothing is drawn at temperature 0
    for start in range(0, len(places), BATCH):
        part = places[start : start + BATCH]
        batch = windows.cut(part - SCORING_CONTEXT, part + 1)
        context = network.encoder(network.representation.embed(batch.part(None, -1)))[:, -1]
        drawn = drawer.draw(
            context.numpy(), free(batch.tokens[:, -2].numpy()), LIKELIEST, numbers[: len(part)]
        )
        chords, durations = torch.from_numpy(drawn.tokens), torch.from_numpy(drawn.durations)
        width = max(chords.shape[1], batch.tokens.shape[2])
        chord = (_padded(chords, width) == _padded(batch.tokens[:, -1], width)).all(1)
        both = chord & (durations == batch.durations[:, -1])
        right.append(torch.stack([chord, both], 1))
    answer: NDArray[np.bool_] = torch.cat(right).numpy()
    return answer


def known_chords(train: Iterable[Events], part: Windows, places: Places) -> float:
    """Share of the events at `places` whose chord stands somewhere in the training pieces."""
    known = {piece.chord(i) for piece in train for i in range(len(piece))}
    store = part.store
    low, high = store.offsets[places], store.offsets[places + 1]
    asked = [tuple(store.tokens[a:b].tolist()) for a, b in zip(low, high, strict=True)]
    return sum(chord in known for chord in asked) / len(asked)


def share_of_words(network: EventNetwork, windows: Windows, places: Places) -> float:
    """Share of the events at `places` whose chord the network can say; 1 when it spells them."""
    if not isinstance(network.representation, Chord):
        return 1.0
    words = network.representation.vocabulary.words(windows.cut(places, places + 1).tokens[:, 0])
    return float((words != UNKNOWN).float().mean())


def _parts(header: dict[str, Any]) -> list[Part]:
    """The three sides of the split that the network's training saw, from its checkpoint."""
    settings = parse(MusicDataSettings, header["data"]["settings"], "data")
    store = prepare(settings)
    if store.fingerprint != header["data"]["fingerprint"]:
        raise DataError("music21's corpus is not the one that was trained on: train again")
    parts = []
    for name in PARTS:
        windows = Windows(store, select(store, settings, name))
        # A seed is asked for and plays no part: all events are taken.
        parts.append(Part(name, windows, sample_events(windows, len(store.durations), seed=0)))
    return parts


def _about(part: Part, train: list[Events]) -> dict[str, str | int | float]:
    return {
        "part": part.name,
        "pieces": len(part.windows.rows),
        "events": len(part.places),
        "known_chords": known_chords(train, part.windows, part.places),
    }


def _means(bits: NDArray[np.float64]) -> dict[str, float]:
    return {
        "bits_event": float(bits[:, :2].sum(1).mean()),
        "chord_bits": float(bits[:, 0].mean()),
        "duration_bits": float(bits[:, 1].mean()),
    }


def _padded(tokens: torch.Tensor, width: int) -> torch.Tensor:
    return torch.nn.functional.pad(tokens, (0, width - tokens.shape[1]), value=PAD)


if __name__ == "__main__":
    main()
