"""Follows n variants as they are written and says what is known beside each of their events."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from mood2music.generator.embedding import PAD, EventBatch, Recalled, bar_codes
from mood2music.generator.memory.recollection import NOTHING, Memory, Recollection
from mood2music.generator.sampling.next_events import Known
from mood2music.music.events import Events
from mood2music.music.meter import places


class Heard(NamedTuple):
    """What a variant has behind it.

    before: events that stand before the context, of the same piece, in order of their grid steps;
    point: the grid step at which the next event begins -> what it is pointed to
    """

    before: Events | None = None
    point: Callable[[int], Memory] = lambda _: NOTHING


class Knowing:
    """What the variants of one call recall, and where in their bars they are."""

    def __init__(
        self, memory: Sequence[str], contexts: Sequence[Events], heard: Sequence[Heard]
    ) -> None:
        """memory: kinds; heard: one a context."""
        self._grid = contexts[0].grid
        self._meters = [context.meter for context in contexts]
        self._recollections = [Recollection(memory, h.point) for h in heard]
        for recollection, h in zip(self._recollections, heard, strict=True):
            if h.before is not None:
                _tell(recollection, h.before)

    def of(self, batch: EventBatch, contexts: Sequence[Events]) -> EventBatch:
        """Add to the batch of the contexts what is known beside their events, and remember them."""
        known = [
            self._known([recollection.recalled()], self._bars([row], [end]))
            for row, (recollection, context) in enumerate(
                zip(self._recollections, contexts, strict=True)
            )
            for end in _told(recollection, context)
        ]
        widest = max(k.tokens.shape[-1] for k in known)
        tokens = np.full((len(known), known[0].tokens.shape[1], widest), PAD)
        for i, k in enumerate(known):
            tokens[i, :, : k.tokens.shape[-1]] = k.tokens[0]
        shape = batch.durations.shape
        rest = (np.concatenate([k[part] for k in known]) for part in (0, 2, 3))
        bars, durations, codes = (torch.from_numpy(a).view(*shape, -1) for a in rest)
        folded = torch.from_numpy(tokens).view(*shape, *tokens.shape[1:])
        return batch._replace(bars=bars, recalled=Recalled(folded, durations, codes))

    def add(
        self, tokens: NDArray[np.int64], durations: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> Known:
        """Take in one event more of each variant: (n, pitches), (n,), grid steps at its end."""
        recalled = []
        for row, recollection in enumerate(self._recollections):
            chord = tuple(tokens[row][tokens[row] != PAD].tolist())
            duration, end = int(durations[row]), int(ends[row])
            recollection.add((chord, duration), end - duration)
            recalled.append(recollection.recalled())
        return self._known(recalled, self._bars(range(len(ends)), ends.tolist()))

    def _bars(self, rows: Sequence[int], ends: Sequence[int]) -> NDArray[np.int64]:
        """Codes of the places in their bars at grid steps: (n, 2)."""
        found = [places(self._meters[r], [e], self._grid) for r, e in zip(rows, ends, strict=True)]
        place, length, compound = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return bar_codes(place, length, compound, self._grid)

    def _known(self, recalled: Sequence[Sequence[Memory]], bars: NDArray[np.int64]) -> Known:
        kinds = len(recalled[0])
        widest = max([1, *(len(chord) for row in recalled for chord, _, _ in row)])
        tokens = np.full((len(recalled), kinds, widest), PAD)
        rest = np.zeros((2, len(recalled), kinds), np.int64)
        for i, row in enumerate(recalled):
            for kind, (chord, duration, code) in enumerate(row):
                tokens[i, kind, : len(chord)] = chord
                rest[:, i, kind] = duration, code
        return Known(bars, tokens, rest[0], rest[1])


def _tell(recollection: Recollection, events: Events) -> None:
    for _ in _told(recollection, events):
        pass


def _told(recollection: Recollection, events: Events) -> Iterator[int]:
    """Tell of events one by one; yields the grid step at which each ends."""
    start = events.start
    for event in events.as_list():
        recollection.add(event, start)
        start += event[1]
        yield start
