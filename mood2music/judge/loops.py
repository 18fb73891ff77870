"""Measures how far events are stuck: runs that stand many times in a row, and single pitches."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mood2music.music.events import HELD, Events

# A run of this many events or more that stands more than TIMES times in a row, or one pitch for
# more than ONE_PITCH events, is a piece that is stuck.
RUN = 4
TIMES = 4
ONE_PITCH = 8


@dataclass(frozen=True)
class Loops:
    """What is stuck in a piece.

    times: how many times in a row a run of RUN or more events stands, at most; struck, alone,
    sounding: most events in a row in which one and the same pitch is struck, sounds and no other
    does, or sounds whatever else does, like the pedal of an organ point.
    """

    times: int
    struck: int
    alone: int
    sounding: int

    @property
    def degenerate(self) -> bool:
        """Whether a run stands more than TIMES times in a row, or one pitch for over ONE_PITCH."""
        return self.times > TIMES or max(self.struck, self.alone) > ONE_PITCH


def find_loops(events: Events) -> Loops:
    """Measure a piece. Two events are the same when their tokens and durations are.

    [C D E F] five times -> times=5; C D C D ... sixteen events long -> times=4, as [C D C D]
    """
    n = len(events)
    index = np.repeat(np.arange(n), events.counts())
    pitches = np.zeros((n, HELD), np.bool_)
    pitches[index, events.tokens % HELD] = True
    struck = np.zeros_like(pitches)
    struck[index[events.tokens < HELD], events.tokens[events.tokens < HELD]] = True
    alone = pitches & (events.counts() == 1)[:, None]
    return Loops(
        times_in_a_row(events, RUN),
        *(int(_longest(mask).max(initial=0)) for mask in (struck, alone, pitches)),
    )


def times_in_a_row(events: Events, run: int) -> int:
    """Count how often a run of `run` or more events stands one behind the other, at most."""
    names: dict[object, int] = {}
    ids = np.array([names.setdefault(event, len(names)) for event in events.as_list()], np.int64)
    most = min(len(ids), 1)
    for lag in range(run, len(ids) // 2 + 1):
        same = (ids[lag:] == ids[:-lag])[:, None]
        most = max(most, int(_longest(same)[0]) // lag + 1)
    return most


def _longest(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Longest run of True down each column: (time, columns) -> (columns,)."""
    time = np.arange(1, len(mask) + 1)[:, None]
    last = np.maximum.accumulate(np.where(mask, 0, time), axis=0)
    return np.asarray((time - last).max(axis=0, initial=0))
