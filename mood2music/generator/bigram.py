"""Training pieces to a smoothed bigram of events: the baseline that every network has to beat."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from itertools import pairwise
from math import log2

from mood2music.music.events import END, LONGEST, SYMBOLS, Event, Events


class WittenBell:
    """Bigram of one kind of symbol, interpolated by Witten & Bell (1991) down to a given floor.

    P(b | a) = (n(a b) + t(a) P(b)) / (n(a) + t(a)),  P(b) = (n(b) + v floor(b)) / (n + v)

    with n counts, t(a) the number of different symbols seen behind a, v that of all symbols.
    """

    def __init__(self) -> None:
        """Start without counts; `add` fills them."""
        self.single: Counter[Hashable] = Counter()
        self.pairs: defaultdict[Hashable, Counter[Hashable]] = defaultdict(Counter)

    def add(self, sequence: Sequence[Hashable]) -> None:
        """Count one piece."""
        self.single.update(sequence)
        for before, after in pairwise(sequence):
            self.pairs[before][after] += 1

    def probability(self, before: Hashable, after: Hashable, floor: float) -> float:
        """P(after | before); `floor`: probability of `after` where nothing is known, above 0."""
        kinds, total = len(self.single), self.single.total()
        alone = (self.single[after] + kinds * floor) / (total + kinds) if kinds else floor
        followers = self.pairs.get(before)
        if followers is None:
            return alone
        return (followers[after] + len(followers) * alone) / (followers.total() + len(followers))


class Bigram:
    """Chord given the chord before, duration given the duration before.

    A chord never seen is spelled symbol by symbol, each by its frequency, so that every event has
    a probability and the figure compares with a network's.

    >>> Bigram.fit([from_list([((60,), 24), ((), 24)] * 50)]).bits(((60,), 24), ((), 24))
    (0.03..., 0.01...)
    """

    def __init__(self) -> None:
        """Start without counts; `fit` makes a useful one."""
        self.chords, self.durations = WittenBell(), WittenBell()
        self.symbols: Counter[int] = Counter(range(SYMBOLS))

    @classmethod
    def fit(cls, pieces: Sequence[Events]) -> "Bigram":
        """Count the training pieces."""
        bigram = cls()
        for piece in pieces:
            events = piece.as_list()
            bigram.chords.add([chord for chord, _ in events])
            bigram.durations.add([duration for _, duration in events])
            for chord, _ in events:
                bigram.symbols.update((*chord, END))
        return bigram

    def bits(self, before: Event, after: Event) -> tuple[float, float]:
        """Bits of an event's chord and of its duration, given the event before."""
        total = self.symbols.total()
        spelled = 1.0
        for token in (*after[0], END):
            spelled *= self.symbols[token] / total
        chord = self.chords.probability(before[0], after[0], spelled)
        duration = self.durations.probability(before[1], after[1], 1 / LONGEST)
        return -log2(chord), -log2(duration)
