"""Puts chords and a bass under a bare tune: finds the chords, then plays them in a pattern.

A chord a bar, or two where a bar has four beats, each a triad or seventh chord of the key. They are
the likeliest path (Viterbi 1967) through how well chords fit the tune above them and how usually
one follows another: the root movements of common-practice harmony as Kostka & Payne (Tonal
Harmony, chapter 7) draw them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.music.events import to_events
from mood2music.music.key import Key, find_key
from mood2music.music.meter import bar_lines, places
from mood2music.music.notes import Notes, make_notes

# How a chord is played: held, an oompah of bass and chord, or one note after the other.
PATTERNS = ("block", "stride", "broken")
# What each style's own pieces have most.
OF_STYLE = {"jazz": "stride", "classical": "broken", "pop": "block"}

# Share of the sounding time in which one pitch sounds alone, from which a tune counts as bare.
BARE = 0.8


class Chord(NamedTuple):
    """A chord of a key: semitones from the tonic to its root, and from the root to its pitches."""

    root: int
    pitches: tuple[int, ...]


# Degrees that a tune is harmonised with, I first; the fifth of minor has its leading note.
CHORDS = {
    "major": [Chord(0, (0, 4, 7)), Chord(2, (0, 3, 7, 10)), Chord(4, (0, 3, 7)),
              Chord(5, (0, 4, 7)), Chord(7, (0, 4, 7, 10)), Chord(9, (0, 3, 7))],
    "minor": [Chord(0, (0, 3, 7)), Chord(2, (0, 3, 6)), Chord(3, (0, 4, 7)),
              Chord(5, (0, 3, 7)), Chord(7, (0, 4, 7, 10)), Chord(8, (0, 4, 7))],
}  # fmt: skip
# What usually follows degrees I, II, III, IV, V, VI, by their places above; others cost more.
USUAL = {
    0: {0, 1, 2, 3, 4, 5},
    1: {1, 4},
    2: {2, 3, 5},
    3: {0, 1, 3, 4},
    4: {0, 4, 5},
    5: {1, 3, 5},
}
UNUSUAL, CHANGE, SECONDARY = 0.6, 0.08, 0.12

# Where the bass and the middle of the chord lie; the chord stays below the tune.
BASS, MIDDLE = 36, 52
SOFTER = 14


def is_bare(notes: Notes) -> bool:
    """Whether a piece is a tune alone: one pitch sounds most of the time."""
    return to_events(notes).one_voice() > BARE


def accompanied(notes: Notes, pattern: str = "block") -> Notes:
    """Add chords and a bass below a tune, in its key and meter; pattern: one of PATTERNS.

    The tune itself is as it was, but for pitches that the accompaniment strikes again.
    """
    if not len(notes):
        return notes
    key = find_key(notes)
    begins, lengths = _spans(notes)
    degrees = chords_of(notes, key, begins, lengths)
    velocity = max(1, int(np.median(notes.velocity)) - SOFTER)
    added: list[tuple[int, int, int]] = []
    for begin, length, degree in zip(begins.tolist(), lengths.tolist(), degrees, strict=True):
        chord = CHORDS[key.mode][degree]
        sounding = (notes.onset < begin + length) & (notes.onset + notes.duration > begin)
        ceiling = int(notes.pitch[sounding].min()) if sounding.any() else 127
        added += _played(chord, key, begin, length, notes.grid, pattern, ceiling)
    onset, duration, pitch = (np.array(part) for part in zip(*added, strict=True))
    return make_notes(
        np.concatenate([notes.onset, onset]),
        np.concatenate([notes.duration, duration]),
        np.concatenate([notes.pitch, pitch]),
        np.concatenate([notes.velocity, np.full(len(onset), velocity)]),
        notes.tempo,
        notes.grid,
        notes.title,
        notes.drums,
        notes.meter,
    )


def chords_of(
    notes: Notes, key: Key, begins: NDArray[np.int64], lengths: NDArray[np.int64]
) -> list[int]:
    """Find the chord of each span, (spans,) grid steps: places in CHORDS of the key's mode."""
    chords = CHORDS[key.mode]
    fits = np.zeros((len(begins), len(chords)))
    for i, (begin, length) in enumerate(zip(begins.tolist(), lengths.tolist(), strict=True)):
        start = np.maximum(notes.onset, begin)
        heard = np.minimum(notes.onset + notes.duration, begin + length) - start
        here = heard > 0
        # A note on the first beat says most about the chord below it.
        weight = heard[here] * np.where(notes.onset[here] == begin, 2.0, 1.0)
        degree = (notes.pitch[here].astype(int) - key.tonic) % 12
        for j, chord in enumerate(chords):
            inside = np.isin(degree, [(chord.root + p) % 12 for p in chord.pitches])
            fits[i, j] = (weight * inside).sum() / max(weight.sum(), 1)
    fits[:, [1, 2, 5]] -= SECONDARY  # II, III, VI stand in for what they share notes with
    fits[-1] -= np.where(np.arange(len(chords)) == 0, 0, 1)  # a tune ends at home
    cost = np.array([[CHANGE * (a != b) + UNUSUAL * (b not in USUAL[a]) for b in range(len(chords))]
                     for a in range(len(chords))])  # fmt: skip
    best, came = fits[0].copy(), []
    for fit in fits[1:]:
        through = best[:, None] - cost
        came.append(through.argmax(0))
        best = through.max(0) + fit
    path = [int(best.argmax())]
    for before in reversed(came):
        path.append(int(before[path[-1]]))
    return path[::-1]


def _spans(notes: Notes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where chords stand: bars, halves of those of four beats and more; (spans,) steps each."""
    lines = bar_lines(notes.meter, notes.end, notes.grid)
    lines = lines[lines < notes.end]
    _, length, compound = places(notes.meter, lines, notes.grid)
    halved = (length >= 4 * notes.grid) & ~compound
    begins = np.sort(np.concatenate([lines, lines[halved] + length[halved] // 2]))
    begins = begins[begins < notes.end]
    ends = np.append(begins[1:], lines[-1] + length[-1])
    inside = ends > max(int(notes.onset.min()), 0)
    begins, ends = np.maximum(begins[inside], 0), ends[inside]
    return begins, ends - begins


def _played(
    chord: Chord, key: Key, begin: int, length: int, grid: int, pattern: str, ceiling: int
) -> list[tuple[int, int, int]]:
    """Notes of one span: (onset, duration, pitch) of a bass and of a chord below `ceiling`."""
    root = (key.tonic + chord.root) % 12
    bass = BASS + (root - BASS) % 12
    upper = sorted(MIDDLE + (root + p - MIDDLE) % 12 for p in chord.pitches)
    upper = [pitch for pitch in upper if pitch < ceiling and pitch > bass + 4]
    if bass >= ceiling:
        return []
    beats = [begin + step for step in range(0, length, grid)]
    if pattern == "stride" and length >= 2 * grid:
        low = [(beats[0], grid, bass)]
        return low + [(beat, min(grid, begin + length - beat), pitch)
                      for beat in beats[1:] for pitch in upper]  # fmt: skip
    if pattern == "broken" and upper:
        step = max(grid // 2, 1)
        figure = [upper[0], upper[-1], upper[len(upper) // 2], upper[-1]]
        turns = range(0, length, step)
        return [(begin, length, bass)] + [
            (begin + at, min(step, length - at), figure[i % 4]) for i, at in enumerate(turns) if i
        ]
    return [(begin, length, pitch) for pitch in (bass, *upper)]
