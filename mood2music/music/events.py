"""Turns notes into events and back: every onset or release begins one, pitches struck or held.

An event is the set of pitches that sound together and how long they do. `to_notes(to_events(n))`
gives back every pitch, onset and duration, and velocities in LEVELS steps.

    C4 for two quarters, G4 for the second of them
    -> [C4 struck] 24 steps, [C4 held, G4 struck] 24 steps
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mood2music.brief import brief
from mood2music.music.meter import Meter, moved_to, places
from mood2music.music.notes import GRID, Notes, make_notes

# A token is a pitch in an event: the MIDI number when it is struck, that plus HELD when it sounds
# on from the event before. END closes an event's pitches.
HELD = 128
END = 256
SYMBOLS = 257

# Longest single event in grid steps (two whole notes of 4/4); longer ones are split and held on.
LONGEST = 192

# Steps of dynamics, from the softest 0; sixteen MIDI velocities each.
LEVELS = 8
_WIDTH = 128 // LEVELS

# Pitches and duration; what is played, without how loud.
Event = tuple[tuple[int, ...], int]


def level_of(velocity: ArrayLike) -> NDArray[np.uint8]:
    """Dynamic level 0 to LEVELS - 1 of MIDI velocities 0 to 127, of the same shape."""
    return (np.asarray(velocity) // _WIDTH).astype(np.uint8)


def velocity_of(level: ArrayLike) -> NDArray[np.uint8]:
    """The MIDI velocity in the middle of a dynamic level, of the same shape."""
    return (np.asarray(level) * _WIDTH + _WIDTH // 2).astype(np.uint8)


# Of music that says nothing about dynamics: mezzo-forte.
PLAIN = int(level_of(80))


@brief
@dataclass(frozen=True)
class Events:
    """A sequence of events as flat arrays; event i has tokens[offsets[i]:offsets[i + 1]].

    tokens: (t,) uint8, pitch + 128 when held, ascending by pitch in each event
    offsets: (n + 1,) int64
    durations: (n,) int16, grid steps, 1 to LONGEST
    levels: (t,) uint8, dynamic level of each token's note, of a held one the level it was struck at
    start: grid step of the first event, so that a slice still knows where the beat falls
    grid: steps in a quarter note
    meter: time signatures, their steps counted as `start` is
    """

    tokens: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    durations: NDArray[np.int16]
    levels: NDArray[np.uint8]
    start: int = 0
    grid: int = GRID
    meter: Meter = ()

    def __len__(self) -> int:
        """Count the events."""
        return len(self.durations)

    def __getitem__(self, part: slice) -> "Events":
        """Take a slice of events (step 1)."""
        start, stop, _ = part.indices(len(self))
        stop = max(start, stop)
        low, high = self.offsets[start], self.offsets[stop]
        return Events(
            self.tokens[low:high],
            self.offsets[start : stop + 1] - low,
            self.durations[start:stop],
            self.levels[low:high],
            self.start + int(self.durations[:start].sum(dtype=np.int64)),
            self.grid,
            self.meter,
        )

    def chord(self, i: int) -> tuple[int, ...]:
        """Return the tokens of event i; () is a rest."""
        return tuple(self.tokens[self.offsets[i] : self.offsets[i + 1]].tolist())

    def as_list(self) -> list[Event]:
        """Return [(tokens, duration), ...], easier to read than to compute with."""
        return [(self.chord(i), int(self.durations[i])) for i in range(len(self))]

    def ends(self) -> NDArray[np.int64]:
        """Return the grid step at which each event ends and the next begins: (n,)."""
        return self.start + np.cumsum(self.durations, dtype=np.int64)

    def bar_places(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Say where in its bar each event ends and the next begins: (n,) each, as `places`."""
        return places(self.meter, self.ends(), self.grid)

    @property
    def origin(self) -> int:
        """Grid step that `to_notes` makes its step 0: the bar line at or before `start`.

        In a pickup, whose bar line would lie before the piece, it is the piece's own step 0.
        """
        line = self.start - int(places(self.meter, [self.start], self.grid)[0][0])
        return max(line, 0) if self.start >= 0 else line

    def begins(self) -> NDArray[np.int64]:
        """Return the grid step at which each event begins: (n,)."""
        return self.ends() - self.durations

    def one_voice(self) -> float:
        """Share of the sounding time in which one pitch sounds alone, 0 to 1; 0 without a note."""
        counts = self.counts()
        sounding = float(self.durations[counts > 0].sum())
        return float(self.durations[counts == 1].sum()) / sounding if sounding else 0.0

    def voices(self) -> float:
        """Mean number of pitches that sound at once, of the sounding time; 0 without a note."""
        counts = self.counts()
        sounding = float(self.durations[counts > 0].sum())
        return float((self.durations * counts).sum()) / sounding if sounding else 0.0

    def counts(self) -> NDArray[np.int64]:
        """Return how many pitches each event has: (n,)."""
        return np.diff(self.offsets)


def strikes(chord: Sequence[int]) -> bool:
    """Whether an event strikes a note."""
    return any(token < HELD for token in chord)


