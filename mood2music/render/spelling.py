"""Names MIDI pitches as a reader of the key and of the music around them expects it."""

import numpy as np
from numpy.typing import NDArray

STEPS = "FCGDAEB"

# Tonic pitch class -> sharps (+) or flats (-) of the key with the fewest of them. Of the ties,
# F# major and E flat minor are chosen over G flat major and D# minor.
MAJOR = (0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5)
MINOR = (-3, 4, -1, -6, 1, -4, 3, -2, 5, 0, -5, 2)


def signature(tonic: int, mode: str) -> int:
    """Count the sharps (positive) or flats (negative) of a key; tonic: pitch class 0 to 11.

    >>> signature(9, "minor"), signature(5, "major")
    (0, -1)
    """
    return MINOR[tonic] if mode == "minor" else MAJOR[tonic]


# Notes before one, and from it on, that say how it is named: the values of Meredith.
BEFORE, BEHIND = 10, 42
# On the line of fifths F is 0, C is 1, G is 2 ...: how far the twelve names of a key reach below
# its signature, and a tonic's chromatic scale below the tonic.
KEY_BELOW, SCALE_BELOW = 2, 5
# Names from F double flat to B double sharp.
LOWEST, HIGHEST = -14, 20


def spell(pitch: int, sharps: int) -> tuple[str, int, int]:
    """Name a MIDI pitch by the key alone, as (step, alteration in semitones, octave); 60 is C4.

    The twelve names of a key run along the line of fifths from Eb to G# in C major and A minor,
    and as far from the signature in every other key: leading notes of the near keys and of the
    relative minor are raised, the blue third and seventh lowered.

    >>> spell(61, 0), spell(61, -4), spell(70, 0)
    (('C', 1, 4), ('D', -1, 4), ('B', -1, 4))
    """
    return named(pitch, int(_within(pitch, sharps - KEY_BELOW)))


def named(pitch: int, fifths: int) -> tuple[str, int, int]:
    """Step, alteration in semitones and octave of a MIDI pitch whose name is `fifths` from F."""
    step, alteration = STEPS[fifths % 7], fifths // 7
    return step, alteration, (pitch - alteration) // 12 - 1


def spellings(pitch: NDArray[np.integer], sharps: int) -> NDArray[np.int64]:
    """Name the notes (n,) of a piece, in order of their onsets: (n,) fifths from F.

    The first stage of ps13 (Meredith 2006, "The ps13 Pitch Spelling Algorithm"): a note has the
    name that it has in the chromatic scales (from the flat second to the sharp fourth) of the notes
    around it, each as often as it is heard. So C sharp, E sharp and G sharp are a chord in G major,
    where the key alone names the E sharp F. Tonics are named by the key, from which the names
    cannot drift therefore.

    >>> [named(60, f)[:2] for f in spellings(np.array([61, 65, 68, 71]), 1).tolist()]
    [('C', 1), ('E', 1), ('G', 1), ('B', 0)]
    """
    classes = np.asarray(pitch, np.int64) % 12
    heard = np.cumsum(np.eye(12, dtype=np.int64)[classes], 0)
    heard = np.concatenate([np.zeros((1, 12), np.int64), heard])
    at = np.arange(len(classes))
    around = heard[np.minimum(at + BEHIND, len(at))] - heard[np.maximum(at - BEFORE, 0)]
    tonics = _within(np.arange(12), sharps - KEY_BELOW)
    by_tonic = _within(classes[:, None], tonics - SCALE_BELOW)
    usual = _within(classes, sharps - KEY_BELOW)
    names = usual[:, None] + np.array([0, 12, -12])
    votes = np.stack([(around * (by_tonic == name[:, None])).sum(1) for name in names.T], 1)
    votes[(names < LOWEST) | (names > HIGHEST)] = -1
    # Of a tie, the key's own name.
    best: NDArray[np.int64] = names[at, votes.argmax(1)]
    return best


def _within(pitch: NDArray[np.int64] | int, lowest: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """The name of each pitch among the twelve from `lowest` on; a fifth is seven semitones."""
    fifths = np.asarray(pitch) % 12 * 7 + 1
    return np.asarray(lowest + (fifths - lowest) % 12)


class Signs:
    """What a reader of one staff believes each line and space to mean, bar by bar."""

    def __init__(self, sharps: int) -> None:
        """Begin with the key signature alone."""
        raised = dict.fromkeys(STEPS[: max(sharps, 0)], 1)
        lowered = dict.fromkeys(STEPS[::-1][: max(-sharps, 0)], -1)
        self._signature = raised | lowered
        self._bar: dict[tuple[str, int], int] = {}
        self._before: dict[tuple[str, int], int] = {}

    def new_bar(self) -> None:
        """Forget the bar's accidentals, but remember them for one bar's courtesy signs."""
        self._before, self._bar = self._bar, {}

    def needed(self, step: str, alteration: int, octave: int) -> bool:
        """Tell whether this note, the next in time, has to show its sign, and take it as read.

        The first note of a bar that takes back an accidental of the bar before shows it as a
        courtesy, as engravers do (Gould 2011, "Behind Bars", p. 83).
        """
        place = step, octave
        default = self._signature.get(step, 0)
        believed = self._bar.get(place, default)
        courtesy = place not in self._bar and self._before.get(place, alteration) != alteration
        self._bar[place] = alteration
        return alteration != believed or courtesy
