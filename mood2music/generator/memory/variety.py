"""Says whether a piece would stand still, or go round and round, if one of its bars came back."""

from collections.abc import Set as AbstractSet

from mood2music.generator.memory.moves import MOVES
from mood2music.music.events import HELD, Event, strikes

# Onsets up to which nothing moves in a bar: behind such a one none comes back, or it would again.
STILL = 1
# How often a passage of so many bars stands in a row at most: of real pieces 7 to 15 % have a bar
# four times, 5 to 10 % two bars three times (experiments/memory/laps.py, as below).
LAPS = {1: 3} | dict.fromkeys(range(2, 9), 2)
# Of so many bars in a row how many are unlike each other at least, as in 95 % of such passages.
UNLIKE = {8: 4, 16: 8}
# Bars are alike that have this share of their strikes in common, and are looked for so far back.
LIKE, NEAR = 0.6, 17


# What a bar strikes, by place in it and pitch class.
Strikes = AbstractSet[tuple[int, int]]


def alike(one: Strikes, other: Strikes) -> bool:
    """Whether two bars have LIKE of their strikes in common."""
    return len(one & other) >= LIKE * len(one | other)


class Variety:
    """The bars of a piece so far, and which of them are alike.

    Runs of returns catch up with themselves: told what bars of a style do and no more, 57 % of the
    classical pieces played a bar four times in a row, of real ones 15 % (experiments/memory).

    onsets: in each bar.
    """

    def __init__(self) -> None:
        """No bar yet."""
        self.onsets: list[int] = []
        # What each bar strikes, by place and pitch class; of each that is over the first alike.
        self._struck: list[set[tuple[int, int]]] = []
        self._alike: list[int] = []

    def begin(self, again: int | None) -> None:
        """Begin a bar; again: the bar that the one before, which is over, came back to."""
        if self._struck:
            self._alike.append(self._first_alike(again))
        self._struck.append(set())
        self.onsets.append(0)

    def add(self, event: Event, into: int) -> None:
        """Take in one event of the last bar, which begins `into` grid steps behind its line."""
        chord, _ = event
        self.onsets[-1] += strikes(chord)
        self._struck[-1].update((into, token % 12) for token in chord if token < HELD)

    def stuck(self, to: int, move: int, moved: bool) -> bool:
        """Whether the piece would not get on if bar `to` came back now, in a bar that has begun.

        move: the row of MOVES by which it is moved; moved: whether that bar itself is a moved one,
        which would climb or fall on and on. See STILL, LAPS, UNLIKE.
        """
        if max(self.onsets[to], self.onsets[-2]) <= STILL or (move and moved):
            return True
        octaves = MOVES[move, 60] % 12 == 0
        played = [*self._alike[-NEAR:], self._alike[to] if octaves else -1]
        for period, laps in LAPS.items():
            tail = played[-laps * period - 1 :]
            if len(tail) > laps * period and tail[period:] == tail[:-period]:
                return True
        return any(
            len(played) >= bars and len(set(played[-bars:])) < unlike
            for bars, unlike in UNLIKE.items()
        )

    def _first_alike(self, again: int | None) -> int:
        """The bar that the last one is like, and those that one is; itself if it is like none."""
        bar = len(self._struck) - 1
        own = self._struck[bar]
        near = list(range(bar - 1, max(-1, bar - NEAR - 1), -1))
        for other in near if again is None else [again, *near]:
            if alike(own, self._struck[other]):
                return self._alike[other]
        return bar
