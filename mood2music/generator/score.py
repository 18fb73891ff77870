"""Measures the bits an event and a note of a network, on pieces that it was not trained on."""

import logging
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mood2music.errors import DataError
from mood2music.generator.event_ngram import EventNGram
from mood2music.generator.network import EventNetwork
from mood2music.generator.windows import Windows, past_of
from mood2music.music.events import HELD
from mood2music.store.event_store import PieceRow, Store

# Events that are read before each one that is scored, the same for every network.
SCORING_CONTEXT = 32
BATCH = 256
# Smoothed n-grams that stand beside every network, by their order.
BASELINES = {5: "5-gram", 2: "bigram"}

logger = logging.getLogger(__name__)


def names(rows: Sequence[PieceRow]) -> list[str]:
    """Name pieces by their content, as checkpoints list what they were trained on."""
    return sorted(row.name for row in rows)


def seen(header: Mapping[str, Any]) -> list[str]:
    """Names of the pieces that a network, or one before it, learnt from or was chosen on."""
    data = header.get("data", {})
    lists = (data.get(part, []) for part in ("train_names", "val_names", "seen_before"))
    return sorted({name for part in lists for name in part})


def unseen(store: Store, header: Mapping[str, Any]) -> tuple[list[PieceRow], list[PieceRow]]:
    """Split a store into pieces that had no part in a network's training, and its training pieces.

    A piece is out when it, or a near copy of it, was trained on or helped to choose the weights.
    Raises DataError when the checkpoint does not say what it was trained on, or nothing is left.
    """
    data = header.get("data", {})
    if "train_names" not in data:
        raise DataError("the checkpoint does not list its training pieces: train it again")
    known = set(seen(header))
    used = {row.group for row in store.pieces if row.name in known}
    held_out = [row for row in store.pieces if row.group not in used]
    if not held_out:
        raise DataError(f"the network has seen all {len(store.pieces)} pieces of this folder")
    train = set(data["train_names"])
    return held_out, [row for row in store.pieces if row.name in train]


def sample_events(windows: Windows, count: int, seed: int) -> NDArray[np.int64]:
    """Draw places in the store, `count` or all, with SCORING_CONTEXT events before them."""
    places = np.concatenate(
        [
            np.arange(first + SCORING_CONTEXT, first + length - 1)  # the end of the piece left out
            for first, length in zip(windows.first, windows.length, strict=True)
        ]
    )
    if not len(places):
        raise DataError(f"no held-out piece has more than {SCORING_CONTEXT} events")
    chosen = np.random.default_rng(seed).permutation(places)[:count]
    return np.sort(chosen).astype(np.int64)


@torch.inference_mode()
def network_bits(
    network: EventNetwork, windows: Windows, places: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Bits of the chord, the duration and the levels of each event: (events, 3).

    places: (events,) in the store; SCORING_CONTEXT events of its piece before each are read.
    """
    bits = []
    for start in range(0, len(places), BATCH):
        part = places[start : start + BATCH]
        batch = windows.cut(part - SCORING_CONTEXT, part + 1)
        nats = network.representation.nats(*network.predicted(batch, last=True))
        bits.append(torch.stack(nats, 1) / log(2))
    return torch.cat(bits).double().numpy()


def ngram_bits(
    ngram: EventNGram, windows: Windows, places: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Bits of the chord, the duration and the levels of each event: (events, 3)."""
    bits = np.zeros((len(places), 3))
    for row in windows.rows:
        here = (places >= row.first) & (places < row.first + row.events)
        if here.any():
            bits[here] = ngram.bits(windows.store.piece(row))[places[here] - row.first]
    return bits


def struck(store: Store, places: NDArray[np.int64]) -> int:
    """Count the notes struck in these events."""
    return int(struck_in(store, places).sum())


def struck_in(store: Store, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the notes struck in each of these events: (events,)."""
    before = np.concatenate([[0], np.cumsum(store.tokens < HELD)])
    counts: NDArray[np.int64] = before[store.offsets[places + 1]] - before[store.offsets[places]]
    return counts


def means(bits: NDArray[np.float64], notes: int) -> dict[str, float]:
    """Means of (events, 3) bits, `notes` of them struck.

    bits_event: of chord and duration, what is played; bits_note: the same over the notes struck;
    level_bits: an event's, how loud it is played, in neither.
    """
    chord, duration, level = (float(mean) for mean in bits.mean(0))
    return {
        "bits_event": chord + duration,
        "chord_bits": chord,
        "duration_bits": duration,
        "bits_note": (chord + duration) * len(bits) / max(notes, 1),
        "level_bits": level,
    }


def measure(
    network: EventNetwork, header: Mapping[str, Any], store: Store, count: int, seed: int
) -> list[dict[str, str | float | int | None]]:
    """Give one row each for the network and for a 5-gram and a bigram of its training pieces.

    count: held-out events to score, drawn with `seed`; the figures are those of `means`. Without
    any of the training pieces in the store there are no n-grams, and the log says so.
    """
    held_out, train = unseen(store, header)
    windows = Windows(store, held_out, past_of(network, store))
    places = sample_events(windows, count, seed)
    notes = struck(store, places)
    scored = {
        f"{network.settings.name} {network.settings.representation}": network_bits(
            network, windows, places
        )
    }
    if train:
        pieces = [store.piece(row) for row in train]
        for order, name in BASELINES.items():
            scored[name] = ngram_bits(EventNGram.fit(pieces, order), windows, places)
    else:
        logger.warning("none of the network's training pieces are here: no n-gram beside it")
    about = {"pieces": len(windows.rows), "events": len(places), "notes": notes}
    return [{"model": name, **about, **means(bits, notes)} for name, bits in scored.items()]
