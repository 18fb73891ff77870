"""Brings a piece to its end: a bar line, where its tonic stands behind its dominant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Floats
from mood2music.generator.event_batch import NO_LEVEL, PAD
from mood2music.generator.sampling.constraints import Constraints
from mood2music.music.events import END, HELD, PLAIN, SYMBOLS, Events
from mood2music.music.meter import bar_length, places

# Pitch classes in the two keys that networks write in: C major and A minor. An authentic cadence
# goes from the dominant seventh chord to the tonic with its root in the bass.
TONIC = {"major": (0, 4, 7), "minor": (9, 0, 4)}
DOMINANT = {"major": (7, 11, 2, 5), "minor": (4, 8, 11, 2)}
# The leading tone of A minor, which is not of its signature, and what its log odds gain for that.
LEADING, LEADS = 8, 1.5
# Below it only the tonic's root may be struck at the end.
BASS = 55
# Bars at the end that a piece whose length is counted in events keeps room for, and events that a
# bar is taken to need at least.
ROOM, FEWEST = 3, 6
# Bars before its end from which on a piece is on its way there.
NEAR = 4
NEVER = 1 << 40
OCTAVE, MIDDLE = 12, 60
# Pitches that sound at once, on the mean, below which music is of one voice, and ends on one.
BARE = 1.5


@dataclass(frozen=True)
class Ending:
    """How a piece ends, or a part of it.

    mode: of its key, major or minor, None for no cadence; stop: the grid step of the bar line at
    which it ends, None for the one near the last event that there is room for.
    """

    mode: str | None
    stop: int | None = None


class Closing(NamedTuple):
    """What n variants may do near their end.

    scores: (n, SYMBOLS), added to those of the limits; left: (n,) grid steps that the next event
    may last; last: (n,) bool, which of them draw their last event, which lasts as long as is left;
    near: (n,) bool, which of them are on their way to the end, the others being free of all that
    """

    scores: Floats
    left: NDArray[np.int64]
    last: NDArray[np.bool_]
    near: NDArray[np.bool_]


class _Span(NamedTuple):
    """Of a context, what its last chord has: how many pitches, about the lowest and the highest."""

    voices: int
    low: int
    high: int


class Endings:
    """Where n variants are on their way to the end.

    stops: (n,) grid steps at which they end, NEVER before that is known.
    """

    def __init__(
        self, ending: Ending, contexts: Sequence[Events], length: int, constraints: Constraints
    ) -> None:
        """length: events that are written at most."""
        self._ending, self._length = ending, length
        self._contexts = contexts
        self._starts = np.array([int(context.ends()[-1]) for context in contexts])
        self._bars = np.array([_bar(context, end) for context, end in
                               zip(contexts, self._starts.tolist(), strict=True)])  # fmt: skip
        given = NEVER if ending.stop is None else ending.stop
        self.stops = np.full(len(contexts), given)
        free = constraints.pitches()
        pitch = np.arange(HELD)
        mode = ending.mode or "major"  # of no cadence neither is asked for
        tonic, dominant = (np.isin(pitch % 12, chord[mode]) for chord in (TONIC, DOMINANT))
        self._root, self._third, _ = TONIC[mode]
        tonic &= (pitch >= BASS) | (pitch % 12 == self._root)
        self._dominant = _scores(free & dominant, held=True)
        if ending.mode == "minor":
            leading = (pitch % 12 == LEADING) & (pitch >= BASS)
            self._dominant[:HELD][free & leading] += LEADS
        self._tonic = _scores(free & tonic, held=False)
        self._polyphony = constraints.polyphony
        self._roots = pitch[free & (pitch % 12 == self._root)]
        self._upper = pitch[free & tonic & (pitch >= BASS)]
        self._spans = [_span(context) for context in contexts]

    def closing(self, ends: NDArray[np.int64], written: int) -> Closing | None:
        """What may come behind events that end at `ends`, (n,); None where all are far from it."""
        if self._ending.stop is None:
            self._find_stops(ends, written)
        final = self.stops - self._bars
        cadence = final - np.maximum(self._bars // 2, 1)
        if self._ending.mode is None:
            cadence = final = self.stops
        bounds = np.stack([cadence, final, self.stops], 1)
        later = np.where(bounds > ends[:, None], bounds, NEVER)
        left = np.maximum(later.min(1) - ends, 1)
        near = left <= self._bars * NEAR
        if not near.any():
            return None
        left[~near] = NEVER
        scores = np.zeros((len(ends), SYMBOLS), np.float32)
        last = (ends >= final) & (ends < self.stops)
        scores[(ends >= cadence) & (ends < final)] = self._dominant
        scores[last] = self._tonic
        return Closing(scores, left, last, near)

    def whole(
        self, tokens: NDArray[np.int64], levels: NDArray[np.int64], last: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Make last chords whole: tokens and levels, (n, pitches).

        The tonic's root is put below one that lacks it in the bass, instead of the lowest pitch
        where no more may sound. One with fewer voices than its context has, or than a triad where
        that has more than one, gets the tonic's other pitches, the uppermost as high as the tune;
        one of three voices its third.
        """
        chords = []
        for row, (chord, loud, final) in enumerate(zip(tokens, levels, last, strict=True)):
            pairs = [(int(t), int(v)) for t, v in zip(chord, loud, strict=True) if t != PAD]
            chords.append(self._filled(self._rooted(pairs, row), row) if final else pairs)
        widest = max([1, *map(len, chords)])
        both = np.full((2, len(chords), widest), PAD)
        both[1] = NO_LEVEL
        for row, pairs in enumerate(chords):
            for place, pair in enumerate(pairs):
                both[:, row, place] = pair
        return both[0], both[1]

    def _rooted(self, pairs: list[tuple[int, int]], row: int) -> list[tuple[int, int]]:
        """The same above the root, as low as the context's bass where the chord lies higher."""
        voices, bass, _ = self._spans[row]
        rooted = bool(pairs) and pairs[0][0] % 12 == self._root
        if not len(self._roots) or (rooted and (voices == 1 or pairs[0][0] < bass + OCTAVE)):
            return pairs
        lowest = pairs[0][0] if pairs else BASS
        below = self._roots[self._roots < lowest]
        if not len(below):
            if rooted:
                return pairs
            # Nothing sounds below the root that is nearest.
            root = int(self._roots[np.abs(self._roots - lowest).argmin()])
            return [(root, pairs[0][1] if pairs else PLAIN), *(p for p in pairs if p[0] > root)]
        root = int(below[np.abs(below - bass).argmin()])
        full = len(pairs) == self._polyphony
        return [(root, pairs[0][1] if pairs else PLAIN), *pairs[int(full) :]]

    def _filled(self, pairs: list[tuple[int, int]], row: int) -> list[tuple[int, int]]:
        """The same with as many voices as a last chord has behind the context."""
        voices, top = min(self._spans[row].voices, self._polyphony), self._spans[row].high
        chord = dict(pairs)
        while pairs and len(chord) < voices:
            highest = max(chord)
            free = self._upper[(self._upper > min(chord)) & ~np.isin(self._upper, list(chord))]
            free = free[free < max(highest, top + OCTAVE / 2)]
            # Where the tune is, then what the chord lacks, its third first, then what is below the
            # uppermost.
            above, below = free[free > highest], free[free < highest]
            lifted = highest < top - OCTAVE / 2 and len(above) > 0
            free, near = (above, top) if lifted else (free, highest)
            lacking = free[~np.isin(free % 12, [pitch % 12 for pitch in chord])]
            if not lifted and len(thirds := lacking[lacking % 12 == self._third]):
                lacking = thirds
            free = lacking if len(lacking) else above if lifted else below
            if not len(free):
                break
            chord[int(free[np.abs(free - near).argmin()])] = pairs[0][1]
        return self._with_third(sorted(chord.items()))

    def _with_third(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The same with the tonic's third where three voices have none: a bare fifth is no end.

        It is added below the uppermost, instead of an inner voice where no more may sound.
        """
        if len(pairs) < 3 or any(pitch % 12 == self._third for pitch, _ in pairs):
            return pairs
        (low, loud), *inner, (high, _) = pairs
        free = self._upper[self._upper % 12 == self._third]
        free = free[(free > low) & (free < high)]
        if not len(free):
            return pairs
        full = len(pairs) >= self._polyphony
        return sorted([pairs[0], (int(free[-1]), loud), *inner[int(full) :], pairs[-1]])

    def _find_stops(self, ends: NDArray[np.int64], written: int) -> None:
        """Stop at the bar line that the events left will reach, once they are few."""
        bars = np.maximum((ends - self._starts) / self._bars, 0.25)
        needed = np.maximum(written / bars, FEWEST) * ROOM
        for row in np.flatnonzero(
            (self.stops == NEVER) & (self._length - written <= needed)
        ).tolist():
            end = int(ends[row])
            place = int(places(self._contexts[row].meter, [end], self._contexts[row].grid)[0][0])
            bar = int(self._bars[row])
            # The last bar but one has to have its second half before it.
            self.stops[row] = end - place + bar * (2 if place <= bar // 2 else 3)


def _bar(context: Events, end: int) -> int:
    """Grid steps of the bar that the context ends in."""
    return int(places(context.meter, [end], context.grid)[1][0])


def _span(context: Events) -> _Span:
    counts = context.counts()
    sounds = counts > 0
    if not sounds.any():
        return _Span(1, MIDDLE, MIDDLE)
    voices = np.average(counts[sounds], weights=context.durations[sounds])
    first, last = context.offsets[:-1][sounds], context.offsets[1:][sounds] - 1
    low, high = (int(np.median(context.tokens[at] % HELD)) for at in (first, last))
    return _Span(1 if voices < BARE else max(3, round(float(voices))), low, high)


def _scores(allowed: NDArray[np.bool_], held: bool) -> Floats:
    """Scores of symbols, (SYMBOLS,): 0 for an allowed pitch, held on too where `held`, and END."""
    scores = np.full(SYMBOLS, -np.inf, np.float32)
    scores[:HELD][allowed] = 0
    if held:
        scores[HELD:END][allowed] = 0
    scores[END] = 0
    return scores


def stop_after(context: Events, bars: int) -> int:
    """The grid step at which `bars` whole bars behind a context end."""
    end = int(context.ends()[-1])
    place, length, _ = (int(part[0]) for part in places(context.meter, [end], context.grid))
    return end + (length - place) % length + bars * length


def bars_in(context: Events, seconds: float, tempo: float) -> int:
    """How many bars come nearest to so many seconds at a tempo, two at least."""
    signature = context.meter[-1] if context.meter else None
    length = bar_length(signature, context.grid) if signature else 4 * context.grid
    return max(2, round(seconds * tempo / 60 * context.grid / length))
