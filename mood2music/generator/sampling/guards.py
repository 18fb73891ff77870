"""What variants have heard and written to what each may write next."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Floats
from mood2music.generator.event_batch import NO_LEVEL
from mood2music.generator.sampling.choice import PLACE, SamplerSettings
from mood2music.generator.sampling.constraints import Constraints
from mood2music.generator.sampling.ending import Closing
from mood2music.generator.sampling.limits import ANY, Limits, Repeats
from mood2music.generator.sampling.next_events import NextEvents
from mood2music.music.events import END, HELD, LONGEST, PLAIN, Event, Events
from mood2music.registry import find

# A pitch may be held on where this part of a quarter note is left of its longest hold; where less
# is, the next event would have to be a splinter.
SHORTEST_HOLD = 4


class Guard(Protocol):
    """What a registered guard is, built from its settings, the count of variants and the grid.

    grid: steps of a quarter note.
    """

    def add(self, event: NextEvents) -> None:
        """Take in one event more of each variant, those heard first."""

    def limit(self, scores: Floats) -> None:
        """Change the odds of what comes next, in place.

        scores: (n, SYMBOLS) added to the logits: column p strikes pitch p, column HELD + p holds it
        on; -inf rules out. The end of a chord, END, stays possible whatever is written there.
        """


class Memory:
    """The events of n variants side by side, and the guards and constraints on the next ones."""

    def __init__(
        self,
        contexts: Sequence[Events],
        heard: Sequence[NextEvents],
        length: int,
        sampler: SamplerSettings,
        constraints: Constraints,
    ) -> None:
        """contexts, heard: the same events, before the first that is written; length: at most."""
        n, self._grid = len(contexts), contexts[0].grid
        self._sampler, self._polyphony = sampler, constraints.polyphony
        self._hold = ANY if sampler.longest_hold is None else int(sampler.longest_hold * self._grid)
        self._rest = (
            None if sampler.longest_rest is None else int(sampler.longest_rest * self._grid)
        )
        self._oldest = self._hold - max(1, self._grid // SHORTEST_HOLD)
        self._closed = np.repeat(constraints.closed()[None], n, 0)
        self._holdable = np.full((n, HELD), -np.inf, np.float32)
        self._struck_at = np.zeros((n, HELD), np.int64)
        self._now = np.zeros((n, 1), np.int64)
        self._silent = np.zeros(n, np.int64)  # grid steps that nothing has sounded
        self._recent = np.zeros((sampler.penalty_window, n, HELD), np.float32)
        self._strikes = np.zeros((n, HELD), np.float32)
        guarded = sampler.loop_run or sampler.no_repeat_ngram
        self._guards: list[Guard] = [
            find("guard", name, PLACE).build(settings, n, self._grid)
            for name, settings in sampler.guarded().items()
        ]
        self._repeats = Repeats(n, len(heard) + length, sampler) if guarded else None
        # How loud a pitch is that was struck before the context and is held in it.
        self._loud = np.full((n, HELD), PLAIN)
        for loud, context in zip(self._loud, contexts, strict=True):
            loud[context.tokens[::-1] % HELD] = context.levels[::-1]
        self._events: list[NextEvents] = []
        for event in heard:
            self.add(event)
        self._heard = len(heard)

    def limits(self, closing: Closing | None = None) -> Limits:
        """Say what may be drawn next. The first event that is written cannot end the piece.

        closing: what else holds near the end.
        """
        scores = self._closed.copy()
        ages = self._ages()
        if ages is not None:
            self._holdable[ages > self._oldest] = -np.inf
        scores[:, HELD:END] += self._holdable
        if self._sampler.repetition_penalty > 1:
            scores[:, :HELD] -= self._strikes * np.log(np.float32(self._sampler.repetition_penalty))
        for guard in self._guards:
            guard.limit(scores)
            scores[:, END] = 0
        may_end = self._sampler.end_of_piece and len(self._events) > self._heard
        silence = None if self._rest is None else np.maximum(self._rest - self._silent, 0)
        limits = Limits(
            scores, self._polyphony, self._hold, ages, self._forbidden(), may_end, silence=silence
        )
        if closing is None:
            return limits
        # At the very end a repeat is no loop.
        scores += closing.scores
        if limits.silence is not None:  # what the last chord lacks is put below it
            limits = limits._replace(silence=np.where(closing.last, LONGEST, limits.silence))
        forbidden = {row: own for row, own in limits.forbidden.items() if not closing.near[row]}
        return limits._replace(forbidden=forbidden, left=closing.left, last=closing.last)

    def add(self, event: NextEvents) -> None:
        """Take in one event more of each variant."""
        pitch = event.token % HELD
        struck = event.token < HELD
        self._struck_at[event.row[struck], pitch[struck]] = self._now[event.row[struck], 0]
        self._holdable.fill(-np.inf)
        self._holdable[event.row, pitch] = 0
        self._now += event.durations[:, None]
        self._silent += event.durations
        self._silent[event.row] = 0
        if self._sampler.repetition_penalty > 1:
            new = self._recent[len(self._events) % len(self._recent)]
            self._strikes -= new
            new.fill(0)
            new[event.row[struck], pitch[struck]] = 1
            self._strikes += new
        for guard in self._guards:
            guard.add(event)
        if self._repeats is not None:
            self._repeats.add(event.tokens, event.durations)
        self._events.append(event)

    def written(self, lengths: NDArray[np.int64], starts: Sequence[int]) -> list[Events]:
        """Give what each variant has written: `lengths` events, the first at its grid step."""
        time = np.repeat(np.arange(len(self._events)), [len(e.row) for e in self._events])
        row, token, level = (
            np.concatenate([np.zeros(0, np.int64), *arrays])
            for arrays in zip(*((e.row, e.token, e.level) for e in self._events), strict=True)
        )
        # A held pitch is as loud as it was struck: the last strike of it, in its variant, before.
        string = row * HELD + token % HELD
        order = np.lexsort((time, string))
        known = (np.diff(string[order], prepend=-1) > 0) | (level[order] != NO_LEVEL)
        source = np.maximum.accumulate(np.where(known, np.arange(len(order)), 0))
        level[order] = level[order][source]
        level = np.where(level == NO_LEVEL, self._loud.ravel()[string], level)
        pieces = []
        for i, (length, start) in enumerate(zip(lengths.tolist(), starts, strict=True)):
            own = (row == i) & (time >= self._heard) & (time < self._heard + length)
            counts = np.bincount(time[own] - self._heard, minlength=length)
            written = self._events[self._heard : self._heard + length]
            pieces.append(
                Events(
                    token[own].astype(np.uint8),
                    np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
                    np.array([event.durations[i] for event in written], np.int16),
                    level[own].astype(np.uint8),
                    start,
                    self._grid,
                )
            )
        return pieces

    def _ages(self) -> NDArray[np.int64] | None:
        """Grid steps since each pitch was struck, (n, 128); None where no hold is near its end."""
        last = self._events[-1]
        pitch = last.token % HELD
        ages = self._now[last.row, 0] - self._struck_at[last.row, pitch]
        if ages.max(initial=0) <= self._hold - LONGEST:
            return None
        return self._now - self._struck_at

    def _forbidden(self) -> dict[int, list[Event]]:
        """The events that would complete a repeat which the settings rule out, by row."""
        if self._repeats is None:
            return {}
        found = self._repeats.completing()
        return {row: [self._event(row, at) for at in sorted(ats)] for row, ats in found.items()}

    def _event(self, row: int, at: int) -> Event:
        event = self._events[at]
        return tuple(event.token[event.row == row].tolist()), int(event.durations[row])
