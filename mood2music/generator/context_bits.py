"""Measures what a network gains by reading further back, and whether it hears a passage return."""

from collections.abc import Mapping, Sequence
from math import log
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mood2music.generator.network import EventNetwork
from mood2music.generator.score import BATCH, SCORING_CONTEXT, unseen
from mood2music.generator.windows import Windows, past_of
from mood2music.music.events import Events
from mood2music.store.event_store import Store
from mood2music.study.intervals import Estimate, bootstrap

# Events that have to be the same before one that repeats what followed them.
HEARD = 3

Row = Mapping[str, str | float | int | None]


def repeats(events: Events) -> NDArray[np.bool_]:
    """Say which events literally continue an earlier passage: (n,).

    The HEARD events before it stood in the piece before, in pitches, held or struck, and durations,
    and the event is the one that followed there, the latest time.

    C D E F, C D E F, C D E G -> the second and third time from F on, but not G
    """
    names: dict[object, int] = {}
    ids = [names.setdefault(event, len(names)) for event in events.as_list()]
    after: dict[tuple[int, ...], int] = {}
    found = np.zeros(len(ids), np.bool_)
    for i in range(HEARD, len(ids)):
        heard = tuple(ids[i - HEARD : i])
        found[i] = after.get(heard) == ids[i]
        after[heard] = ids[i]
    return found


@torch.inference_mode()
def last_bits(
    network: EventNetwork, windows: Windows, places: NDArray[np.int64], context: int
) -> NDArray[np.float64]:
    """Bits of each event's chord and duration, after `context` events of its piece: (events,).

    places: (events,) in the store, each with so many events before it.
    """
    bits = []
    size = max(1, BATCH * SCORING_CONTEXT // context)
    for start in range(0, len(places), size):
        part = places[start : start + size]
        batch = windows.cut(part - context, part + 1)
        nats = network.representation.nats(*network.predicted(batch, last=True))
        bits.append((nats.chords + nats.durations) / log(2))
    return torch.cat(bits).double().numpy()


def measure(
    network: EventNetwork,
    header: Mapping[str, Any],
    store: Store,
    contexts: Sequence[int],
    count: int,
    seed: int,
) -> list[Row]:
    """Give a row a context: mean bits an event when so many events before it are read.

    All contexts are measured on the same events of held-out pieces, those with enough events before
    them for the longest context that any piece is long enough for; longer contexts are left out.
    What a network recalls of a whole piece it recalls in every context. One half of the `count`
    events is drawn from all of these, the other from those that literally repeat (`repeats`), as
    far as there are so many. 95 % intervals from drawing the pieces again.
    """
    windows = Windows(store, unseen(store, header)[0], past_of(network, store))
    deepest = max((row.events - 1 for row in windows.rows), default=0)
    contexts = sorted(context for context in set(contexts) if context <= deepest)
    if not contexts:
        return []
    everywhere, again = [], []
    for row in windows.rows:
        here = np.arange(contexts[-1], row.events)
        everywhere.append(row.first + here)
        again.append(row.first + here[repeats(store.piece(row))[here]])
    first, rng = np.sort(windows.first), np.random.default_rng(seed)
    drawn = {
        name: np.sort(rng.permutation(np.concatenate(places))[: max(count // 2, 1)])
        for name, places in (("", everywhere), ("_repeat", again))
    }
    rows: list[Row] = []
    for context in contexts:
        cells: dict[str, str | float | int | None] = {"context": context}
        for name, places in drawn.items():
            cells[f"events{name}"] = len(places)
            if len(places):
                bits = last_bits(network, windows, places, context)
                mean = _mean(bits, np.searchsorted(first, places, "right"))
                told = {"bits": mean.value, "low": mean.low, "high": mean.high}
                cells |= {f"{part}{name}": value for part, value in told.items()}
        rows.append(cells)
    return rows


def _mean(bits: NDArray[np.float64], pieces: NDArray[np.int64]) -> Estimate:
    """Mean over events; the interval is one over pieces, whose own events are alike."""
    _, piece = np.unique(pieces, return_inverse=True)
    sums = np.stack([np.bincount(piece, bits), np.bincount(piece).astype(float)], 1)
    return bootstrap(sums, lambda means: means[:, 0] / means[:, 1])
