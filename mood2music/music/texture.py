"""Says how full each bar is: how often something is struck in it, and how much sounds at a time.

These are what Wu & Yang (2021, "MuseMorphose") call rhythmic intensity and polyphony, bar by bar.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mood2music.arrays import Ints
from mood2music.music.events import HELD, Events
from mood2music.music.meter import bar_lines

# Where steps of onsets a quarter note end, and steps of pitches that sound at a time, on average.
INTENSITY = (0.3, 0.6, 0.85, 1.15, 1.5, 1.85, 2.3, 3.0, 4.2)
POLYPHONY = (0.4, 0.75, 0.98, 1.3, 1.7, 2.2, 2.7, 3.2, 3.8, 4.6, 6.0)
# Codes of each, 0 for untold ones.
INTENSITIES, POLYPHONIES = len(INTENSITY) + 2, len(POLYPHONY) + 2


def steps_of(onsets: ArrayLike, pitches: ArrayLike) -> NDArray[np.uint8]:
    """Codes of so many onsets a quarter note and of so many pitches at a time, (n,): (n, 2)."""
    filled = (onsets, INTENSITY), (pitches, POLYPHONY)
    steps = [np.digitize(np.asarray(values, float), ends) for values, ends in filled]
    return (np.stack(steps, -1) + 1).astype(np.uint8)


class Textures(NamedTuple):
    """The bars of a piece in order.

    line: (n,) int64, the grid step at which each begins; code: (n, 2) uint8, steps of INTENSITY and
    POLYPHONY, from 1 on
    """

    line: Ints
    code: NDArray[np.uint8]

    def told(self, steps: Ints) -> NDArray[np.uint8]:
        """Codes of the bars that grid steps stand in: (k, 2); behind the last one its own stay."""
        if not len(self.line):
            return np.zeros((len(steps), 2), np.uint8)
        at = np.clip(np.searchsorted(self.line, steps, "right") - 1, 0, len(self.line) - 1)
        found: NDArray[np.uint8] = self.code[at]
        return found


def textures_of(events: Events) -> Textures:
    """Say how full each bar of a piece is; a bar that it does not fill by what there is of it."""
    if not len(events):
        return Textures(np.zeros(0, np.int64), np.zeros((0, 2), np.uint8))
    begins, ends = events.begins(), events.ends()
    lines = bar_lines(events.meter, int(ends[-1]), events.grid)
    lines = lines[(lines < ends[-1]) & (np.append(lines[1:], ends[-1]) > events.start)]
    edges = np.append(np.maximum(lines, events.start), ends[-1])
    struck = np.zeros(len(events) + 1, np.int64)
    struck[1:] = np.cumsum(_strikes(events))
    first = np.searchsorted(begins, edges, "left")
    onsets = np.diff(struck[first])
    # Time that pitches sound up to each edge; it grows evenly within an event.
    times = np.append(begins[:1], ends)
    sounding = np.append(0, np.cumsum(events.counts() * (ends - begins)))
    until = np.interp(edges, times, sounding)
    long = np.diff(edges)
    return Textures(lines, steps_of(onsets * events.grid / long, np.diff(until) / long))


def _strikes(events: Events) -> NDArray[np.bool_]:
    """Whether something is struck in each event: (n,)."""
    struck = np.append(0, np.cumsum(events.tokens < HELD))
    found: NDArray[np.bool_] = np.diff(struck[events.offsets]) > 0
    return found
