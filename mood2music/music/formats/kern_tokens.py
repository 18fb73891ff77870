"""Says what a token of **kern means by itself: a pitch, a length, a meter, a key, a tempo."""

import re
from fractions import Fraction

from mood2music.music.stated_key import StatedKey, of_signature, of_tonic

NOTE = re.compile(r"([a-gA-G])\1*")
LENGTH = re.compile(r"(\d+)(?:%(\d+))?(\.*)")
METER = re.compile(r"\*M(\d+(?:\+\d+)*)/(\d+)$")
# What an editor says of a meter that the source leaves out: "!LO:MO:null:mod=*M4/4".
EDITED = re.compile(r"!LO:MO:null:mod=\*M(\d+(?:\+\d+)*)/(\d+)$")
TEMPO = re.compile(r"\*MM(\d+(?:\.\d+)?)")
_STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
# "[quarter-dot] = 63" in a text above the staff or in the record of the movement's tempo.
_SHOWN = re.compile(r"\[(whole|half|quarter|eighth|sixteenth)(-dot)?\] *= *c?a?\.? *(\d+)")
_UNITS = {"whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "sixteenth": 0.25}


def shown_tempo(line: str) -> float | None:
    """Give the quarter notes a minute of a metronome mark in words, None where there is none.

    >>> shown_tempo("[half] = 60")
    120.0
    """
    found = _SHOWN.search(line)
    if found is None:
        return None
    return _UNITS[found[1]] * (1.5 if found[2] else 1.0) * float(found[3])


def stated_key(token: str) -> StatedKey | None:
    """Give the key that "*G:", "*f#:" or "*d:dor" names, or the signature "*k[f#]"; else None."""
    if found := re.fullmatch(r"\*k\[((?:[a-g][#-])*)\]", token):
        return of_signature(found[1].count("#") - found[1].count("-"))
    if found := re.fullmatch(r"\*([A-Ga-g])([#-]?):(.*)", token):
        mode = found[3] or ("major" if found[1].isupper() else "minor")
        return of_tonic(found[1].upper() + found[2].replace("-", "b"), mode)
    return None


def is_grace(token: str) -> bool:
    """Whether it is a grace note, which takes no time."""
    return "q" in token or "Q" in token


def length_of(found: re.Match[str]) -> Fraction:
    """Give the quarter notes of a length.

    4 is a quarter, 8. a dotted eighth, 0 a breve, 3%2 two thirds of a whole note.
    """
    digits, part, dots = found.groups()
    if part and not int(part):
        raise ValueError(f'"{found[0]}" is no length')
    if set(digits) == {"0"}:
        length = Fraction(4 * 2 ** len(digits))
    else:
        length = Fraction(4 * int(part or 1), int(digits))
    return length * (2 - Fraction(1, 2 ** len(dots)))


def pitch_of(found: re.Match[str], part: str) -> int:
    """Give the MIDI number of a note: c is 60, cc an octave above, C below; # and - alter it."""
    letters = found[0]
    octave = 4 + len(letters) - 1 if letters[0].islower() else 4 - len(letters)
    behind = part[found.end() :]
    sharps = len(behind.lstrip("-")) - len(behind.lstrip("#"))
    return 12 * (octave + 1) + _STEPS[letters[0].lower()] + sharps
