"""Finds the chords of a bare tune: the likeliest path through those of its key.

A chord a bar, or two where a bar has four beats. They are the likeliest path (Viterbi 1967) through
how well chords fit the tune above them and how usually one follows another: the root movements of
common-practice harmony as Kostka & Payne (Tonal Harmony, chapter 7) draw them, in classical music
with the dominants and diminished sevenths of other degrees (chapters 16 and 17); of jazz the
seventh of every chord, dominants of all degrees with the minor sevenths before them, the dominant a
tritone away, and the sevenths of the blues (Levine 1995, The Jazz Theory Book, chapters 2, 10 and
13); of pop plain triads that follow one another freely (de Clercq & Temperley 2011, Popular Music
30).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.music.key import Key
from mood2music.music.meter import bar_lines, chord_lines, places
from mood2music.music.notes import Notes
from mood2music.music.stated_chords import StatedChord


class Chord(NamedTuple):
    """A chord of a key: semitones from the tonic to its root, and from the root to its pitches.

    before: places in the list of the chords that usually follow it
    """

    root: int
    pitches: tuple[int, ...]
    before: frozenset[int]


MAJOR, MINOR, DIMINISHED = (0, 4, 7), (0, 3, 7), (0, 3, 6)
MAJOR_7, MINOR_7, HALF_7, DOMINANT = (0, 4, 7, 11), (0, 3, 7, 10), (0, 3, 6, 10), (0, 4, 7, 10)
DIMINISHED_7 = (0, 3, 6, 9)
# What a tune may dwell on above each that is none of its pitches (Levine, chapter 2).
TENSIONS: dict[tuple[int, ...], tuple[int, ...]] = {
    MAJOR_7: (2, 9, 6),
    MINOR_7: (2, 5, 9),
    HALF_7: (5, 2),
    DOMINANT: (2, 9, 1, 8),
}


@dataclass(frozen=True)
class Harmony:
    """Chords of a mode, the tonic's first, and what they cost in shares of the time that fits.

    secondary: of each chord, below 0 for what is sought; change, stay: of another chord and of the
    same once more; falls: less where the root of a minor or a dominant seventh falls by a fifth or
    a semitone
    """

    chords: list[Chord]
    secondary: list[float]
    change: float
    stay: float = 0.0
    falls: float = 0.0


# What a chord costs where it does not usually follow.
UNUSUAL = 0.6
# What the tonic fits better at the beginning.
AT_HOME = 0.3
# What a tension fits, as a share of a pitch of the chord.
TENSION = 0.6
# I, II, III, IV, V, VI; the fifth of minor has its leading note. Behind each what usually follows.
_TRIADS = {
    "major": [(0, MAJOR, "012345"), (2, MINOR_7, "14"), (4, MINOR, "235"),
              (5, MAJOR, "0134"), (7, DOMINANT, "045"), (9, MINOR, "135")],
    "minor": [(0, MINOR, "012345"), (2, DIMINISHED, "14"), (3, MAJOR, "235"),
              (5, MINOR, "0134"), (7, DOMINANT, "045"), (8, MAJOR, "135")],
}  # fmt: skip
# II, III and VI stand in for what they share notes with.
TRIADS = {
    mode: Harmony([Chord(root, pitches, frozenset(map(int, to))) for root, pitches, to in told],
                  [0, 0.12, 0.12, 0, 0, 0.12], 0.08)
    for mode, told in _TRIADS.items()
}  # fmt: skip
# Semitones from a chord's root to those of the dominant and of the diminished seventh that lead to
# it, what these cost, and what more where its seventh alone tells a dominant from the key's triad.
_FIFTH, _LEADING = 7, 11
APPLIED, APPLIED_7, SEVENTH_ALONE = 0.05, 0.1, 0.05


def _applied(mode: str) -> Harmony:
    """The triads, and what leads to each but a diminished one: a dominant, a diminished seventh."""
    plain = TRIADS[mode]
    own = {chord.root for chord in plain.chords if chord.pitches == MAJOR}
    added, costs = list[Chord](), list[float]()
    for place, chord in enumerate(plain.chords):
        if chord.pitches == DIMINISHED:
            continue
        root = (chord.root + _FIFTH) % 12
        if place:  # the tonic's dominant is there
            added.append(Chord(root, DOMINANT, frozenset({place})))
            costs.append(APPLIED + SEVENTH_ALONE * (root in own))
        added.append(Chord((chord.root + _LEADING) % 12, DIMINISHED_7, frozenset({place})))
        costs.append(APPLIED_7)
    more = frozenset(range(len(plain.chords), len(plain.chords) + len(added)))
    chords = [chord._replace(before=chord.before | more) for chord in plain.chords]
    return Harmony([*chords, *added], [*plain.secondary, *costs], plain.change)


# Of classical music: its triads with the dominants and diminished sevenths that lead to them.
APPLIED_CHORDS = {mode: _applied(mode) for mode in _TRIADS}
# Of pop: plain triads, none of them diminished, each behind any; one that stays costs something,
# for folk songs fit their tonic's bar after bar.
_POP = {
    "major": [(0, MAJOR, 0), (2, MINOR, 0.05), (4, MINOR, 0.05), (5, MAJOR, 0), (7, MAJOR, 0),
              (9, MINOR, 0)],
    "minor": [(0, MINOR, 0), (3, MAJOR, 0), (5, MINOR, 0), (7, MINOR, 0.1), (8, MAJOR, 0),
              (10, MAJOR, 0)],
}  # fmt: skip
POP = {
    mode: Harmony([Chord(root, pitches, frozenset(range(len(told)))) for root, pitches, _ in told],
                  [cost for _, _, cost in told], 0.0, 0.2)
    for mode, told in _POP.items()
}  # fmt: skip
# Of jazz: the degrees; then pairs of a minor seventh and its dominant that lead to II, III, IV, V
# and VI, and the dominant a semitone above the tonic.
_DEGREES = {
    "major": [(0, MAJOR_7), (2, MINOR_7), (4, MINOR_7), (5, MAJOR_7), (7, DOMINANT), (9, MINOR_7)],
    "minor": [(0, MINOR_7), (2, HALF_7), (3, MAJOR_7), (5, MINOR_7), (7, DOMINANT), (8, MAJOR_7)],
}
# Sevenths that lead nowhere by a fifth, and the degrees before and behind each: the tonic and the
# subdominant of the blues, which lead to any pair too, in major the minor subdominant, and the
# dominant a tone below the tonic that it leads to. Of the chords of real solos one in seven is a
# tonic's or a subdominant's dominant seventh.
_BLUES = {
    "major": [(0, DOMINANT, "0245", "012345"), (5, DOMINANT, "0245", "014"),
              (5, MINOR_7, "01235", "0"), (10, DOMINANT, "13", "05")],
    "minor": [(3, DOMINANT, "0245", "012345"), (8, DOMINANT, "0245", "0234"),
              (5, DOMINANT, "0135", "024")],
}  # fmt: skip


def _jazz(mode: str, blues: Sequence[tuple[int, tuple[int, ...], str, str]] = ()) -> Harmony:
    degrees = _DEGREES[mode]
    found: list[tuple[int, tuple[int, ...]]] = [*degrees]
    for root, kind in degrees[1:]:
        found += [((root + 2) % 12, MINOR_7 if kind in (MAJOR_7, DOMINANT) else HALF_7),
                  ((root + 7) % 12, DOMINANT)]  # fmt: skip
    found.append((1, DOMINANT))
    to: list[set[int]] = [{*range(len(found))}, {4}, {3, 5}, {0, 1, 4}, {0, 5}, {1}]
    for i in range(len(degrees) - 1):
        to += [{7 + 2 * i}, {1 + i}]
    to += [{0}]
    # From a degree to any pair that leads on from it or to it.
    for at in range(1, len(degrees)):
        to[at] |= {6 + 2 * i for i in range(len(degrees) - 1)}
    to[1] |= {len(found) - 1}
    pairs = [*range(len(degrees), len(found) - 1)]
    more = range(len(found), len(found) + len(blues))
    for at, (root, pitches, before, behind) in zip(more, blues, strict=True):
        found.append((root, pitches))
        to.append({*map(int, behind), *(pairs if at < more[2] else ()), *more} - {at})
        for degree in map(int, before):
            to[degree].add(at)
    # Dominants that lead elsewhere are sought: without them a folk song stays one.
    secondary = [0.05, 0.0, 0.06, 0.02, 0.0, 0.03, *[-0.05, -0.12] * (len(degrees) - 1), -0.1]
    secondary += [-0.1] * len(blues)
    chords = [Chord(*one, frozenset(after)) for one, after in zip(found, to, strict=True)]
    return Harmony(chords, secondary, 0.0, 0.15, 0.2)


SEVENTHS = {mode: _jazz(mode) for mode in _DEGREES}
BLUES = {mode: _jazz(mode, _BLUES[mode]) for mode in _DEGREES}


def spans(notes: Notes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where chords stand: bars, and parts of long ones (`chord_lines`); (spans,) steps each."""
    begins = chord_lines(notes.meter, notes.end, notes.grid)
    place, length, _ = (int(part[0]) for part in places(notes.meter, [begins[-1]], notes.grid))
    ends = np.append(begins[1:], begins[-1] - place + length)
    inside = ends > max(int(notes.onset.min()), 0)
    begins, ends = np.maximum(begins[inside], 0), ends[inside]
    return begins, ends - begins


