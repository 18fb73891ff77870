"""Finds, for every event of many pieces, the longest earlier match of what was just heard.

The next event is often the one that followed there: infini-gram (Liu et al. 2024) and the
continuous cache (Grave et al. 2017) read such a table beside a network.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Ints
from mood2music.generator.memory.kinds import LENGTHS, MELODY, MOVED, SAME, SHORTEST
from mood2music.music.events import HELD

Hash = NDArray[np.uint64]

_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class Matches(NamedTuple):
    """What followed the longest earlier match, for each of n events.

    event: (n,) int64, which of the n events followed there, -1 for no match; shift: (n,) int16,
    semitones from there to here; code: (n,) uint8, see `kinds`
    """

    event: Ints
    shift: NDArray[np.int16]
    code: NDArray[np.uint8]


class MelodyMatches(NamedTuple):
    """The note that followed in the tune, for each of n events.

    pitch: (n,) int16, moved to where the tune is now, -1 for no match; due: (n,) int64, the grid
    step of the piece at which it is struck; code: (n,) uint8, see `kinds`
    """

    pitch: NDArray[np.int16]
    due: Ints
    code: NDArray[np.uint8]


class Tune(NamedTuple):
    """The notes of the tunes of pieces, (notes,) each.

    event: which of n events strikes each; piece: its piece's number; pitch; onset: its grid step,
    from the piece's start
    """

    event: Ints
    piece: Ints
    pitch: Ints
    onset: Ints


class Flat(NamedTuple):
    """Pieces one behind the other, as in an event store.

    tokens: (t,), offsets: (n + 1,), durations: (n,), as in Events; first: (pieces,), the event
    that each piece begins with, in rising order
    """

    tokens: NDArray[np.uint8]
    offsets: Ints
    durations: NDArray[np.int16]
    first: Ints


def same_matches(pieces: Flat) -> Matches:
    """Match events that are the same in pitches, in which are held, and in duration."""
    codes = _random(256)[pieces.tokens] + _mixed(pieces.tokens.astype(np.uint64))
    names = _mixed(_sums(codes, pieces.offsets) + _mixed(pieces.durations.astype(np.uint64)))
    before, code = _latest(names, names, pieces.first, SHORTEST[SAME])
    return Matches(np.where(before < 0, -1, before + 1), np.zeros(len(names), np.int16), code)


def moved_matches(pieces: Flat) -> Matches:
    """Match events that are the same but for one transposition of all."""
    pitch, top = pieces.tokens % HELD, tops(pieces)
    counts = np.diff(pieces.offsets)
    depth = np.repeat(top, counts) - pitch + HELD * (pieces.tokens >= HELD).astype(np.int64)
    shapes = _sums(_random(256)[depth], pieces.offsets)
    shapes = _mixed(shapes + _mixed(pieces.durations.astype(np.uint64)))
    step = np.diff(top, prepend=top[:1])
    items = _mixed(shapes + _mixed((step + HELD).astype(np.uint64)))
    before, code = _latest(items, shapes, pieces.first, SHORTEST[MOVED])
    shift = np.where(before < 0, 0, top - top[before]).astype(np.int16)
    return Matches(np.where(before < 0, -1, before + 1), shift, code)


def tune_of(pieces: Flat) -> Tune:
    """The tunes of pieces: the highest pitch of each event where it is struck."""
    last = pieces.offsets[1:] - 1
    sung = (np.diff(pieces.offsets) > 0) & (pieces.tokens[np.maximum(last, 0)] < HELD)
    event = np.flatnonzero(sung)
    steps = np.cumsum(pieces.durations, dtype=np.int64)
    piece = np.searchsorted(pieces.first, event, "right") - 1
    start = pieces.first[piece]
    onset = np.where(event > 0, steps[event - 1], 0) - np.where(start > 0, steps[start - 1], 0)
    return Tune(event, piece, pieces.tokens[last[event]].astype(np.int64), onset)


def melody_matches(pieces: Flat) -> MelodyMatches:
    """Match the intervals of the tune."""
    n = len(pieces.durations)
    event, piece, note, onset = tune_of(pieces)
    if not len(event):
        return MelodyMatches(np.full(n, -1, np.int16), np.zeros(n, np.int64), np.zeros(n, np.uint8))
    begins = np.flatnonzero(np.diff(piece, prepend=-1))
    # The interval that leads to a note names it; a note by itself has no name.
    names = _mixed((np.diff(note, prepend=0) + HELD).astype(np.uint64))
    before, found = _latest(names, names, begins, SHORTEST[MELODY], before_first=1)
    here = before >= 0
    after = np.where(here, before + 1, 0)
    sought = np.where(here, note + note[after] - note[before], -1)
    due = onset + onset[after] - onset[before]
    return until_next(pieces, Tune(event, piece, sought, due), found)


def until_next(pieces: Flat, sought: Tune, code: NDArray[np.uint8]) -> MelodyMatches:
    """What each note of a tune recalls holds until the next one is struck, in the same piece.

    sought: at the events of the tune, the pitch that is recalled there (-1 or above 127 for none)
    and the step at which it is due; code: (notes,), how sure it is
    """
    n = len(pieces.durations)
    pitch = np.full(n, -1, np.int16)
    due, codes = np.zeros(n, np.int64), np.zeros(n, np.uint8)
    here = (sought.pitch >= 0) & (sought.pitch < HELD)
    of = np.searchsorted(sought.event, np.arange(n), "right") - 1
    own = np.searchsorted(pieces.first, np.arange(n), "right") - 1
    there = (of >= 0) & (sought.piece[of] == own) & here[of]
    pitch[there] = sought.pitch[of[there]]
    due[there] = sought.onset[of[there]]
    codes[there] = code[of[there]]
    return MelodyMatches(pitch, due, codes)


def tops(pieces: Flat) -> Ints:
    """The highest pitch of each event, of a rest that of the event before: (n,)."""
    n = len(pieces.durations)
    filled = np.diff(pieces.offsets) > 0
    if not n or not len(pieces.tokens):
        return np.full(n, 60)
    top = np.where(filled, pieces.tokens[np.maximum(pieces.offsets[1:] - 1, 0)] % HELD, 60)
    begin = np.zeros(n, bool)
    begin[pieces.first[pieces.first < n]] = True
    source = np.maximum.accumulate(np.where(filled | begin, np.arange(n), 0))
    highest: Ints = top.astype(np.int64)[source]
    return highest


def _latest(
    items: Hash, beginnings: Hash, first: Ints, shortest: int, before_first: int = 0
) -> tuple[Ints, NDArray[np.uint8]]:
    """Where the longest match of the last items ended before, the latest place: (n,), -1 for none.

    beginnings: what an item counts as that is the first of a match; before_first: items at a
    piece's beginning that belong to no match. Gives the codes of the lengths too.
    """
    n = len(items)
    piece = np.searchsorted(first, np.arange(n), "right") - 1
    room = np.arange(n) - first[piece] + 1 - before_first
    own = _mixed(piece.astype(np.uint64) + np.uint64(1 << 40))
    place, code = np.full(n, -1), np.zeros(n, np.uint8)
    run = np.zeros(n, np.uint64)  # of the items so far, the earliest left out
    length, power = 0, np.ones(1, np.uint64)
    for number, wanted in enumerate(LENGTHS, start=1):
        if wanted > n:
            break
        while length < wanted - 1:
            run[length:] += items[: n - length] * power
            power = power * _FACTOR
            length += 1
        if wanted < shortest:
            continue
        names = run.copy()
        names[length:] += beginnings[: n - length] * power
        names = _mixed(names + own)
        order = np.argsort(names[room >= wanted], kind="stable")
        inside = np.flatnonzero(room >= wanted)[order]
        again = np.flatnonzero(names[inside[1:]] == names[inside[:-1]]) + 1
        place[inside[again]] = inside[again - 1]
        code[inside[again]] = number
    return place, code


def _sums(values: Hash, offsets: Ints) -> Hash:
    """Sum values of each event, modulo 2^64."""
    total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(values, dtype=np.uint64)])
    summed: Hash = total[offsets[1:]] - total[offsets[:-1]]
    return summed


def _random(count: int) -> Hash:
    return np.random.default_rng(0).integers(0, 1 << 63, count, np.uint64)


def _mixed(values: Hash) -> Hash:
    """Spread whole numbers over all 64 bits (the last steps of SplitMix64)."""
    mixed = values + _FACTOR
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread: Hash = mixed ^ (mixed >> np.uint64(31))
    return spread
