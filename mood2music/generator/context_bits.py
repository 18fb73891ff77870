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

    bits, bits_repeat: of the same events of held-out pieces in every row, those with enough events
    before them for the longest context that any piece is long enough for (longer ones are left
    out), and of those among them that literally repeat (`repeats`). What a network recalls of the
    whole piece so far it recalls in each of these rows.
    bits_place: of other events in every row, those with so many events before them and fewer than
    twice as many: what a network makes of a piece that grows longer.
    count: events of each of the three, as far as there are so many, drawn with `seed`. low, high:
    95 % intervals from drawing the pieces again.
    """
    windows = Windows(store, unseen(store, header)[0], past_of(network, store))
    deepest = max((row.events - 1 for row in windows.rows), default=0)
    contexts = sorted(context for context in set(contexts) if context <= deepest)
    if not contexts:
        return []
    rng = np.random.default_rng(seed)
    before = np.concatenate([np.arange(row.events) for row in windows.rows])
    piece = np.repeat([row.first for row in windows.rows], [row.events for row in windows.rows])
    again = np.concatenate([repeats(store.piece(row)) for row in windows.rows])

    def draw(wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.sort(rng.permutation(np.flatnonzero(wanted))[:count])

    deep = before >= contexts[-1]
    same = {"": draw(deep), "_repeat": draw(deep & again)}
    rows: list[Row] = []
    for context in contexts:
        cells: dict[str, str | float | int | None] = {"context": context}
        here = draw((before >= context) & (before < 2 * context))
        for name, drawn in {**same, "_place": here}.items():
            cells[f"events{name}"] = len(drawn)
            if len(drawn):
                bits = last_bits(network, windows, piece[drawn] + before[drawn], context)
                mean = _mean(bits, piece[drawn])
                told = {"bits": mean.value, "low": mean.low, "high": mean.high}
                cells |= {f"{part}{name}": value for part, value in told.items()}
        rows.append(cells)
    return rows


def _mean(bits: NDArray[np.float64], pieces: NDArray[np.int64]) -> Estimate:
    """Mean over events; the interval is one over pieces, whose own events are alike."""
    _, piece = np.unique(pieces, return_inverse=True)
    sums = np.stack([np.bincount(piece, bits), np.bincount(piece).astype(float)], 1)
    return bootstrap(sums, lambda means: means[:, 0] / means[:, 1])
