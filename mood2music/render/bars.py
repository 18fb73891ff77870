"""Lays bars, their halves and their beats over time in ticks of 1/24 quarter note."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mood2music.music.meter import (
    COMMON,
    Meter,
    TimeSignature,
    bar_length,
    bar_lines,
    is_compound,
    places,
)

# Ticks of a quarter note, the beat of 4/4, and of the dotted quarter, the beat of 6/8.
BEAT, DOTTED = 24, 36
# Ticks of the first part of bars that have no half.
PARTS = {(6, 4): 72, (3, 2): 48, (5, 4): 72, (7, 4): 96, (7, 8): 48}
# Quarter notes a minute above which bars of two halves are counted in halves: the last number of
# Maelzel's metronome.
IN_HALVES = 208


@dataclass(frozen=True)
class Bar:
    """A bar. start: its bar line, which in a pickup lies before the music; end: the next one."""

    start: int
    end: int
    signature: TimeSignature

    @property
    def length(self) -> int:
        """Ticks of a whole bar of the signature; a short bar has fewer."""
        return bar_length(self.signature, BEAT)

    @property
    def beats(self) -> tuple[int, ...]:
        """Ticks at which its beats begin, counted from its bar line."""
        return beats_of(self.signature)

    @property
    def in_threes(self) -> bool:
        """Whether its beats have three parts, or it is one such beat (3/8)."""
        return is_compound(self.signature) or self.signature[1:] == (3, 8)

    def counted(self, tempo: float) -> float:
        """Quarter notes of what is counted at `tempo` of them a minute: a jig goes by dotted ones.

        Of 4/4 and 2/2 it is a half note where they are fast.
        """
        if self.in_threes:
            return 12 / self.signature.unit
        return 2.0 if tempo > IN_HALVES and self.signature[1:] in ((4, 4), (2, 2)) else 1.0

    @property
    def half(self) -> int:
        """Ticks of its half, where a reader looks for one; else 0."""
        whole = len(self.beats)
        return self.length // 2 if whole in (2, 4, 8) and self.length % 2 == 0 else 0

    @property
    def part(self) -> int:
        """Ticks of the first part that a reader sees before the beats; 0 where there is none.

        Halves, thirds of 3/2, and of odd bars the longer part where that comes first: 3 + 2 of 5/4.
        """
        return PARTS.get(self.signature[1:], self.half)


class Bars:
    """The bars of a whole piece, as far as anybody asks."""

    def __init__(self, meter: Meter = ()) -> None:
        """meter: on a grid of 24 steps a quarter note; () is 4/4."""
        self.meter = meter or COMMON

    def at(self, tick: int) -> Bar:
        """The bar that a tick stands in."""
        which = max(int(np.searchsorted(self._begins, tick, "right")) - 1, 0)
        signature = self.meter[which]
        length = bar_length(signature, BEAT)
        start = tick - (tick - signature.step) % length
        following = self.meter[which + 1].step if which + 1 < len(self.meter) else start + length
        return Bar(start, min(start + length, following), signature)

    def until(self, end: int) -> list[Bar]:
        """All bars that begin before `end`, from the first, at or before tick 0."""
        return [self.at(int(line)) for line in bar_lines(self.meter, max(end - 1, 0), BEAT)]

    def beats_of(self, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The tick at which the beat of each tick begins: (n,)."""
        place, _, _ = places(self.meter, ticks, BEAT)
        which = np.maximum(np.searchsorted(self._begins, ticks, "right") - 1, 0)
        starts = ticks - place
        for i in np.unique(which):
            here = which == i
            edges = np.array(beats_of(self.meter[i]))
            starts[here] += edges[np.searchsorted(edges, place[here], "right") - 1]
        return starts

    def beat(self, tick: int) -> int:
        """The tick at which the beat of one tick begins."""
        bar = self.at(tick)
        return bar.start + max(edge for edge in bar.beats if edge <= tick - bar.start)

    def beat_end(self, tick: int) -> int:
        """The tick at which the beat of one tick ends."""
        bar = self.at(tick)
        later = [edge for edge in bar.beats if edge > tick - bar.start]
        return min(bar.start + later[0], bar.end) if later else bar.end

    @cached_property
    def _begins(self) -> NDArray[np.int64]:
        return np.array([s.step for s in self.meter], np.int64)


def beats_of(signature: TimeSignature) -> tuple[int, ...]:
    """Ticks at which the beats of a bar begin: quarters, dotted ones where eighths go by threes.

    An odd bar of eighths ends in a beat of three: 5/8 is 2 + 3.

    >>> beats_of(TimeSignature(0, 6, 8)), beats_of(TimeSignature(0, 5, 8))
    ((0, 36), (0, 24))
    """
    length = bar_length(signature, BEAT)
    if signature.unit >= 8 and signature.beats % 3 == 0:
        return tuple(range(0, length, 3 * 4 * BEAT // signature.unit))
    whole = length // BEAT
    return tuple(BEAT * i for i in range(max(whole, 1)))


FOUR_FOUR = Bars()
