"""Finds the chords that a piece stands on, a bar or half a bar each, as codes a network can read.

For each span the time that pitches sound is compared with every root and kind, as Pardo &
Birmingham (2002, "Algorithms for chordal analysis") do; the chords are the likeliest path (Viterbi
1967) where one that changes costs something.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Ints
from mood2music.music.events import HELD, Events
from mood2music.music.meter import chord_lines

# Pitches above the root of each kind of chord that is told apart.
KINDS = (
    (0, 4, 7),
    (0, 3, 7),
    (0, 4, 7, 10),
    (0, 4, 7, 11),
    (0, 3, 7, 10),
    (0, 3, 6, 10),
)
# Code 0 is no chord; that of a root and a kind is 1 + root * len(KINDS) + kind.
CODES = 1 + 12 * len(KINDS)
# Of the share of time that sounds: what a chord loses for a pitch of its own that is silent, what
# its root in the bass adds, and what another chord than the one before costs.
MISSING, BASS, CHANGE = 0.12, 0.2, 0.3
# Nats by which a chord that fits wholly is likelier than one of which half sounds.
FIRM = 4.0
# How alike any chord is to none: about as much as two of a key.
UNTOLD_ALIKE = 0.3
# Nats by which a chord with a major third is likelier where valence is 1 than where it is 0
# (experiments/mood_held).
LEANING = 1.0
# A pitch class that sounds less, as a share of all time, is silent.
SILENT = 0.05


def _templates() -> NDArray[np.float64]:
    rows = np.zeros((CODES - 1, 12))
    for code, row in enumerate(rows):
        root, kind = divmod(code, len(KINDS))
        row[[(root + tone) % 12 for tone in KINDS[kind]]] = 1
    return rows


_TEMPLATES = _templates()


def _alike() -> NDArray[np.float64]:
    table = np.full((CODES, CODES), UNTOLD_ALIKE)
    both = _TEMPLATES @ _TEMPLATES.T
    tones = _TEMPLATES.sum(1)
    table[1:, 1:] = both / (tones[:, None] + tones - both)
    return table


# (CODES, CODES): Jaccard index of the pitch classes of two chords.
ALIKE = _alike()
# 1 of chords with a major third, -1 of those with a minor one.
_BRIGHT = np.array([1.0 if 4 in kind else -1.0 for kind in KINDS] * 12)
_ROOTS = np.arange(CODES - 1) // len(KINDS)


class Changes(NamedTuple):
    """The chords of a piece in order.

    step: (n,) int64, the grid step at which each span begins; code: (n,) uint8, of its chord
    """

    step: Ints
    code: NDArray[np.uint8]

    def told(self, steps: Ints) -> NDArray[np.uint8]:
        """The chord at each grid step, (n,), and the one of the span behind it: (n, 2).

        0 where no span stands; behind the last one its chord stays.
        """
        if not len(self.step):
            return np.zeros((len(steps), 2), np.uint8)
        at = np.clip(np.searchsorted(self.step, steps, "right") - 1, 0, len(self.step) - 1)
        return np.stack([self.code[at], self.code[np.minimum(at + 1, len(self.step) - 1)]], 1)


NONE = Changes(np.zeros(0, np.int64), np.zeros(0, np.uint8))


def pitch_classes(code: int) -> tuple[int, ...]:
    """Pitch classes of a chord, its root first; () of code 0."""
    if not code:
        return ()
    root, kind = divmod(code - 1, len(KINDS))
    return tuple((root + tone) % 12 for tone in KINDS[kind])


def transposed(code: NDArray[np.int64], semitones: NDArray[np.int64]) -> NDArray[np.int64]:
    """Codes of the same chords so many semitones higher, of any one shape."""
    moved = (code - 1 + semitones * len(KINDS)) % (CODES - 1) + 1
    return np.where(code > 0, moved, 0)


def spans(events: Events) -> Ints:
    """Where chords may change, in grid steps: bars and parts of long ones (`chord_lines`): (n,)."""
    steps = chord_lines(events.meter, int(events.ends()[-1]), events.grid)
    first = max(int(np.searchsorted(steps, events.start, "right")) - 1, 0)
    found: Ints = steps[first:]
    return found


def changes_of(events: Events) -> Changes:
    """Find the chord of each span. A span without a pitch keeps the chord before it."""
    if not len(events):
        return NONE
    steps = spans(events)
    fits = _fits(events, steps)
    best, came = fits[0], []
    chords = np.arange(CODES - 1)
    for fit in fits[1:]:
        other = int(best.argmax())
        moves = best[other] - CHANGE > best
        came.append(np.where(moves, other, chords))
        best = np.where(moves, best[other] - CHANGE, best) + fit
    path = [int(best.argmax())]
    for before in reversed(came):
        path.append(int(before[path[-1]]))
    return Changes(steps, np.array(path[::-1], np.uint8) + 1)


def reharmonised(
    events: Events, follows: NDArray[np.float64], rng: np.random.Generator, valence: float = 0.0
) -> Changes:
    """Draw chords under the same pitches as a style would have them.

    follows: (CODES - 1, CODES - 1), how probably each chord is followed by each; valence: -1 to 1,
    of what is to be felt. A path is drawn as probably as its sequence is in the style, times
    exp(FIRM) for what fits wholly, times exp(LEANING * valence) for each chord with a major third
    and its inverse for each with a minor one: forward filtering, backward sampling (Scott 2002,
    JASA 97).
    """
    if not len(events):
        return NONE
    steps = spans(events)
    fits = FIRM * _fits(events, steps) + LEANING * valence * _BRIGHT
    forward = [np.exp(fits[0] - fits[0].max())]
    for fit in fits[1:]:
        through = forward[-1] @ follows * np.exp(fit - fit.max())
        forward.append(through / through.sum())
    path = [_drawn(forward[-1], rng)]
    for probable in reversed(forward[:-1]):
        path.append(_drawn(probable * follows[:, path[-1]], rng))
    return Changes(steps, np.array(path[::-1], np.uint8) + 1)


def _drawn(weights: NDArray[np.float64], rng: np.random.Generator) -> int:
    return int(rng.choice(len(weights), p=weights / weights.sum()))


def _fits(events: Events, steps: Ints) -> NDArray[np.float64]:
    """How well each chord fits each span, -1 to 1 and a bit: (spans, CODES - 1)."""
    weight, bass = _sounding(events, steps)
    fits = weight @ (2 * _TEMPLATES.T) - 1 - MISSING * ((weight < SILENT) @ _TEMPLATES.T)
    fits += BASS * (bass[:, None] == _ROOTS)
    fits[weight.sum(1) == 0] = 0
    found: NDArray[np.float64] = fits
    return found


def _sounding(events: Events, steps: Ints) -> tuple[NDArray[np.float64], Ints]:
    """Shares of the time that each pitch class sounds in each span, (n, 12), and its bass, (n,).

    -1 for the bass of a span without a pitch.
    """
    begins, ends = events.begins(), events.ends()
    first = np.maximum(np.searchsorted(steps, begins, "right") - 1, 0)
    last = np.maximum(np.searchsorted(steps, ends, "left") - 1, first)
    count = last - first + 1
    event = np.repeat(np.arange(len(events)), count)
    span = np.arange(len(event)) - np.repeat(np.cumsum(count) - count, count) + first[event]
    edges = np.append(steps, ends[-1])
    long = np.minimum(ends[event], edges[span + 1]) - np.maximum(begins[event], edges[span])
    pitches = events.counts()[event]
    token = np.arange(pitches.sum()) - np.repeat(np.cumsum(pitches) - pitches, pitches)
    token += np.repeat(events.offsets[:-1][event], pitches)
    pitch = events.tokens[token].astype(np.int64) % HELD
    where = np.repeat(span, pitches)
    time = np.bincount(where * 12 + pitch % 12, np.repeat(long, pitches), len(steps) * 12)
    weight = time.reshape(-1, 12).astype(np.float64)
    weight /= np.maximum(weight.sum(1, keepdims=True), 1)
    lowest = np.full(len(steps), HELD)
    np.minimum.at(lowest, where, pitch)
    return weight, np.where(lowest < HELD, lowest % 12, -1)
