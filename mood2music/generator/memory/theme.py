"""Decides which passages of the song a piece takes up, and whether whole or their tune alone."""

import numpy as np

from mood2music.generator.memory.heard_song import HeardSong
from mood2music.generator.memory.kinds import CLOSE, LOOSE
from mood2music.generator.memory.place import Place

# Bars of new matter from where on the theme may be taken up again.
NEW_BARS = 2
# A passage is as many phrases of the song as have so many bars; where their tune alone may come
# back it is one phrase, for a longer one would hold on to the rhythm of another style.
PASSAGE = 4


class Theme:
    """The passages of the song that one piece takes up, as it goes on.

    Instead of new matter one begins with probability `strength`: the one behind the last, or one
    that was not taken up yet. It is heard whole the first time, the stronger a theme is above .5
    the less: at 1 a piece is variations. Later it comes back whole as often as bars come back
    closely in the style, else its tune alone, over other chords. A phrase that the song itself
    repeats is one: it is not heard whole a second time in the same passage, nor in another.
    """

    def __init__(
        self,
        song: HeardSong,
        strength: float,
        closeness: float,
        lends_all: bool,
        rng: np.random.Generator,
    ) -> None:
        """strength: 0 to 1; closeness: share of the style's bars that come back which do so
        closely; lends_all: whether passages come whole, else it is always their tune alone.
        """
        self._song, self._strength, self._rng = song, strength, rng
        self._closely = strength * closeness if lends_all else 0.0
        self._at_first = min(2 * (1 - strength), 1.0) if lends_all else 0.0
        self._bars = PASSAGE if lends_all else 1
        self._left = self._new = 0  # bars of the passage to come, of new matter
        self._next: int | None = None
        self._taken: set[int] = set()  # phrases

    def goes_on(self, place: Place, bars: int = 1) -> Place | None:
        """The bar of the song so many behind a bar of it, None where its passage has ended."""
        if self._left < bars or place.bar + bars >= len(self._song.lines):
            return None
        self._left -= bars
        return Place(True, place.bar + bars, tune=place.tune)

    def begins(self) -> Place | None:
        """The first bar of a passage instead of a bar of new matter, None for that."""
        self._new = max(self._new - 1, 0)
        if not self._song.phrases or self._new:
            return None
        if self._rng.random() >= self._strength:
            self._new = NEW_BARS
            return None
        return self._taken_up()

    def ends(self, place: Place) -> int | None:
        """Grid step at which the passage of a bar of the song ends, None for the song's end."""
        end = place.bar + self._left + 1
        return self._song.lines[end] if end < len(self._song.lines) else None

    def _taken_up(self) -> Place:
        phrases, at = self._song.phrases, self._next
        if at is None or at >= len(phrases) or self._rng.random() < 0.5:
            left = [i for i in range(len(phrases)) if i not in self._taken]
            at = int(self._rng.choice(left or len(phrases)))
        first = at not in self._taken
        whole = self._rng.random() < max(self._closely, self._at_first if first else 0.0)
        bounds = np.array([*phrases, len(self._song.lines)])
        enough = np.flatnonzero(bounds >= bounds[at] + self._bars)
        end = int(enough[0]) if len(enough) else len(phrases)
        for phrase in range(at, end):
            if first and whole and phrase in self._taken:
                end = phrase
                break
            self._taken |= self._song.alike[phrase]
        self._next = end
        self._left = int(bounds[end] - bounds[at]) - 1
        return Place(True, int(bounds[at]), tune=not whole)


def closeness_of(place: Place) -> int:
    """The code by which a bar of the song comes back."""
    return LOOSE if place.tune else CLOSE
