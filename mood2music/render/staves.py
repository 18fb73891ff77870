"""Lays quantised notes into the staves of a score, a soloist's and two hands, and their voices."""

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.music.notes import Notes
from mood2music.music.write import PIANO
from mood2music.render.bars import FOUR_FOUR, Bars
from mood2music.render.soloist import RANGES, reach

MIDDLE_C = 60

# How far from middle C the hands may part, in semitones, and how many semitones of a wider gap
# between the hands make up for one semitone of distance.
REACH = 6
PULL = 1.0

# What a piano staff is read in: one voice with stems up, one with stems down.
VOICES = 2

# Semitones; notes.
FOURTH, CHORD = 5, 3

# Players release early and late; a release this near an onset of the hand is written there.
NEAR = 6

# A note may be played short, but is read long: up to a sixteenth of silence behind it, and no more
# than it sounds itself, is written into it.
QUARTER = 24
EIGHTH = 12
SIXTEENTH = 6

# A bar of one voice alone stays on one staff: two ledger lines below the upper one (G3), two above
# the lower one (F4).
LOWEST_ABOVE, HIGHEST_BELOW = 55, 65
# Lowest pitch of an instrument, below which it reads a bass clef, and the median of a tune from
# which it reads a treble clef all the same: E4, a sixth above what stands three ledger lines below.
DEEP, TREBLE = 44, 64


@dataclass(frozen=True)
class Chord:
    """Pitches (MIDI numbers, ascending) struck and released together; times in ticks."""

    start: int
    end: int
    pitches: tuple[int, ...]


def upper_hand(
    onset: NDArray[np.int64],
    end: NDArray[np.int64],
    pitch: NDArray[np.int64],
    bars: Bars = FOUR_FOUR,
) -> NDArray[np.bool_]:
    """Tell for every note (n,) whether the right hand plays it; times in ticks, by onset.

    In each bar the hands part in the widest gap between neighbouring pitches near middle C, so
    that a melody that dips to B3 stays on its staff. One that dips below the left hand's chord does
    too, while the right hand has nothing else. A bar of one voice alone is not parted where one
    staff holds it.
    """
    upper = pitch >= MIDDLE_C
    held = np.zeros(0, np.int64)
    for bar in bars.until(int(onset.max(initial=0)) + 1):
        first, last = np.searchsorted(onset, (bar.start, bar.end))
        here = slice(first, last)
        sounding = np.concatenate([held, np.arange(first, last)])
        held = sounding[end[sounding] > bar.end]
        if first == last:
            continue
        pitches = np.unique(pitch[here])
        if _one_voice(onset[sounding], end[sounding]):
            if pitches[0] >= LOWEST_ABOVE:
                upper[here] = True
                continue
            if pitches[-1] <= HIGHEST_BELOW:
                upper[here] = False
                continue
        gaps = np.diff(pitches)
        if not len(gaps) or pitches[0] >= MIDDLE_C or pitches[-1] < MIDDLE_C:
            continue
        # A split at pitches[i + 1] may stand anywhere in the gap: count its nearest place.
        low, high = pitches[:-1] + 1, pitches[1:]
        distance = np.abs(np.clip(MIDDLE_C, low, high) - MIDDLE_C)
        score = np.where(distance <= REACH, gaps - PULL * distance, -np.inf)
        upper[here] = pitch[here] >= high[int(np.argmax(score))]
    return upper | _dips(onset, end, pitch, upper)


