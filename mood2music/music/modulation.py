"""Takes back the modulation that songs end with: from some bar on all of it a step higher.

Such a pump-up (Ricci 2017, Music Analysis 36) leads nowhere and back to nothing: the last chorus is
the first one, transposed. Who writes a new piece after the song would quote it in both keys, so the
bars behind it are brought into the key of those before. It is told by the entropy of the pitch
classes, which a part in another key raises and its transposition lowers again, and by the bars,
which come back when it is taken back: neither alone tells it from a trio in another key
(experiments/modulations).
"""

from dataclasses import replace

import numpy as np

from mood2music.arrays import Doubles, Ints
from mood2music.music.meter import bar_lines
from mood2music.music.notes import Notes

# Semitones that the end may lie above.
STEPS = (1, 2)
# Bits by which its transposition lowers the entropy of the piece's pitch classes, at least, and by
# which share its bars are more like earlier ones then.
CLEAR, ALIKE = 0.15, 0.2
# Share of the bars that lie before it, and bars behind it, at least.
BEFORE, BEHIND = 0.25, 4


def in_one_key(notes: Notes) -> Notes:
    """Notes whose modulation to a step above is taken back, or as they are.

    Eight bars in C and eight in C sharp, alike -> sixteen in C
    """
    step, by = modulation(notes)
    return _taken_back(notes, step, by) if by else notes


def modulation(notes: Notes) -> tuple[int, int]:
    """Grid step of the bar line from which all is transposed, and semitones: (0, 0) for none."""
    lines = bar_lines(notes.meter, notes.end, notes.grid)
    bars = len(lines) - 1
    first, last = int(np.ceil(BEFORE * bars)), bars - BEHIND
    if len(notes) == 0 or first < 1 or last < first:
        return 0, 0
    sounds = np.zeros((bars, 12))
    np.add.at(sounds, (_bar_of(notes, lines), notes.pitch % 12), notes.duration)
    before = np.cumsum(sounds, 0)[first - 1 : last]
    behind = sounds.sum(0) - before
    gains = [_entropy(sounds.sum(0)) - _entropy(before + np.roll(behind, -by, 1)) for by in STEPS]
    which, bar = np.unravel_index(int(np.argmax(gains)), np.shape(gains))
    step, by = int(lines[first + bar]), STEPS[which]
    if gains[which][bar] < CLEAR or notes.pitch[notes.onset >= step].min(initial=by) < by:
        return 0, 0
    back = _return(_taken_back(notes, step, by), lines, first + int(bar))
    return (step, by) if back - _return(notes, lines, first + int(bar)) >= ALIKE else (0, 0)


def _taken_back(notes: Notes, step: int, by: int) -> Notes:
    pitch = np.where(notes.onset >= step, notes.pitch - by, notes.pitch)
    chords = tuple(c.transposed(-by) if c.step >= step else c for c in notes.chords)
    return replace(notes, pitch=pitch.astype(notes.pitch.dtype), chords=chords)


def _bar_of(notes: Notes, lines: Ints) -> Ints:
    return np.clip(np.searchsorted(lines, notes.onset, "right") - 1, 0, len(lines) - 2)


def _return(notes: Notes, lines: Ints, first: int) -> float:
    """How much like an earlier bar those from `first` on are, the mean of the best, 0 to 1.

    A bar is the set of (eighth of the bar, pitch class) struck in it, likeness Dice's coefficient.
    """
    bar = _bar_of(notes, lines)
    eighth = np.clip(8 * (notes.onset - lines[bar]) // np.diff(lines)[bar], 0, 7)
    struck = np.zeros((len(lines) - 1, 8 * 12))
    struck[bar, eighth * 12 + notes.pitch % 12] = 1
    late, early = struck[first:][struck[first:].any(1)], struck[:first]
    both = late.sum(1)[:, None] + early.sum(1)
    return float((2 * late @ early.T / both).max(1).mean()) if len(late) else 0.0


def _entropy(sounds: Doubles) -> Doubles:
    """Bits of (..., 12) times of pitch classes: (...,)."""
    share = sounds / sounds.sum(-1, keepdims=True)
    return np.asarray(-(share * np.log2(np.where(share > 0, share, 1))).sum(-1), np.float64)
