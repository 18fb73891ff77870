"""Says on which chords a piece stands: its song's, chorus by chorus, as its style has them."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Floats
from mood2music.music.changes import ALIKE, Changes, changes_of, reharmonised
from mood2music.music.events import Events


@dataclass(frozen=True)
class SongChords:
    """A song's chords, its bar lines, and which chord follows which in a style.

    follows: (chords, chords), as `Form.follows` gives it; None leaves every chorus as the song is;
    valence: -1 to 1, of what is to be felt
    """

    song: Events
    lines: Sequence[int]
    own: Changes
    follows: NDArray[np.float64] | None
    valence: float = 0.0

    def chorus(self, rng: np.random.Generator) -> Changes:
        """The song's chords once more, as the style might have them."""
        if self.follows is None:
            return self.own
        return reharmonised(self.song, self.follows, rng, self.valence)


def song_chords(
    song: Events,
    lines: Sequence[int],
    follows: NDArray[np.float64] | None,
    valence: float = 0.0,
) -> SongChords:
    """Find a song's chords. lines: of its bars, one at least; the rest: see `SongChords`."""
    return SongChords(song, lines, changes_of(song), follows, valence)


class Choruses:
    """The bars of one piece, each on the chords of a bar of the song.

    One that comes back stands on its own ones again, new matter on those of the song's next bar,
    from its last one on to its first: a chorus more. Of each chorus the style draws the chords
    anew; the song's own bars come back with their own.
    """

    def __init__(self, song: SongChords, rng: np.random.Generator) -> None:
        """Begin without a bar."""
        self._song, self._rng = song, rng
        self._drawn: list[Changes] = []
        # Of each bar the song's bar that it stands on, and the number of its chorus.
        self._bars: list[tuple[int, int]] = []
        self._codes: dict[tuple[int, int], NDArray[np.uint8]] = {}
        # What bars stood on before, by their lines, where the piece is written anew.
        self._stood: dict[int, tuple[int, int]] = {}
        self._lines: list[int] = []

    def anew(self) -> "Choruses":
        """The same for what is written anew in its place: no bar yet, each on what it stood on."""
        other = Choruses(self._song, self._rng)
        other._drawn = self._drawn
        other._stood = dict(zip(self._lines, self._bars, strict=True))
        return other

    def add(
        self, line: int, again: int | None = None, of_song: int | None = None, bars: int = 1
    ) -> None:
        """Add the bar that begins at grid step `line`.

        again: the bar of the piece that comes back in it; of_song: that of the song; bars: how many
        it is behind the last one: a note that lasts for two leaves one out.
        """
        there = self._bars[again] if again is not None else self._next(line, of_song, bars)
        self._bars.append(there)
        self._lines.append(line)

    def song_bar(self, new: int | None = None, bars: int = 1) -> int:
        """The song's bar that the last bar stands on, or one more that begins at step `new`."""
        return self._bars[-1][0] if new is None else self._next(new, bars=bars)[0]

    def fits(self, line: int, bars: int = 1) -> Floats:
        """How alike each bar's chords are to those that are due in the next one, 0 to 1: (bars,).

        Due is what stands behind the song's bar that the last bar stands on. line: of the next one.
        """
        due = self._ends(self._next(line, bars=bars))
        return np.array([ALIKE[due, self._ends(bar)].mean() for bar in self._bars])

    def of_new_bar(self, step: int, line: int, bars: int = 1) -> tuple[int, int]:
        """Codes of the chord at a step of a bar that is not added, and of the one behind it."""
        bar, chorus = self._next(line, bars=bars)
        return self._told(self._chorus(chorus), bar, step - line)

    def of_bar(self, step: int, line: int, as_in_song: bool) -> tuple[int, int]:
        """The same at a step of the last bar; as_in_song: with the song's own chords."""
        bar, chorus = self._bars[-1]
        changes = self._song.own if as_in_song else self._chorus(chorus)
        return self._told(changes, bar, step - line)

    def _next(self, line: int, of_song: int | None = None, bars: int = 1) -> tuple[int, int]:
        if of_song is None and line in self._stood:
            return self._stood[line]
        if not self._bars:
            # A piece goes on where its seed stands in the song.
            first = min(bisect_left(self._song.lines, line), len(self._song.lines) - 1)
            return (first if of_song is None else of_song), 0
        bar, chorus = self._bars[-1]
        if of_song is not None:
            return of_song, chorus
        choruses, bar = divmod(bar + bars, len(self._song.lines))
        return bar, chorus + choruses

    def _ends(self, at: tuple[int, int]) -> NDArray[np.uint8]:
        """Codes of the first and the last chord of a bar of the song, in a chorus: (2,)."""
        if at not in self._codes:
            bar, chorus = at
            begin = self._song.lines[bar]
            ended = bar + 1 == len(self._song.lines)
            length = abs(self._song.lines[bar - 1 if ended else bar + 1] - begin)
            told = self._chorus(chorus).told(np.array([begin, begin + max(length - 1, 0)]))
            self._codes[at] = told[:, 0]
        return self._codes[at]

    def _chorus(self, number: int) -> Changes:
        while len(self._drawn) <= number:
            self._drawn.append(self._song.chorus(self._rng))
        return self._drawn[number]

    def _told(self, changes: Changes, bar: int, place: int) -> tuple[int, int]:
        now, behind = changes.told(np.array([self._song.lines[bar] + place]))[0].tolist()
        return now, behind
