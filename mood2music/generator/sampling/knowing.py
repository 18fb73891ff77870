"""Follows n variants as they are written and says what is known beside each of their events."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from mood2music.arrays import Floats
from mood2music.generator.event_batch import DURATIONS, PAD, EventBatch, Recalled, bar_codes
from mood2music.generator.memory.guide import Guide
from mood2music.generator.memory.recollection import NOTHING, Memory, Recollection
from mood2music.generator.memory.urges import Quote, Urge
from mood2music.generator.moods import Told
from mood2music.generator.sampling.limits import Limits
from mood2music.generator.sampling.next_events import Known
from mood2music.generator.sampling.urging import urged
from mood2music.music.events import LONGEST, Event, Events
from mood2music.music.meter import places


class Heard(NamedTuple):
    """What a variant has behind it.

    guide: what decides to which bars it comes back; None: nothing points to any; told: the mood,
    pace and mode that it is to have, of networks that read them; untold as it stands
    """

    guide: Guide | None = None
    told: Told = Told()


class Knowing:
    """What the variants of one call recall, where in their bars they are, and their moods."""

    def __init__(
        self, memory: Sequence[str], contexts: Sequence[Events], heard: Sequence[Heard]
    ) -> None:
        """memory: kinds; heard: one a context."""
        self._grid = contexts[0].grid
        self._meters = [context.meter for context in contexts]
        self._told = [h.told for h in heard]
        self._counts = [0] * len(contexts)  # events of each context and behind it
        self._followed = [_Followed(memory, h.guide) for h in heard]

    def of(self, batch: EventBatch, contexts: Sequence[Events]) -> EventBatch:
        """Add to the batch of the contexts what is known beside their events, and remember them."""
        known = [
            self._known([followed.recalled(last)], [row], [end], [count])
            for row, (followed, context) in enumerate(zip(self._followed, contexts, strict=True))
            for count, (end, last) in enumerate(followed.reading(context), start=1)
        ]
        self._counts = [len(context) for context in contexts]
        widest = max(k.tokens.shape[-1] for k in known)
        tokens = np.full((len(known), known[0].tokens.shape[1], widest), PAD)
        for i, k in enumerate(known):
            tokens[i, :, : k.tokens.shape[-1]] = k.tokens[0]
        shape = batch.durations.shape
        rest = (np.concatenate([k[part] for k in known]) for part in (0, 2, 3, 4, 5, 6))
        bars, durations, codes, *told = (torch.from_numpy(a).view(*shape, -1) for a in rest)
        folded = torch.from_numpy(tokens).view(*shape, *tokens.shape[1:])
        recalled = Recalled(folded, durations, codes)
        moods, harmony, texture = told
        return batch._replace(
            bars=bars, recalled=recalled, moods=moods, harmony=harmony, texture=texture
        )

    def urged(self, limits: Limits, near: NDArray[np.bool_] | None = None) -> Limits:
        """Make it likelier that variants play what their guides take up (see `urging`).

        What comes back in its rhythm is marked. near: (n,), which variants are on their way to the
        end and take up nothing more; None: none is.
        """
        free = np.ones(len(self._followed), bool) if near is None else ~near
        if not free.any():
            return limits
        limits = limits._replace(
            again=np.array([f.again for f in self._followed]) & free,
            pace=np.stack([f.pace for f in self._followed]) * free[:, None],
        )
        urges = zip(self._followed, free, strict=True)
        return urged(limits, [followed.urge if own else None for followed, own in urges])

    def add(
        self, tokens: NDArray[np.int64], durations: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> Known:
        """Take in one event more of each variant: (n, pitches), (n,), grid steps at its end."""
        recalled = []
        for row, followed in enumerate(self._followed):
            chord = tuple(tokens[row][tokens[row] != PAD].tolist())
            duration, end = int(durations[row]), int(ends[row])
            followed.add((chord, duration), end - duration)
            recalled.append(followed.recalled(True))
            self._counts[row] += 1
        return self._known(recalled, range(len(ends)), ends.tolist(), self._counts)

    def _bars(self, rows: Sequence[int], ends: Sequence[int]) -> NDArray[np.int64]:
        """Codes of the places in their bars at grid steps: (n, 2)."""
        found = [places(self._meters[r], [e], self._grid) for r, e in zip(rows, ends, strict=True)]
        place, length, compound = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return bar_codes(place, length, compound, self._grid)

    def _known(
        self,
        recalled: Sequence[Sequence[Memory]],
        variants: Sequence[int],
        ends: Sequence[int],
        counts: Sequence[int],
    ) -> Known:
        told = [
            own.codes(count if own.counted else end)
            for own, end, count in zip((self._told[v] for v in variants), ends, counts, strict=True)
        ]
        chords = [self._followed[v].chords(end) for v, end in zip(variants, ends, strict=True)]
        full = [self._followed[v].texture(end) for v, end in zip(variants, ends, strict=True)]
        kinds = len(recalled[0])
        widest = max([1, *(len(chord) for row in recalled for chord, _, _ in row)])
        tokens = np.full((len(recalled), kinds, widest), PAD)
        rest = np.zeros((2, len(recalled), kinds), np.int64)
        for i, row in enumerate(recalled):
            for kind, (chord, duration, code) in enumerate(row):
                tokens[i, kind, : len(chord)] = chord
                rest[:, i, kind] = duration, code
        parts = np.stack(told), np.array(chords, np.int64), np.array(full, np.int64)
        return Known(self._bars(variants, ends), tokens, rest[0], rest[1], *parts)


class _Followed:
    """One variant: its memory, and its guide where it has one."""

    def __init__(self, memory: Sequence[str], guide: Guide | None) -> None:
        self._guide = guide
        self._pointing = False
        self._recollection = Recollection(memory, self._point)

    @property
    def urge(self) -> Urge | Quote | None:
        return None if self._guide is None else self._guide.urge

    @property
    def again(self) -> bool:
        return self._guide is not None and self._guide.again

    @property
    def pace(self) -> Floats:
        """What is added to the logits of durations, (DURATIONS,)."""
        logits = np.zeros(DURATIONS, np.float32)
        if self._guide is not None:
            logits[: LONGEST + 1] = self._guide.pace
        return logits

    def chords(self, step: int) -> tuple[int, int]:
        """The chord that an event at `step` stands on and the one behind it, 0 for untold ones."""
        return (0, 0) if self._guide is None else self._guide.chords(step)

    def texture(self, step: int) -> tuple[int, int]:
        """How full the bar is to be that an event at `step` begins in, 0 for untold ones."""
        return (0, 0) if self._guide is None else self._guide.texture(step)

    def add(self, event: Event, start: int) -> None:
        self._recollection.add(event, start)
        if self._guide is not None:
            self._guide.add(event, start)

    def recalled(self, pointing: bool) -> list[Memory]:
        """What is recalled now; pointing: whether the guide is asked, as in writing."""
        self._pointing = pointing
        return self._recollection.recalled()

    def reading(self, events: Events) -> Iterator[tuple[int, bool]]:
        """Take in events; gives the grid step at the end of each, and if it is the last."""
        start = events.start
        for i, event in enumerate(events.as_list(), start=1):
            self.add(event, start)
            start += event[1]
            yield start, i == len(events)

    def _point(self, step: int) -> Memory:
        if self._guide is None or not self._pointing:
            return NOTHING
        return self._guide.point(step)
