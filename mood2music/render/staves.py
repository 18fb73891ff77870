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
from mood2music.render.clefs import solo_clef
from mood2music.render.hands import CHORD, MIDDLE_C, right_hand
from mood2music.render.soloist import reach
from mood2music.render.symbols import melody

# What a piano staff is read in: one voice with stems up, one with stems down.
VOICES = 2

# Players release early and late; a release this near an onset of the hand is written there.
NEAR = 6

# A note may be played short, but is read long: up to a sixteenth of silence behind it, in a triplet
# a third of the beat, and no more than it sounds itself, is written into it.
EIGHTH = 12
SIXTEENTH = 6
TRIPLET = 8


@dataclass(frozen=True)
class Chord:
    """Pitches (MIDI numbers, ascending) struck and released together; times in ticks."""

    start: int
    end: int
    pitches: tuple[int, ...]


def join_releases(
    start: NDArray[np.int64], end: NDArray[np.int64], bars: Bars = FOUR_FOUR
) -> NDArray[np.int64]:
    """Move the releases of one hand (n,) to its own onsets where they are near.

    A release moves by at most a sixteenth and at most a third of its note, so that a held note
    touches the next one instead of leaving a short rest or a short overlap. A short note before
    a short silence is written longer: to the next onset, or to the next eighth of its beat, and so
    is a long one whose last beat lacks a sixteenth. One that ends a sixteenth behind a beat, in
    silence, ends on the beat.

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
    whole = into == 3 * SIXTEENTH
    eighth = np.where((bars.beats_of(eighth - 1) == beat) | whole, eighth, joined)
    # Eighth, rest, eighth of a triplet are a quarter and an eighth, as swing is written.
    third = (into % TRIPLET == 0) & (into % SIXTEENTH > 0)
    third &= (after - joined + into) % TRIPLET == 0
    most = np.where(third, TRIPLET, SIXTEENTH)
    longer = np.where((after >= joined) & (after - joined <= most), after, eighth)
    silent = (after >= longer) | (after < joined)
    # A sixteenth tied over a beat into silence is a late release.
    tail = (into == SIXTEENTH) & (joined - start >= 3 * SIXTEENTH) & (after != joined)
    longer = np.where(tail & silent, joined - SIXTEENTH, longer)
    gap = longer - joined
    return np.where(silent & (gap <= most) & (gap <= joined - start), longer, joined)


def make_voices(
    start: NDArray[np.int64], end: NDArray[np.int64], pitch: NDArray[np.int64]
) -> list[list[Chord]]:
    """Join notes (n,) of one hand into chords and lay them into voices without overlap.

    The first voice has the higher of two chords that sound together, also where the lower one was
    struck before and is held. When all `VOICES` are taken, the one that would end first is released
    early, or two chords that are struck together end together, whichever leaves out less.

    >>> make_voices(np.array([0, 0, 24]), np.array([48, 24, 48]), np.array([60, 72, 74]))
    [[Chord(0, 24, (72,)), Chord(24, 48, (74,))], [Chord(0, 48, (60,))]]
    """
    voices: list[list[Chord]] = [[] for _ in range(VOICES)]
    for struck in _chords(start, end, pitch):
        at = struck[0].start
        held = [number for number, voice in enumerate(voices) if voice and voice[-1].end > at]
        held.sort(key=lambda number: -voices[number][-1].end)
        if held and len(struck) == VOICES:
            kept = voices[held[0]][-1]
            later, early = sorted(struck, key=lambda chord: -chord.end)
            lost = (later.end - early.end) * len(later.pitches)
            if lost <= (kept.end - at) * len(kept.pitches):
                both = tuple(sorted(early.pitches + later.pitches))
                struck = [replace(early, pitches=both)]
        while len(held) + len(struck) > VOICES:
            voice = voices[held.pop()]
            voice[-1] = replace(voice[-1], end=at)
        if not held:
            for voice, chord in zip(voices, struck, strict=False):
                voice.append(chord)
            continue
        one, other = voices[held[0]], voices[1 - held[0]]
        crossed = (struck[0].pitches[-1] > one[-1].pitches[-1]) == (held[0] == 0)
        if crossed and (not other or other[-1].end <= one[-1].start):
            other.append(one.pop())
            one, other = other, one
        other.append(struck[0])
    return [voice for voice in voices if voice]


def _chords(
    start: NDArray[np.int64], end: NDArray[np.int64], pitch: NDArray[np.int64]
) -> list[list[Chord]]:
    """Group notes by onset and release: of each onset `VOICES` chords at most, the highest first.

    Of more releases the two nearest become one, the earlier, until they fit: never the later, which
    could sound into the next stroke of the same pitch.
    """
    by_onset: defaultdict[int, defaultdict[int, set[int]]]
    by_onset = defaultdict(lambda: defaultdict(set))
    for a, b, p in zip(start.tolist(), end.tolist(), pitch.tolist(), strict=True):
        by_onset[a][b].add(p)
    strokes = []
    for onset, released in sorted(by_onset.items()):
        while len(released) > VOICES:
            early, late = min(pairwise(sorted(released)), key=lambda pair: pair[1] - pair[0])
            released[early] |= released.pop(late)
        struck = [Chord(onset, b, tuple(sorted(pitches))) for b, pitches in released.items()]
        strokes.append(sorted(struck, key=lambda chord: -chord.pitches[-1]))
    return strokes


class Staff(NamedTuple):
    """One staff: which notes as written are its own, (n,), and who plays them.

    clef: "right" or "left", as the hand's, or "tenor"; up: semitones from the notes to where they
    are played.
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
    upper, rest, tune = np.zeros(len(written), bool), ~sung, np.zeros(len(written), bool)
    if not sung.any():
        tune[melody(written)[1]] = True
        # What is highest in a chord below middle C is the left hand's.
        _, which, struck = np.unique(written.onset, return_inverse=True, return_counts=True)
        tune &= (pitch >= MIDDLE_C) | (struck[which] < CHORD)
    if rest.any():
        upper[rest] = right_hand(written.onset[rest], end[rest], pitch[rest], tune[rest], bars)
    up = reach(program, pitch[sung]) if sung.any() else 0
    clef = solo_clef(pitch[sung] + up, program) if sung.any() else "right"
    keys = PIANO if sung.any() else program
    staves = [
        Staff(clef, sung, program, up),
        Staff("right", upper, keys),
        Staff("left", rest & ~upper, keys),
    ]
    return [staff for staff in staves if staff.mine.any()]
