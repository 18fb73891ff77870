"""A network and a store to bits an event and a note, on pieces that it was not trained on."""

import logging
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

import numpy as np
import torch

from mood2music.errors import DataError
from mood2music.generator.bigram import Bigram
from mood2music.generator.network import EventNetwork
from mood2music.generator.windows import Windows
from mood2music.music.events import HELD, Event
from mood2music.music.store import PieceRow, Store

# Events that are read before each one that is scored, the same for every network.
CONTEXT = 32
BATCH = 256
NAME = 16  # leading digits of a SHA-256 that name a piece in a checkpoint

logger = logging.getLogger(__name__)


def names(rows: Sequence[PieceRow]) -> list[str]:
    """Name pieces by their content, as checkpoints list what they were trained on."""
    return sorted(row.sha256[:NAME] for row in rows)


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
    used = {row.group for row in store.pieces if row.sha256[:NAME] in known}
    held_out = [row for row in store.pieces if row.group not in used]
    if not held_out:
        raise DataError(f"the network has seen all {len(store.pieces)} pieces of this folder")
    train = set(data["train_names"])
    return held_out, [row for row in store.pieces if row.sha256[:NAME] in train]


def sample_events(windows: Windows, count: int, seed: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Places in the store of `count` events, or all there are, with CONTEXT events before them."""
    places = np.concatenate(
        [
            np.arange(first + CONTEXT, first + length)
            for first, length in zip(windows.first, windows.length, strict=True)
        ]
    )
    if not len(places):
        raise DataError(f"no held-out piece has more than {CONTEXT} events")
    chosen = np.random.default_rng(seed).permutation(places)[:count]
    return np.sort(chosen).astype(np.int64)


@torch.inference_mode()
def network_bits(
    network: EventNetwork, windows: Windows, places: np.ndarray[Any, np.dtype[np.int64]]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Bits of the chord and of the duration of each event: (events, 2)."""
    bits = []
    for start in range(0, len(places), BATCH):
        part = places[start : start + BATCH]
        batch = windows.cut(part - CONTEXT, part + 1)
        chords, durations = network.nats(batch)
        if network.targets == "all":  # all the window's events were scored; the last ones count
            chords, durations = (x.view(len(part), -1)[:, -1] for x in (chords, durations))
        bits.append(torch.stack([chords, durations], 1) / log(2))
    return torch.cat(bits).double().numpy()


def bigram_bits(
    bigram: Bigram, store: Store, places: np.ndarray[Any, np.dtype[np.int64]]
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Bits of the chord and of the duration of each event: (events, 2)."""
    return np.array([bigram.bits(_event(store, p - 1), _event(store, p)) for p in places])


def struck(store: Store, places: np.ndarray[Any, np.dtype[np.int64]]) -> int:
    """Count the notes struck in these events."""
    return sum(token < HELD for place in places for token in _event(store, place)[0])


def measure(
    network: EventNetwork, header: Mapping[str, Any], store: Store, count: int, seed: int
) -> list[dict[str, str | float | int | None]]:
    """Give one row each for the network and for a bigram of its training pieces.

    count: held-out events to score; bits_event, chord_bits, duration_bits: a scored event;
    bits_note: the same bits over the notes struck in them. Without any of the training pieces in
    the store there is no bigram, and the log says so.
    """
    held_out, train = unseen(store, header)
    windows = Windows(store, held_out)
    places = sample_events(windows, count, seed)
    notes = struck(store, places)
    scored = {f"{network.settings.name} {network.settings.representation}": network_bits(
        network, windows, places
    )}  # fmt: skip
    if train:
        bigram = Bigram.fit([store.piece(row) for row in train])
        scored["bigram"] = bigram_bits(bigram, store, places)
    else:
        logger.warning("none of the network's training pieces are here: no bigram beside it")
    return [
        {
            "model": name,
            "pieces": len(windows.rows),
            "events": len(places),
            "notes": notes,
            "bits_event": float(bits.sum(1).mean()),
            "chord_bits": float(bits[:, 0].mean()),
            "duration_bits": float(bits[:, 1].mean()),
            "bits_note": float(bits.sum() / max(notes, 1)),
        }
        for name, bits in scored.items()
    ]


def _event(store: Store, place: int) -> Event:
    low, high = store.offsets[place], store.offsets[place + 1]
    return tuple(store.tokens[low:high].tolist()), int(store.durations[place])
