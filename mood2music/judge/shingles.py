"""Hashes every two consecutive events to one short number, the same in any transposition."""

import numpy as np
from numpy.typing import NDArray

from mood2music.music.events import HELD, Events

# Events in a shingle. A run of n events is n - 1 shingles, so two make short runs tell most.
SHINGLE = 2
# Of 64 bits these are kept, since the index ships with the package: with 10 the million places of
# the shipped one take 0.9 MB (a bit more takes 0.08), and one run in 500 seems an event too long.
BITS = 10
# Stands between two pieces, where there is nothing to compare.
BREAK = 1 << BITS

# Values that go into hashes, kept apart: a token above its event's lowest pitch, struck or held,
# 0 to 255; an interval up or down, from _INTERVAL on; a duration, from _DURATION on.
_INTERVAL = 2 * HELD + HELD
_REST, _FIRST = _INTERVAL + HELD, _INTERVAL + HELD + 1
_DURATION = _FIRST + 1


def shingles(events: Events) -> NDArray[np.uint16]:
    """Hash every two consecutive events: (n - 1,), 0 to BREAK - 1; fewer than two give none.

    What counts of an event is its duration, its pitches above its lowest one, struck or held, and
    the interval from the lowest pitch of the last event that is no rest, two or more events before
    it may be. So two runs of events that start with a sounding one have the same shingles when they
    are the same in some transposition; others agree by chance, one pair in 1024. How loud a note is
    does not matter.

    An event is the sum of its pitches' 64-bit values and its duration's, scrambled; a shingle is
    made of two of these and the interval by the finaliser of SplitMix64 (Steele, Lea & Flood 2014,
    OOPSLA).
    """
    if len(events) < SHINGLE:
        return np.zeros(0, np.uint16)
    lowest = _lowest(events)
    above = events.tokens.astype(np.int64) - np.repeat(lowest, events.counts())
    values = _scramble(above)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(values, dtype=np.uint64)])
    chords = sums[events.offsets[1:]] - sums[events.offsets[:-1]]
    shapes = _scramble(chords + _scramble(_DURATION + events.durations.astype(np.int64)))
    total = _scramble(_scramble(shapes[:-1]) + shapes[1:] + _scramble(_interval(lowest)))
    return (total >> np.uint64(64 - BITS)).astype(np.uint16)


def _lowest(events: Events) -> NDArray[np.int64]:
    """Each event's lowest pitch, -1 of a rest: (n,)."""
    lowest = np.full(len(events), -1, np.int64)
    sounding = events.counts() > 0
    lowest[sounding] = events.tokens[events.offsets[:-1][sounding]] % HELD
    return lowest


def _interval(lowest: NDArray[np.int64]) -> NDArray[np.int64]:
    """From the last event that sounds to each but the first: a value of its own for each case."""
    sounding = lowest >= 0
    last = np.maximum.accumulate(np.where(sounding, np.arange(len(lowest)), -1))[:-1]
    interval = _INTERVAL + lowest[1:] - lowest[last]
    interval = np.where(last >= 0, interval, _FIRST)
    return np.where(sounding[1:], interval, _REST)


def _scramble(values: NDArray[np.int64] | NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's step and finaliser, on each value; arithmetic modulo 2^64."""
    mixed = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
