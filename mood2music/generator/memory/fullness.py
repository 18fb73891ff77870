"""Says how full each bar of a piece is to be, and makes up for what came out thinner than that."""

import numpy as np

from mood2music.music.events import Event, strikes
from mood2music.music.texture import POLYPHONIES, Textures, steps_of

# A network on its own writes thinner than it is told to, event by event on what it wrote itself.
# What is left of a bar's lack behind each bar more, and how much of the sum is told on top.
FADING, MADE_UP = 0.8, 0.5
# A bar in which something is struck about as often as in most of the song's, so many steps more or
# less, is told what these are: two bars alike may lie on either side of a step's end.
ABOUT = 1

# Codes of how often something is struck and of how much sounds at a time, as `music.texture` has
# them; 0: untold.
Codes = tuple[int, int]


class Fullness:
    """The bars of one piece: what is told of each, and how full it came out.

    A bar of new matter is to be as full as the song's bar that it stands on, one that comes back as
    it was when it was written.
    """

    def __init__(self, song: Textures, grid: int) -> None:
        """song: its bars; grid: steps in a quarter note."""
        self._song, self._grid = song, grid
        self._usual = round(float(np.median(song.code[:, 0])))
        self._lack = 0.0  # steps of polyphony, the early bars' faded
        self._wanted = 0  # of the bar that is being written, 0 where nothing is made up
        self._line = 0
        self._onsets = self._sounding = 0
        self._written: dict[int, Codes] = {}  # by the bar line

    def add(self, event: Event, line: int) -> None:
        """Take in an event that begins in the bar of `line`; one that lasts beyond is its own."""
        if line != self._line:
            self._end(line)
        chord, duration = event
        self._onsets += strikes(chord)
        self._sounding += len(chord) * duration

    def told(self, line: int, of_song: int, again: int | None) -> Codes:
        """What is told of the bar of `line`.

        of_song: the bar line of the song's bar that it stands on; again: that of the piece's own
        bar that comes back in it, None for new matter.
        """
        if line != self._line:
            self._end(line)
        if again is not None and again in self._written:
            self._wanted = 0
            often, full = self._written[again]
        else:
            often, self._wanted = self._song.told(np.array([of_song]))[0].tolist()
            full = self._wanted + round(MADE_UP * self._lack)
            full = min(max(full, 1), POLYPHONIES - 1)
        return self._usual if abs(often - self._usual) <= ABOUT else often, full

    def _end(self, line: int) -> None:
        """End the bar that was written; the next one begins at `line`."""
        long = line - self._line
        if self._onsets and long > 0:
            filled = self._onsets * self._grid / long, self._sounding / long
            often, full = steps_of(*filled).tolist()
            self._written[self._line] = often, full
            if self._wanted:
                self._lack = FADING * self._lack + self._wanted - full
        self._line, self._onsets, self._sounding, self._wanted = line, 0, 0, 0
