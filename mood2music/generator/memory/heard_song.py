"""Reads of a song what a piece takes of it: its bars, phrases, tune, chords and texture."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from mood2music.music.events import Event, Events, strikes, sung
from mood2music.music.meter import bar_lines
from mood2music.music.phrases import phrases_of
from mood2music.music.texture import Textures, textures_of

# Notes by which phrases of a song are told to be one that comes back.
OPENING = 8

# Pitch and grid step of a note of a tune.
Note = tuple[int, int]


@dataclass(frozen=True)
class HeardSong:
    """A song in the network's key, or None; each property is found once, however many ask."""

    whole: Events | None

    @cached_property
    def events(self) -> dict[int, Event]:
        """Its events by the grid step at which they begin, in order."""
        if self.whole is None:
            return {}
        return dict(zip(self.whole.begins().tolist(), self.whole.as_list(), strict=True))

    @cached_property
    def steps(self) -> list[int]:
        """Where its events begin, in order."""
        return list(self.events)

    @cached_property
    def lines(self) -> list[int]:
        """Its bar lines, the one behind its end left out; none without an event."""
        if self.whole is None or not len(self.whole):
            return []
        last = int(self.whole.ends()[-1])
        lines = bar_lines(self.whole.meter, last, self.whole.grid).tolist()
        return [line for line in lines if line < last]

    @cached_property
    def phrases(self) -> list[int]:
        """Which of its bars phrases begin with."""
        if not self.lines or self.whole is None:
            return []
        found = np.searchsorted(self.lines, phrases_of(self.whole))
        return sorted({*found[found < len(self.lines)].tolist()})

    @cached_property
    def alike(self) -> list[frozenset[int]]:
        """Of each phrase those that begin as it does, itself among them: one comes once more."""
        begins = [self.lines[bar] for bar in self.phrases]
        steps = [step for _, step in self.tune]
        first = [*np.searchsorted(steps, begins).tolist(), len(steps)]
        openings = [
            tuple((pitch, step - begin) for pitch, step in self.tune[at : min(end, at + OPENING)])
            for begin, (at, end) in zip(begins, pairwise(first), strict=True)
        ]
        same: dict[tuple[Note, ...], set[int]] = {}
        for phrase, opening in enumerate(openings):
            same.setdefault(opening, set()).add(phrase)
        return [frozenset(same[opening]) for opening in openings]

    @cached_property
    def tune(self) -> list[Note]:
        """The notes of its tune."""
        return [(chord[-1], step) for step, (chord, _) in self.events.items() if sung(chord)]

    @cached_property
    def wait(self) -> float | None:
        """Grid steps from onset to onset, on average; None where it has none."""
        onsets = sum(strikes(chord) for chord, _ in self.events.values())
        if self.whole is None or not onsets:
            return None
        return (int(self.whole.ends()[-1]) - self.whole.start) / onsets

    @cached_property
    def texture(self) -> Textures | None:
        """How full its bars are, None where it has none."""
        return None if self.whole is None or not self.lines else textures_of(self.whole)
