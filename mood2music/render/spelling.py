"""Names a MIDI pitch as a reader of the key expects it."""

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


def spell(pitch: int, sharps: int) -> tuple[str, int, int]:
    """Name a MIDI pitch as (step, alteration in semitones, octave); 60 is C4.

    The twelve names of a key run along the line of fifths from Eb to G# in C major and A minor,
    and as far from the signature in every other key: leading notes of the near keys and of the
    relative minor are raised, the blue third and seventh lowered.

    >>> spell(61, 0), spell(61, -4), spell(70, 0)
    (('C', 1, 4), ('D', -1, 4), ('B', -1, 4))
    """
    # On the line of fifths F is 0, C is 1, G is 2 ...; one fifth is seven semitones.
    fifths = ((pitch % 12) * 7 + 1) % 12
    lowest = sharps - 2
    fifths = lowest + (fifths - lowest) % 12
    step, alteration = STEPS[fifths % 7], fifths // 7
    return step, alteration, (pitch - alteration) // 12 - 1


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
