"""Recalls, event by event, what followed earlier in a piece that is being written."""

from collections.abc import Callable, Hashable, Sequence

from mood2music.generator.memory.kinds import LENGTHS, MELODY, MOVED, SAME, SHORTEST
from mood2music.music.events import HELD, LONGEST, Event

# Tokens, duration and code, as in Recalled.
Memory = tuple[tuple[int, ...], int, int]
NOTHING: Memory = ((), 0, 0)


class Recollection:
    """What one variant recalls of all that it has heard and written.

    Same events: the same recall as `past` finds for a piece that is known as a whole.
    """

    def __init__(
        self, memory: Sequence[str], point: Callable[[int], Memory] = lambda _: NOTHING
    ) -> None:
        """memory: kinds, in the network's order; point: the grid step at which the next event
        begins -> what it is pointed to there, as `pointed` memory.
        """
        self._memory, self._point = list(memory), point
        self._events: list[Event] = []
        self._starts: list[int] = []
        self._same = _Latest(SHORTEST[SAME])
        self._moved = _Latest(SHORTEST[MOVED])
        self._tune = _Latest(SHORTEST[MELODY])
        self._top = 60
        self._tops: list[int] = []
        self._sung: list[tuple[int, int]] = []  # pitch and grid step of each note of the tune
        self._sought: tuple[int, int, int] | None = None
        self._found: dict[str, tuple[int, int]] = {}

    def add(self, event: Event, start: int) -> None:
        """Take in one event more, which begins at grid step `start`."""
        chord, duration = event
        at = len(self._events)
        self._events.append(event)
        self._starts.append(start)
        if SAME in self._memory:
            self._found[SAME] = self._same.add(event, event)
        if MOVED in self._memory:
            top = chord[-1] % HELD if chord else self._top
            shape = (tuple(top - t % HELD + HELD * (t >= HELD) for t in chord), duration)
            step = top - self._top if at else 0
            self._top = top
            self._tops.append(top)
            self._found[MOVED] = self._moved.add((shape, step), shape)
        if MELODY in self._memory and chord and chord[-1] < HELD:
            self._sing(chord[-1], start)

    def _sing(self, pitch: int, start: int) -> None:
        self._sung.append((pitch, start))
        if len(self._sung) < 2:
            return
        # The interval that leads to a note names it; the first has no name.
        before, code = self._tune.add(*[pitch - self._sung[-2][0]] * 2)
        self._sought = None
        if code:
            (there, then), (after, later) = self._sung[before + 1], self._sung[before + 2]
            sought = pitch + after - there
            if 0 <= sought < HELD:
                self._sought = (sought, start + later - then, code)

    def recalled(self) -> list[Memory]:
        """What is recalled now, of each kind."""
        return [self._recalled(kind) for kind in self._memory]

    def _recalled(self, kind: str) -> Memory:
        end = self._starts[-1] + self._events[-1][1]
        if kind == MELODY:
            if self._sought is None:
                return NOTHING
            pitch, due, code = self._sought
            return (pitch,), min(max(due - end, 0), LONGEST), code
        if kind in (SAME, MOVED):
            before, code = self._found[kind]
            if not code:
                return NOTHING
            chord, duration = self._events[before + 1]
            shift = self._tops[-1] - self._tops[before] if kind == MOVED else 0
            if shift:
                moved = [(t % HELD + shift, t // HELD * HELD) for t in chord]
                chord = tuple(pitch + held for pitch, held in moved if 0 <= pitch < HELD)
            return chord, duration, code
        return self._point(end)


class _Latest:
    """Where the longest match of the last items ended before, the latest place."""

    def __init__(self, shortest: int) -> None:
        self._lengths = [(i, n) for i, n in enumerate(LENGTHS, start=1) if n >= shortest]
        self._items: list[Hashable] = []
        self._beginnings: list[Hashable] = []
        self._numbers: dict[Hashable, int] = {}
        self._places: list[dict[tuple[Hashable, ...], int]] = [{} for _ in self._lengths]

    def add(self, item: Hashable, beginning: Hashable) -> tuple[int, int]:
        """Take in an item, `beginning` where a match begins with it: place and code, 0: none."""
        # Small numbers are quicker to compare than what they stand for.
        at = len(self._items)
        self._items.append(self._numbers.setdefault((0, item), len(self._numbers)))
        self._beginnings.append(self._numbers.setdefault((1, beginning), len(self._numbers)))
        found = (-1, 0)
        for (code, length), places in zip(self._lengths, self._places, strict=True):
            first = at - length + 1
            if first < 0:
                break
            name = (self._beginnings[first], *self._items[first + 1 :])
            before = places.get(name)
            if before is not None:
                found = (before, code)
            places[name] = at
        return found
