"""Puts chords and a bass under a bare tune, in a pattern that changes with its phrases.

The chords are found in `harmony`, led from one to the next in `voicing`, and played here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from mood2music.arrays import Ints
from mood2music.music.harmony import (
    APPLIED_CHORDS,
    BLUES,
    DOMINANT,
    HALF_7,
    POP,
    SEVENTHS,
    TRIADS,
    Harmony,
    chords_of,
    spans,
    stated_spans,
)
from mood2music.music.key import Key, find_key
from mood2music.music.lead_sheet import is_lead_sheet
from mood2music.music.meter import places
from mood2music.music.notes import Notes, make_notes
from mood2music.music.patterns import PLAYERS, STRAIGHT, SWUNG, Played, Span
from mood2music.music.phrases import phrase_lines
from mood2music.music.voicing import BASS, INVERSION, bass_line, upper_voices


class Chords(NamedTuple):
    """Which chords a pattern plays, and where.

    known: of each mode; coloured: whether the ninth stands for the fifth; bass: its lowest and
    highest pitch; inversion: what it costs not to be the root (see `voicing`); stays: whether a
    chord that comes again in its bar is not struck again
    """

    known: Mapping[str, Harmony] = TRIADS
    coloured: bool = False
    bass: tuple[int, int] = BASS
    inversion: Sequence[float] = INVERSION
    stays: bool = False


# Of the patterns of the styles; the others play triads. Held ones are what chord symbols are to
# the solos that jazz is learnt from: on their roots, with their fifths, not below E2.
CHORDS = {
    "held": Chords(BLUES, bass=(40, 55), inversion=(0.0, 2.0, 3.0, 3.0), stays=True),
    "broken": Chords(APPLIED_CHORDS),
    "ballad": Chords(POP),
    "comp": Chords(SEVENTHS, coloured=True),
    "walking": Chords(SEVENTHS, coloured=True),
}

# What it costs a stated chord not to stand on the bass that it says: any line is cheaper.
AS_STATED = (0.0, 9.0, 9.0, 9.0)
# Steps of MIDI velocity below the tune, and less off the beat.
SOFTER, OFF_BEAT = 14, 6


def accompanied(notes: Notes, pattern: str = "block", key: Key | None = None) -> Notes:
    """Add chords and a bass below a tune, in its key and meter; pattern: one of PLAYERS.

    The chords are those that its file states, else they are found. key: that of the song which the
    tune is of, None to find the tune's own.

    The tune itself is as it was, but for pitches that the accompaniment strikes again.
    """
    if not len(notes):
        return notes
    velocity = max(1, int(np.median(notes.velocity)) - SOFTER)
    added: list[Played] = []
    for span in _spans(notes, pattern, key or find_key(notes)):
        played = PLAYERS[pattern](span, notes.grid)
        if span.last and pattern in ("stride", "broken"):
            played = _fill(span, notes, played)
        added += [note for note in played if _below(notes, note)]
    if not added:
        return notes
    onset, duration, pitch = (np.array(part) for part in zip(*added, strict=True))
    loud = np.where(onset % notes.grid == 0, velocity, max(1, velocity - OFF_BEAT))
    whole = make_notes(
        np.concatenate([notes.onset, onset]),
        np.concatenate([notes.duration, duration]),
        np.concatenate([notes.pitch, pitch]),
        np.concatenate([notes.velocity, loud]),
        notes.tempo,
        notes.grid,
        notes.title,
        notes.drums,
        notes.meter,
    )
    return replace(whole, chords=notes.chords)


def _spans(notes: Notes, pattern: str, key: Key) -> list[Span]:
    own = CHORDS.get(pattern, Chords())
    stated: list[int | None] = []
    if is_lead_sheet(notes):
        # A ninth that the file does not say may be another than its tune's or its symbol's.
        own = own._replace(coloured=False, inversion=AS_STATED)
        begins, lengths, said = stated_spans(notes)
        chords = [(chord.root, chord.pitches) for chord in said]
        stated = [None if chord.bass == chord.root else chord.bass for chord in said]
    else:
        begins, lengths, chords = _found(notes, key, own)
    in_bar, _, compound = places(notes.meter, begins, notes.grid)
    ceilings = [_ceiling(notes, b, n) for b, n in zip(begins, lengths, strict=True)]
    bass = bass_line(chords, ceilings, own.bass, own.inversion, stated)
    tones = [tuple((root + p) % 12 for p in pitches) for root, pitches in chords]
    if own.coloured:
        chords = [(root, _coloured(pitches, (root - key.tonic) % 12)) for root, pitches in chords]
    voices = upper_voices(chords, bass, ceilings)
    phrases = phrase_lines(notes)
    phrase = np.maximum(np.searchsorted(phrases, begins, "right") - 1, 0).tolist()
    place, beat = in_bar.tolist(), np.where(compound, 3 * notes.grid // 2, notes.grid).tolist()
    within = notes.onset % notes.grid / notes.grid
    # A sixteenth behind a dotted eighth is neither.
    swings, straight = (np.abs(within - off) < 0.05 for off in (SWUNG, STRAIGHT))
    off = round((SWUNG if swings.sum() > straight.sum() else STRAIGHT) * notes.grid)
    placed = []
    for i in range(len(chords)):
        low = bass[i]
        if low is None:
            continue
        later = bass[i + 1] if i + 1 < len(chords) else None
        placed.append(Span(
            int(begins[i]), int(lengths[i]), beat[i], off, tones[i], low,
            voices[i], low if later is None else later, phrase[i], place[i],
            i + 1 < len(chords) and phrase[i + 1] != phrase[i],
        ))  # fmt: skip
    return placed


def _found(
    notes: Notes, key: Key, own: Chords
) -> tuple[Ints, Ints, list[tuple[int, tuple[int, ...]]]]:
    """Where the chords that fit a tune begin, how long they last, their roots and pitches."""
    known = own.known[key.mode]
    begins, lengths = spans(notes)
    degrees = np.array(chords_of(notes, key, begins, lengths, known))
    if own.stays:
        in_bar, _, _ = places(notes.meter, begins, notes.grid)
        anew = np.ones(len(begins), bool)
        anew[1:] = (np.diff(degrees) != 0) | (in_bar[1:] == 0)
        lengths = np.add.reduceat(lengths, np.flatnonzero(anew))
        begins, degrees = begins[anew], degrees[anew]
    found = [known.chords[degree] for degree in degrees.tolist()]
    chords = [((key.tonic + chord.root) % 12, chord.pitches) for chord in found]
    return begins, lengths, chords


def _coloured(pitches: tuple[int, ...], degree: int) -> tuple[int, ...]:
    """A seventh chord with its ninth for its fifth, as pianists leave the root to the bass.

    degree: semitones from the tonic to the root; dominants of minor chords have the minor ninth.
    """
    if pitches == HALF_7:
        return pitches
    minor_ninth = pitches == DOMINANT and degree in (9, 11, 4)
    return (pitches[1], pitches[3], 1 if minor_ninth else 2)


def _ceiling(notes: Notes, begin: int, length: int) -> int:
    sounding = (notes.onset < begin + length) & (notes.onset + notes.duration > begin)
    return int(notes.pitch[sounding].min()) if sounding.any() else 127


def _below(notes: Notes, note: Played) -> bool:
    """Whether a note lies below all of the tune that sounds with it."""
    onset, duration, pitch = note
    return pitch < _ceiling(notes, onset, duration)


def _fill(span: Span, notes: Notes, played: list[Played]) -> list[Played]:
    """Where the tune waits at a phrase's end: the chord upwards in eighths, a beat later."""
    here = (notes.onset > span.begin) & (notes.onset < span.begin + span.length)
    step = max(notes.grid // 2, 1)
    first = span.begin + span.beat
    if here.any() or span.length < 2 * span.beat or len(span.voices) < 2:
        return played
    turns = range(first, span.begin + span.length, step)
    rising = [*span.voices, *(pitch + 12 for pitch in span.voices)]
    kept = [note for note in played if note[0] < first]
    return kept + [(at, step, pitch) for at, pitch in zip(turns, rising, strict=False)]
