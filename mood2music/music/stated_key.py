"""What a file says of its key: a tonic and a mode, or a signature that leaves the mode open."""

import re
from typing import NamedTuple

# Semitones from the tonic of the major key with the same signature up to each mode's, by the
# letters that tell modes apart; "m" alone is minor.
_DEGREES = {"maj": 0, "ion": 0, "dor": 2, "phr": 4, "lyd": 5, "mix": 7, "min": 9, "m": 9,
            "aeo": 9, "loc": 11}  # fmt: skip
_MAJOR = ("maj", "ion", "lyd", "mix")
# Pitch classes of the letters.
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


class StatedKey(NamedTuple):
    """A tonic (pitch class, 0 is C) and "major" or "minor".

    Where the mode is "", the file states a signature alone: the tonic is its major key's.
    """

    tonic: int
    mode: str = ""

    def transposed(self, semitones: int) -> "StatedKey":
        """Move it along with the notes."""
        return self._replace(tonic=(self.tonic + semitones) % 12)


def of_signature(sharps: int, mode: str = "") -> StatedKey | None:
    """Take a signature, flats below 0, and the name of a mode, "" or unknown where none is said.

    Other modes than major and minor are the one of the two on their tonic whose scale is nearest:
    mixolydian and lydian major, dorian, phrygian and locrian minor. None beyond 7 sharps or flats.

    >>> of_signature(1, "mixolydian")
    StatedKey(tonic=2, mode='major')
    """
    if not -7 <= sharps <= 7:
        return None
    name = mode.strip().lower()[:3]
    home = 7 * sharps % 12
    if name not in _DEGREES:
        return StatedKey(home)
    return StatedKey((home + _DEGREES[name]) % 12, "major" if name in _MAJOR else "minor")


def of_tonic(text: str, mode: str) -> StatedKey | None:
    """Take a tonic, a letter with # or b behind it, and the name of a mode as of `of_signature`.

    Without a mode it is major. None for what is no letter from A to G.

    >>> of_tonic("Bb", "dorian")
    StatedKey(tonic=10, mode='minor')
    """
    found = re.fullmatch("([A-G])([#b]?)", text)
    if found is None:
        return None
    tonic = (STEPS[found[1]] + {"#": 1, "b": -1}.get(found[2], 0)) % 12
    name = mode.strip().lower()[:3]
    minor = name in _DEGREES and name not in _MAJOR
    return StatedKey(tonic, "minor" if minor else "major")
