"""Names the chords that sound, as a lead sheet does: a root and a kind, where they change."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.music.meter import chord_lines
from mood2music.music.notes import Notes
from mood2music.music.stated_chords import StatedChord
from mood2music.music.tune import tune_places
from mood2music.render.spelling import STEPS, spell

# Pitches above the root of each kind, by MusicXML's name for it; the plainest first.
KINDS = {
    "major": (0, 4, 7),
    "minor": (0, 3, 7),
    "dominant-seventh": (0, 4, 7, 10),
    "major-seventh": (0, 4, 7, 11),
    "minor-seventh": (0, 3, 7, 10),
    "half-diminished-seventh": (0, 3, 6, 10),
    "diminished": (0, 3, 6),
    "suspended-fourth": (0, 5, 7),
}
# Of those that a file states, more; in what sounds they would be others with a passing note. Four
# are what stands on its lowest note where another is found: D minor seven over F is F six.
STATED = KINDS | {
    "major-sixth": (0, 4, 7, 9),
    "minor-sixth": (0, 3, 7, 9),
    "augmented": (0, 4, 8),
    "augmented-seventh": (0, 4, 8, 10),
    "diminished-seventh": (0, 3, 6, 9),
    "minor-major-seventh": (0, 3, 7, 11),
    "suspended-second": (0, 2, 7),
    "dominant-suspended": (0, 5, 7, 10),
    "none": (),
}
ON_BASS = {
    "minor-seventh": "major-sixth",
    "half-diminished-seventh": "minor-sixth",
    "diminished": "diminished-seventh",
    "suspended-fourth": "dominant-suspended",
}
# Fifths from a root to the tones of its chords, by semitones, and to a bass of its own.
FIFTHS = {0: 0, 2: 2, 3: -3, 4: 4, 5: -1, 6: -6, 7: 1, 8: 8, 9: 3, 10: -2, 11: 5}
# A diminished seventh has as many semitones as a sixth; the last name without two flats is F flat.
DIMINISHED, LAST = -9, -7
BASSES = FIFTHS | {1: -5, 8: -4}
# Fifths from a root to the lowest and highest name of other notes: flat fifth, sharp sixth.
LOW, HIGH = -6, 10
# How many tones of a chord sound where its names are taken. Of names, fifths from F: the middle of
# C major's, those of white keys with a sign (F and C flat, E and B sharp), what a fifth from one
# root to the next costs, a name other than that of the root's first note, and one with two signs.
LEAST_TONES = 3
CENTRE, WHITE, STRIDE, UNLIKE, TWICE = 3, (-7, -6, 12, 13), 0.5, 0.5, 100.0
# Of the weight that sounds: what a pitch outside the chord takes away, what a chord loses for a
# pitch of its own that is silent, what the root in the bass adds, and how much must be left. What
# sounds less, as a share of all time, is silent.
OUTSIDE, MISSING, BASS, LEAST, SILENT = 1.0, 0.12, 0.15, 0.35, 0.05


class Symbol(NamedTuple):
    """A chord from a grid step on; root, bass: 0 to 11, C is 0; kind: one of STATED.

    above: ninths, elevenths and thirteenths that a file states, semitones above the root.
    """

    step: int
    root: int
    kind: str
    bass: int | None = None
    above: tuple[int, ...] = ()


def symbols(notes: Notes) -> list[Symbol]:
    """Name the chords of a piece: one a bar, two in bars of four beats; none where it is unclear.

    A symbol holds until the next, so that one which stays is not written again. For each span the
    pitches' time is compared with every root and kind, as Pardo & Birmingham (2002) do: inside
    counts for the chord, outside against it. Where the notes state their chords these are named.
    """
    if not len(notes):
        return []
    found: list[Symbol] = []
    said = {chord.step: _stated(chord) for chord in notes.chords if chord.step < notes.end}
    holds: Symbol | None = None
    for begin, end in pairwise([*sorted({*_spans(notes), *said}), notes.end]):
        holds = said.get(begin, holds)
        named = holds or _named(notes, begin, end)
        if named and (not found or found[-1][1:] != named[1:]):
            found.append(named._replace(step=begin))
    return found


def _stated(chord: StatedChord) -> Symbol | None:
    """The symbol of a stated chord; None for a kind without a name, and where nothing is stated."""
    bass = None if chord.bass == chord.root else chord.bass
    kind = next((kind for kind, tones in STATED.items() if tones == chord.pitches), None)
    if kind is None or not chord.said:
        return None
    return Symbol(chord.step, chord.root, kind, bass, chord.above)


def with_chords(
    names: NDArray[np.int64], notes: Notes, heard: Sequence[Symbol], sharps: int
) -> tuple[NDArray[np.int64], list[int]]:
    """Name the tones struck in each chord as its symbol says, and give the names of the roots.

    names: (n,) of the notes, fifths from F. So C sharp seven has an E sharp, whatever stands around
    it, and over B flat no note is a D sharp. Where fewer than three of its tones sound, other music
    has begun, and keeps its own names.
    """
    names = names.copy()
    roots = _roots(names, notes, heard, sharps)
    above = [(notes.pitch.astype(np.int64) - symbol.root) % 12 for symbol in heard]
    ends = notes.onset + notes.duration
    last = [*(symbol.step for symbol in heard), notes.end][1:]
    for symbol, root, own, end in zip(heard, roots, above, last, strict=True):
        tones = STATED[symbol.kind]
        lines = [symbol.step, *(s for s in _spans(notes) if symbol.step < s < end), end]
        for begin, stop in pairwise(lines):
            sounds = np.unique(own[(notes.onset < stop) & (ends > begin)])
            if np.isin(tones, sounds).sum() < LEAST_TONES:
                continue
            struck = (notes.onset >= begin) & (notes.onset < stop)
            away = names - root
            names += 12 * ((struck & (away < LOW)) * 1 - (struck & (away > HIGH)) * 1)
            for tone in tones:
                names[struck & (own == tone)] = _tone(root, symbol.kind, tone)
    return names, roots


def _roots(
    names: NDArray[np.int64], notes: Notes, heard: Sequence[Symbol], sharps: int
) -> list[int]:
    """Name the roots, fifths from F: the likeliest path (Viterbi).

    A name is the better the nearer its tones lie to the key and to the root before it on the line
    of fifths (Temperley 2001, The Cognition of Basic Musical Structures, chapter 5), if none is a
    white key with a sign, and as its first note is named. Only where every name has a tone with two
    signs one of those is taken: B augmented seven.
    """
    paths: dict[int, tuple[float, list[int]]] = {}
    last = [*(symbol.step for symbol in heard), notes.end][1:]
    for symbol, end in zip(heard, last, strict=True):
        if symbol.kind == "none":
            # No root: the way goes on from the one before, or from the tonic.
            known = paths or {sharps + 1: (0.0, [])}
            paths = {
                name: (cost, [*path, path[-1] if path else name])
                for name, (cost, path) in known.items()
            }
            continue
        here = (notes.onset >= symbol.step) & (notes.onset < end)
        first = names[here & (notes.pitch % 12 == symbol.root)][:1].tolist()
        letter, alteration, _ = spell(symbol.root, sharps)
        called = STEPS.index(letter) + 7 * alteration
        found: dict[int, tuple[float, list[int]]] = {}
        for name in (called, called - 12, called + 12):
            tones = np.array([_tone(name, symbol.kind, tone) for tone in STATED[symbol.kind]])
            cost = float(np.abs(tones - (sharps + CENTRE)).mean() + np.isin(tones, WHITE).sum())
            cost += UNLIKE * (name not in first) + TWICE * ((tones < -7) | (tones > 13)).sum()
            ways = [
                (before + STRIDE * abs(name - path[-1]), path) for before, path in paths.values()
            ]
            before, path = min(ways) if ways else (0.0, [])
            found[name] = before + cost, [*path, name]
        paths = found
    return min(paths.values())[1] if paths else []


def _tone(root: int, kind: str, tone: int) -> int:
    """Name a tone of a chord, so many semitones above its root: fifths from F, as root is.

    B diminished seven has an A flat, C diminished seven an A for a B with two flats.
    """
    if kind == "diminished-seventh" and tone == 9 and root + DIMINISHED >= LAST:
        return root + DIMINISHED
    return root + FIFTHS[tone]


def restated(heard: Sequence[Symbol], steps: Sequence[int]) -> list[Symbol]:
    """The same symbols, and at these grid steps the one that holds there, where none is new."""
    said = {symbol.step: symbol for symbol in heard}
    for step in steps:
        held = [symbol for symbol in heard if symbol.step < step]
        if held and step not in said:
            said[step] = held[-1]._replace(step=step)
    return [said[step] for step in sorted(said)]


def _spans(notes: Notes) -> list[int]:
    """Where chords may change, in grid steps: `chord_lines` from 0 on."""
    steps = chord_lines(notes.meter, notes.end, notes.grid)
    return [int(step) for step in steps if step >= 0]


def _named(notes: Notes, begin: int, end: int) -> Symbol | None:
    """Find the root and kind of what sounds from `begin` to `end`, None for no chord."""
    heard = np.minimum(notes.onset + notes.duration, end) - np.maximum(notes.onset, begin)
    here = heard > 0
    if not here.any():
        return None
    pitch = notes.pitch[here].astype(np.int64)
    sounding = np.bincount(pitch % 12, heard[here].astype(float), 12).astype(np.float64)
    weight = sounding / sounding.sum()
    if (weight > SILENT).sum() < 3:
        return None
    lowest = pitch.min()
    bass = int(lowest) % 12
    best, least = None, LEAST
    for root in range(12):
        for kind, above in KINDS.items():
            tones = [(root + tone) % 12 for tone in above]
            inside = weight[tones].sum()
            silent = sum(weight[tone] < SILENT for tone in tones)
            fits = inside - OUTSIDE * (1 - inside) - MISSING * silent + BASS * (root == bass)
            # A third tells what kind it is: without it nothing is named but the fourth for it.
            if weight[tones[1]] >= SILENT and fits > least + 1e-9:
                best, least = Symbol(begin, root, kind), fits
    if best is None or best.kind not in ON_BASS:
        return best
    # A bass that walks down to its lowest note has begun on another.
    begins = (notes.onset[here][pitch == lowest] <= begin).any()
    fuller = ON_BASS[best.kind]
    full = all(weight[(bass + tone) % 12] >= SILENT for tone in STATED[fuller])
    return Symbol(begin, bass, fuller) if begins and full else best


def melody(notes: Notes) -> tuple[Notes, list[int]]:
    """Give the tune and its notes' places (`tune.tune_places`): no bass where it rests.

    A silence of a sixteenth at most is a player's breath: the notes around it are one line.
    """
    end = notes.onset + notes.duration
    onsets = np.append(np.unique(notes.onset), notes.end)
    following = onsets[np.searchsorted(onsets, end)]
    breath = following - end <= notes.grid // 4
    joined = replace(notes, duration=np.where(breath, following - notes.onset, notes.duration))
    rows, long = tune_places(joined)
    tune = replace(
        notes,
        onset=notes.onset[rows],
        duration=np.minimum(long, notes.duration[rows]),
        pitch=notes.pitch[rows],
        velocity=notes.velocity[rows],
    )
    return tune, rows.tolist()