def stated_spans(
    notes: Notes,
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[StatedChord]]:
    """Where the chords that a file states stand, cut at bar lines: (spans,) steps each, and they.

    Nothing stands before the first of them, nor where the file says that no chord sounds.
    """
    begins, lengths = spans(notes)
    last = int(begins[-1] + lengths[-1])
    lines = bar_lines(notes.meter, notes.end, notes.grid)
    steps = np.array([chord.step for chord in notes.chords])
    first = max(int(steps[0]), int(begins[0]))
    cuts = np.unique(np.concatenate([[first], steps, lines]))
    cuts = cuts[(cuts >= first) & (cuts < last)]
    holds = [notes.chords[i] for i in np.searchsorted(steps, cuts, "right") - 1]
    sounds = np.array([bool(chord.pitches) for chord in holds])
    lengths = np.diff(cuts, append=last)[sounds]
    return cuts[sounds], lengths, [chord for chord in holds if chord.pitches]


def chords_of(
    notes: Notes,
    key: Key,
    begins: NDArray[np.int64],
    lengths: NDArray[np.int64],
    harmony: Harmony,
) -> list[int]:
    """Find the chord of each span, (spans,) grid steps: places in the harmony's chords."""
    chords = harmony.chords
    fits = np.zeros((len(begins), len(chords)))
    for i, (begin, length) in enumerate(zip(begins.tolist(), lengths.tolist(), strict=True)):
        start = np.maximum(notes.onset, begin)
        heard = np.minimum(notes.onset + notes.duration, begin + length) - start
        here = heard > 0
        # A note on the first beat says most about the chord below it.
        weight = heard[here] * np.where(notes.onset[here] == begin, 2.0, 1.0)
        degree = (notes.pitch[here].astype(int) - key.tonic) % 12
        for j, chord in enumerate(chords):
            inside = np.isin(degree, [(chord.root + p) % 12 for p in chord.pitches]) * 1.0
            above = [(chord.root + p) % 12 for p in TENSIONS.get(chord.pitches, ())]
            inside += TENSION * np.isin(degree, above) * (inside == 0)
            fits[i, j] = (weight * inside).sum() / max(weight.sum(), 1)
    fits -= harmony.secondary
    home = np.arange(len(chords)) == 0
    fits[0] += AT_HOME * home
    fits[-1] -= np.where(home, 0, 2)  # a tune ends at home
    cost = np.array([[_following(harmony, a, b) for b in range(len(chords))]
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


def _following(harmony: Harmony, one: int, other: int) -> float:
    """What chord `other` costs behind chord `one`."""
    if one == other:
        return harmony.stay
    before, behind = harmony.chords[one], harmony.chords[other]
    usual = other in before.before
    falls = usual and (before.root - behind.root) % 12 in (1, 7) and before.pitches != MAJOR_7
    return harmony.change + UNUSUAL * (not usual) - harmony.falls * falls
