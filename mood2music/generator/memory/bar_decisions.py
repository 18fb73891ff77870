"""Decides of each bar of a piece whether it is new, comes back, or is taken from the song."""

import numpy as np

from mood2music.generator.memory.bar_counts import FRESH, GO_ON, PHRASE, RETURN, BarCounts
from mood2music.generator.memory.choruses import Choruses
from mood2music.generator.memory.kinds import CLOSE, NEW
from mood2music.generator.memory.place import Place, own_bar
from mood2music.generator.memory.theme import Theme, closeness_of
from mood2music.generator.memory.variety import Variety
from mood2music.music.events import Event
from mood2music.music.meter import Meter, bar_lines, places

# Bars that are drawn for one to come back with which the piece gets on.
TRIES = 8


class BarDecisions:
    """The bars of a piece, and what each of them comes back to.

    A bar either brings new matter or comes back to one that was heard, as the bars of the style do
    (`BarCounts`); instead of new matter a passage of the song is taken up (`Theme`). It comes back
    where the piece gets on with it (`Variety`), and rather where its chords are due (`Choruses`).

    lines: bar lines of the piece, those without an event left out; places: of each of these bars
    the one that it comes back to, None for new matter, and how closely.
    """

    def __init__(
        self,
        counts: BarCounts,
        theme: Theme,
        choruses: Choruses | None,
        fitting: float,
        meter: Meter,
        grid: int,
        rng: np.random.Generator,
    ) -> None:
        """No bar yet.

        fitting: a bar comes back by this power of how alike its chords are to those that are due;
        meter, grid: of the piece.
        """
        self._counts, self._theme, self._choruses = counts, theme, choruses
        self._fitting, self._meter, self._grid, self._rng = fitting, meter, grid, rng
        self._variety = Variety()
        self.lines: list[int] = []
        self.places: list[tuple[Place | None, int]] = []
        # Bars in a row that came back, and those that would have come back where the song stands.
        self._age = self._owed = 0

    def add(self, event: Event, start: int) -> int:
        """Take in an event that begins at grid step `start`; give the line of its bar.

        A bar that begins with it is new matter, whatever it is.
        """
        self._reach(start, decide=False)
        line = self.lines[-1]
        self._variety.add(event, start - line)
        return line

    def decided(self, step: int) -> tuple[int, Place | None, int]:
        """The line of the bar of `step`, and what it comes back to: a new bar is decided on."""
        self._reach(step, decide=True)
        return self.lines[-1], *self.places[-1]

    def line(self, step: int) -> int:
        """The bar line at or before a step."""
        return step - int(places(self._meter, [step], self._grid)[0][0])

    def begun(self, line: int) -> bool:
        """Whether the last bar is the one at `line`."""
        return bool(self.lines) and self.lines[-1] == line

    def bars_to(self, line: int) -> int:
        """How many bars lie from the last bar with an event to the one at `line`."""
        if not self.lines:
            return 1
        lines = bar_lines(self._meter, line + 1, self._grid)
        return max(1, int(((lines > self.lines[-1]) & (lines <= line)).sum()))

    def _reach(self, step: int, decide: bool) -> None:
        """Begin the bar of a step unless it is the last one; it is decided on where asked."""
        line = self.line(step)
        if self.lines and line <= self.lines[-1]:
            return
        self._variety.begin(own_bar(self.places[-1][0]) if self.places else None)
        bars = self.bars_to(line)
        self.lines.append(line)
        place, code = self._decide(bars) if decide else (None, NEW)
        self.places.append((place, code))
        if self._choruses is not None:
            of_song = place.bar if place is not None and place.in_song else None
            self._choruses.add(line, own_bar(place), of_song, bars)

    def _decide(self, bars: int) -> tuple[Place | None, int]:
        """What comes back in the last bar, which is so many bars behind the one before."""
        bar = len(self.lines) - 1
        before, code = self.places[-1] if self.places else (None, NEW)
        if before is not None and before.in_song:
            if (behind := self._theme.goes_on(before, bars)) is not None:
                returns = self._counts.outcome(self._age, bar, PHRASE, self._rng) != FRESH
                self._owed += returns
                self._age = self._age + 1 if returns else 0
                return behind, closeness_of(behind)
            before, self._age = None, 0
        place, code = self._of_the_piece(bar, bars, before, code)
        if place is None and (begun := self._theme.begins()) is not None:
            self._age = 0
            return begun, closeness_of(begun)
        return place, code

    def _of_the_piece(
        self, bar: int, bars: int, before: Place | None, code: int
    ) -> tuple[Place | None, int]:
        """New matter, or a bar of the piece that comes back, behind one of `code`."""
        behind = PHRASE if before is None else bar - 1 - before.bar
        does = self._counts.outcome(self._age, bar, behind, self._rng)
        if does == FRESH and self._owed:
            self._owed -= 1
            does = RETURN if before is None else GO_ON
        if does == FRESH:
            self._age = 0
            return None, NEW
        if does == GO_ON and before is not None and before.bar + 1 < bar:
            to = before.bar + 1
            if not self._stuck(to, before.move):
                self._age += 1
                return self._returned(to, before.move, code)
        fits = None
        if self._choruses is not None:
            fits = (self._choruses.fits(self.lines[bar], bars) ** self._fitting).tolist()
        for _ in range(TRIES):
            back = self._counts.distance(self._variety.onsets[:bar], self._rng, fits)
            if back is None:
                break
            move = self._counts.move(self._rng)
            if not self._stuck(bar - back, move):
                self._age = 1
                return self._returned(bar - back, move, code)
        self._age = 0
        return None, NEW

    def _stuck(self, to: int, move: int) -> bool:
        there, _ = self.places[to]
        return self._variety.stuck(to, move, there is not None and there.move != 0)

    def _returned(self, to: int, move: int, before: int) -> tuple[Place, int]:
        """A bar that comes back, behind one of code `before`; a moved one comes back closely."""
        code = self._counts.code(before, len(self.lines) - 1, self._variety.onsets[to], self._rng)
        return Place(False, to, move), max(code, CLOSE) if move else code