def sung(chord: Sequence[int]) -> bool:
    """Whether an event strikes a note of the tune: its highest."""
    return bool(chord) and chord[-1] < HELD


def from_list(
    events: Iterable[Event],
    start: int = 0,
    levels: Sequence[int] | None = None,
    grid: int = GRID,
    meter: Meter = (),
) -> Events:
    """Build events from [(tokens, duration), ...], the first of them at grid step `start`.

    levels: dynamic level of every token, one event behind the other; PLAIN when not given.
    """
    listed = list(events)
    counts = [len(tokens) for tokens, _ in listed]
    return Events(
        np.array([t for tokens, _ in listed for t in tokens], np.uint8),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.array([duration for _, duration in listed], np.int16),
        np.full(sum(counts), PLAIN, np.uint8) if levels is None else np.array(levels, np.uint8),
        start,
        grid,
        meter,
    )


def join(parts: Sequence[Events]) -> Events:
    """Put sequences of events one behind the other; start, grid and meter are the first one's."""
    counts = np.concatenate([np.zeros(0, np.int64), *(p.counts() for p in parts)])
    return Events(
        np.concatenate([np.zeros(0, np.uint8), *(p.tokens for p in parts)]),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.concatenate([np.zeros(0, np.int16), *(p.durations for p in parts)]),
        np.concatenate([np.zeros(0, np.uint8), *(p.levels for p in parts)]),
        parts[0].start if parts else 0,
        parts[0].grid if parts else GRID,
        parts[0].meter if parts else (),
    )


def between(events: Events, begin: int, end: int) -> Events:
    """What sounds from one grid step to another: an event that lies across is cut, and held on."""
    starts, ends = events.begins(), events.ends()
    inside = np.flatnonzero((ends > begin) & (starts < end))
    part = events[int(inside[0]) : int(inside[-1]) + 1]
    lengths = np.minimum(ends[inside], end) - np.maximum(starts[inside], begin)
    tokens = part.tokens.copy()
    if starts[inside[0]] < begin:
        first = slice(0, int(part.offsets[1]))
        tokens[first] = tokens[first] % HELD + HELD
    durations = lengths.astype(np.int16)
    return replace(part, tokens=tokens, durations=durations, start=max(part.start, begin))


def to_events(notes: Notes) -> Events:
    """Cut notes at every onset and release; silence between and before them becomes rests."""
    if not len(notes):
        return from_list([], grid=notes.grid, meter=notes.meter)
    release = notes.onset + notes.duration
    cuts = np.unique(np.concatenate([[0], notes.onset, release]))
    cuts = _split_long(cuts)
    first = np.searchsorted(cuts, notes.onset)
    spans = np.searchsorted(cuts, release) - first
    note = np.repeat(np.arange(len(notes)), spans)
    nth = np.arange(len(note)) - np.repeat(np.cumsum(spans) - spans, spans)
    event = first[note] + nth
    token = notes.pitch[note].astype(np.int64) + HELD * (nth > 0)
    order = np.lexsort((notes.pitch[note], event))
    counts = np.bincount(event, minlength=len(cuts) - 1)
    return Events(
        token[order].astype(np.uint8),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.diff(cuts).astype(np.int16),
        level_of(notes.velocity)[note][order],
        grid=notes.grid,
        meter=notes.meter,
    )


def to_notes(events: Events, tempo: float = 120.0, title: str = "") -> Notes:
    """Turn events back into notes. A held pitch that did not sound before is struck.

    The first event starts at its place in the bar (`start` less `origin`), so that a passage keeps
    its bars.
    """
    sounding: dict[int, tuple[int, int]] = {}  # pitch -> where it was struck, how loud
    rows: list[tuple[int, int, int, int]] = []
    velocity = velocity_of(events.levels).tolist()
    now = events.start - events.origin
    for i in range(len(events)):
        loud = velocity[events.offsets[i] : events.offsets[i + 1]]
        chord = {t % HELD: (t >= HELD, v) for t, v in zip(events.chord(i), loud, strict=True)}
        for pitch in [p for p in sounding if not chord.get(p, (False,))[0]]:
            start, struck = sounding.pop(pitch)
            rows.append((start, now - start, pitch, struck))
        for pitch, (_, struck) in chord.items():
            sounding.setdefault(pitch, (now, struck))
        now += int(events.durations[i])
    rows += [(start, now - start, pitch, struck) for pitch, (start, struck) in sounding.items()]
    onset, duration, pitches, velocities = zip(*rows, strict=True) if rows else ((), (), (), ())
    meter = moved_to(events.meter, events.origin, events.grid)
    return make_notes(onset, duration, pitches, velocities, tempo, events.grid, title, meter=meter)


def _split_long(cuts: NDArray[np.int64]) -> NDArray[np.int64]:
    gaps = np.diff(cuts)
    long = np.flatnonzero(gaps > LONGEST)
    extra = [np.arange(cuts[i] + LONGEST, cuts[i + 1], LONGEST) for i in long]
    return np.unique(np.concatenate([cuts, *extra])) if extra else cuts
