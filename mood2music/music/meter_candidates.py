"""Lists the meters that music may have: a time signature, and where its first bar line is.

Every time signature of CANDIDATES, at every eighth note that its bars may begin at, is a candidate.
"""

from dataclasses import dataclass

import numpy as np

from mood2music.arrays import Ints

# Sixteenths: the bins in which music is heard here, in a quarter note.
BINS = 4
# What a place in a bar may be: downbeat, middle, beat, half of a beat, the rest.
ROLES = 5


@dataclass(frozen=True)
class Candidate:
    """A time signature; roles: of each bin of its bar, 0 the downbeat to 4 the rest."""

    beats: int
    unit: int
    roles: tuple[int, ...]

    @property
    def bins(self) -> int:
        """Bins of a bar."""
        return len(self.roles)

    @property
    def phases(self) -> range:
        """Bins at which the first bar line may be."""
        return range(0, self.bins, 2)


def _candidate(beats: int, unit: int, *strides: int) -> Candidate:
    """strides: every how many bins the middle, a beat and half a beat come, 0 for never."""
    bins = beats * 4 * BINS // unit
    roles = [
        next((role for role, s in enumerate(strides, 1) if s and i % s == 0), ROLES - 1)
        for i in range(bins)
    ]
    return Candidate(beats, unit, (0, *roles[1:]))


CANDIDATES = (
    _candidate(2, 4, 0, 4, 2),
    _candidate(3, 4, 0, 4, 2),
    _candidate(4, 4, 8, 4, 2),
    _candidate(3, 8, 0, 2, 0),
    _candidate(6, 8, 6, 0, 2),
    _candidate(9, 8, 0, 6, 2),
    _candidate(12, 8, 12, 6, 2),
    _candidate(3, 2, 8, 4, 2),
    _candidate(5, 4, 0, 4, 2),
)
# Each candidate with each of its phases: index of the candidate, bin of the first bar line.
WHICH: Ints = np.array([i for i, c in enumerate(CANDIDATES) for _ in c.phases])
PHASE: Ints = np.array([phase for c in CANDIDATES for phase in c.phases])
