"""Decides bar by bar what a piece that is being written comes back to: itself, or its song."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mood2music.generator.memory.form import FRESH, GO_ON, Form
from mood2music.generator.memory.kinds import CLOSE, LOOSE, NEW
from mood2music.generator.memory.recollection import NOTHING, Memory
from mood2music.music.events import Event, Events
from mood2music.music.meter import Meter, bar_lines, places

# Bars of a phrase: where a theme is taken up in the song, and for how long.
PHRASE = 4


@dataclass
class Place:
    """A bar to come back to: of the song or of the piece itself, by its number there."""

    in_song: bool
    bar: int


@dataclass(frozen=True)
class Guiding:
    """What guides are made from; see `Guide`."""

    form: Form
    theme: float = 0.0
    song: Events | None = None

    @cached_property
    def song_events(self) -> dict[int, Event]:
        """The song's events by the grid step at which they begin; made once for all guides."""
        if self.song is None:
            return {}
        return dict(zip(self.song.begins().tolist(), self.song.as_list(), strict=True))

    @cached_property
    def song_lines(self) -> list[int]:
        """Bar lines of the song, the one behind its end left out; none without an event."""
        if self.song is None or not len(self.song):
            return []
        last = int(self.song.ends()[-1])
        lines = bar_lines(self.song.meter, last, self.song.grid).tolist()
        return [line for line in lines if line < last]

    def guide(self, context: Events, rng: np.random.Generator) -> "Guide":
        """A guide of one piece that begins with `context`."""
        return Guide(self, context.meter, context.grid, rng)


class Guide:
    """What each bar of a piece is pointed to.

    Every bar either brings new matter or comes back to one that was heard, as the bars of the
    style do (`Form`); at the beginning of a phrase of new matter the song's theme is taken up
    instead, with probability `theme`.
    """

    def __init__(self, guiding: Guiding, meter: Meter, grid: int, rng: np.random.Generator) -> None:
        """guiding: its song is in the network's key; meter, grid: of the piece."""
        self._form, self._theme, self._rng = guiding.form, guiding.theme, rng
        self._meter, self._grid = meter, grid
        self._own: dict[int, Event] = {}
        self._song, self._song_lines = guiding.song_events, guiding.song_lines
        self.lines: list[int] = []  # bar lines of the piece, those without an event left out
        self.places: list[tuple[Place | None, int]] = []
        self._age = self._left = 0
        self._next_theme: int | None = None

    def add(self, event: Event, start: int) -> None:
        """Take in one event of the piece, heard or written, which begins at `start`."""
        self._own[start] = event
        self._bar(start, decide=False)

    def point(self, step: int) -> Memory:
        """What the event that begins at `step` is pointed to."""
        bar = self._bar(step, decide=True)
        place, code = self.places[bar]
        if place is None:
            return (*NOTHING[:2], NEW)
        lines = self._song_lines if place.in_song else self.lines
        there = lines[place.bar] + step - self.lines[bar]
        event = (self._song if place.in_song else self._own).get(there)
        return (*event, code) if event is not None else (*NOTHING[:2], code)

    def _bar(self, step: int, decide: bool) -> int:
        """Number of the bar that `step` stands in; a new one is decided on where asked."""
        line = step - int(places(self._meter, [step], self._grid)[0][0])
        if not self.lines or line > self.lines[-1]:
            self.lines.append(line)
            self.places.append(self._decided() if decide else (None, NEW))
        return len(self.lines) - 1

    def _decided(self) -> tuple[Place | None, int]:
        bar = len(self.lines) - 1
        before, code = self.places[-1] if self.places else (None, NEW)
        if before is not None and before.in_song:
            if self._left and before.bar + 1 < len(self._song_lines):
                self._left -= 1
                self._next_theme = before.bar + 2
                return Place(True, before.bar + 1), self._theme_code()
            before, self._age = None, 0
        does = self._form.outcome(self._age, self._rng)
        if does == GO_ON and before is not None and before.bar + 1 < bar:
            self._age += 1
            return Place(False, before.bar + 1), self._form.code(code, self._rng)
        if does != FRESH:
            back = self._form.distance(bar, self._rng)
            if back is not None:
                self._age = 1
                return Place(False, bar - back), self._form.code(code, self._rng)
        self._age = 0
        if self._song_lines and self._rng.random() < self._theme:
            return self._taken_up(), self._theme_code()
        return None, NEW

    def _taken_up(self) -> Place:
        """The bar of the song at which a phrase of its theme begins: the next, or any."""
        at = self._next_theme
        if at is None or at >= len(self._song_lines) or self._rng.random() < 0.5:
            at = PHRASE * int(self._rng.integers(-(-len(self._song_lines) // PHRASE)))
        self._left = int(self._rng.integers(1, PHRASE))
        self._next_theme = at + 1
        return Place(True, at)

    def _theme_code(self) -> int:
        return CLOSE if self._rng.random() < self._theme else LOOSE