def _dips(
    onset: NDArray[np.int64],
    end: NDArray[np.int64],
    pitch: NDArray[np.int64],
    upper: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Tell which notes below the hands' parting are the tune's for a moment.

    Such a note is struck alone, while the left hand holds a chord of three notes and more that
    reaches above it or to a fourth below; the right hand has been heard within the last quarter
    and holds nothing; and the upper staff has room.
    """
    _, which, struck = np.unique(onset, return_inverse=True, return_counts=True)
    rights = np.flatnonzero(upper)
    never = np.iinfo(np.int64).min
    released = np.append(never, np.maximum.accumulate(end[rights]))[
        np.searchsorted(onset[rights], onset)
    ]
    resting = (released <= onset) & (released > onset - QUARTER)
    found = np.flatnonzero(~upper & (pitch >= LOWEST_ABOVE) & (struck[which] == 1) & resting)
    at = onset[found]
    chord, near = np.zeros(len(found), np.int64), np.zeros(len(found), bool)
    for held in np.unique(pitch[~upper]):
        mine = ~upper & (pitch == held)
        begun = np.searchsorted(onset[mine], at)
        sounding = begun - np.searchsorted(np.sort(end[mine]), at, "right")
        chord += sounding
        near |= (sounding > 0) & (held >= pitch[found] - FOURTH)
    dips = np.zeros(len(onset), bool)
    dips[found[(chord >= CHORD) & near]] = True
    return dips


def _one_voice(start: NDArray[np.int64], end: NDArray[np.int64]) -> bool:
    """Tell whether no two of these notes, sorted by onset, sound at once."""
    return bool((start[1:] >= end[:-1]).all())


def join_releases(
    start: NDArray[np.int64], end: NDArray[np.int64], bars: Bars = FOUR_FOUR
) -> NDArray[np.int64]:
    """Move the releases of one hand (n,) to its own onsets where they are near.

    A release moves by at most a sixteenth and at most a third of its note, so that a held note
    touches the next one instead of leaving a short rest or a short overlap. A short note before
    a short silence is written longer: to the next onset, or to the next eighth of its beat. One
    that ends a sixteenth behind a beat, in silence, ends on the beat.

    >>> join_releases(np.array([0, 24]), np.array([30, 30]))
    array([24, 30])
    """
    onsets = np.unique(start)
    if not len(onsets):
        return end
    after = onsets[np.minimum(np.searchsorted(onsets, end), len(onsets) - 1)]
    before = onsets[np.maximum(np.searchsorted(onsets, end, side="right") - 1, 0)]
    nearest = np.where(abs(after - end) <= abs(before - end), after, before)
    moved = abs(nearest - end)
    joins = (nearest > start) & (moved <= NEAR) & (3 * moved <= end - start)
    joined = np.where(joins, nearest, end)
    beat = bars.beats_of(start)
    into = joined - bars.beats_of(joined)
    plain = ((start - beat) % SIXTEENTH == 0) & (into % SIXTEENTH == 0)
    eighth = np.where(plain, joined - into + -(-into // EIGHTH) * EIGHTH, joined)
    eighth = np.where(bars.beats_of(eighth - 1) == beat, eighth, joined)
    longer = np.where((after >= joined) & (after - joined <= SIXTEENTH), after, eighth)
    silent = (after >= longer) | (after < joined)
    # A sixteenth tied over a beat into silence is a late release.
    tail = (into == SIXTEENTH) & (joined - start >= 3 * SIXTEENTH) & (after != joined)
    longer = np.where(tail & silent, joined - SIXTEENTH, longer)
    gap = longer - joined
    return np.where(silent & (gap <= SIXTEENTH) & (gap <= joined - start), longer, joined)


def make_voices(
    start: NDArray[np.int64], end: NDArray[np.int64], pitch: NDArray[np.int64]
) -> list[list[Chord]]:
    """Join notes (n,) of one hand into chords and lay them into voices without overlap.

    The highest chord of an onset takes the first free voice. When all `VOICES` are taken, the
    one that would end first is released early.

    >>> make_voices(np.array([0, 0, 24]), np.array([48, 24, 48]), np.array([60, 72, 74]))
    [[Chord(0, 24, (72,)), Chord(24, 48, (74,))], [Chord(0, 48, (60,))]]
    """
    voices: list[list[Chord]] = []
    for chord in sorted(_chords(start, end, pitch), key=lambda c: (c.start, -c.pitches[-1])):
        free = [voice for voice in voices if voice[-1].end <= chord.start]
        if free:
            free[0].append(chord)
        elif len(voices) < VOICES:
            voices.append([chord])
        else:
            voice = min(voices, key=lambda v: (v[-1].start == chord.start, v[-1].end))
            voice[-1] = replace(voice[-1], end=chord.start)
            voice.append(chord)
    return voices


def _chords(
    start: NDArray[np.int64], end: NDArray[np.int64], pitch: NDArray[np.int64]
) -> list[Chord]:
    """Group notes by onset and release, at most `VOICES` releases an onset.

    Of more, the two nearest become one, the earlier, until they fit: never the later, which
    could sound into the next stroke of the same pitch.
    """
    by_onset: defaultdict[int, defaultdict[int, set[int]]]
    by_onset = defaultdict(lambda: defaultdict(set))
    for a, b, p in zip(start.tolist(), end.tolist(), pitch.tolist(), strict=True):
        by_onset[a][b].add(p)
    chords = []
    for onset, released in by_onset.items():
        while len(released) > VOICES:
            early, late = min(pairwise(sorted(released)), key=lambda pair: pair[1] - pair[0])
            released[early] |= released.pop(late)
        chords += [Chord(onset, b, tuple(sorted(pitches))) for b, pitches in released.items()]
    return chords


class Staff(NamedTuple):
    """One staff: which notes as written are its own, (n,), and who plays them.

    clef: "right" or "left", as the hand's; up: semitones from the notes to where they are played.
    """

    clef: str
    mine: NDArray[np.bool_]
    program: int
    up: int = 0


def staves_of(
    written: Notes, of_tune: set[tuple[int, int]], program: int, bars: Bars
) -> list[Staff]:
    """Deal notes to staves: that of a tune, with (onset, pitch) in `of_tune`, and two hands."""
    places = zip(written.onset.tolist(), written.pitch.tolist(), strict=True)
    sung = np.array([place in of_tune for place in places])
    pitch, end = written.pitch.astype(np.int64), written.onset + written.duration
    upper, rest = np.zeros(len(written), bool), ~sung
    if rest.any():
        upper[rest] = upper_hand(written.onset[rest], end[rest], pitch[rest], bars)
    up = reach(program, pitch[sung]) if sung.any() else 0
    deep = sung.any() and RANGES.get(program, (MIDDLE_C, 0))[0] < DEEP
    low = deep and np.median(pitch[sung]) + up < TREBLE
    keys = PIANO if sung.any() else program
    staves = [
        Staff("left" if low else "right", sung, program, up),
        Staff("right", upper, keys),
        Staff("left", rest & ~upper, keys),
    ]
    return [staff for staff in staves if staff.mine.any()]
