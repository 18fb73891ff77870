"""Says what attributes of MEI's elements mean: lengths, pitches, meters, tempi, channels of drums.

All lengths are in quarter notes. Source: MEI guidelines 5 (Music Encoding Initiative 2023).
"""

import re
from fractions import Fraction
from xml.etree.ElementTree import Element

from mood2music.music.formats.xml_tree import local_name

_NAMES = {
    "maxima": 32, "long": 16, "longa": 16, "breve": 8, "brevis": 8, "semibrevis": 4, "minima": 2,
    "semiminima": 1,
}  # fmt: skip
_LENGTHS: dict[str, Fraction] = {
    **{name: Fraction(length) for name, length in _NAMES.items()},
    **{str(1 << n): Fraction(4, 1 << n) for n in range(12)},
    "fusa": Fraction(1, 2),
    "semifusa": Fraction(1, 4),
}
_STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
# Semitones; quarter tones are rounded with the pitch.
_ACCIDENTALS = {
    "": 0.0, "n": 0.0, "s": 1.0, "f": -1.0, "ss": 2.0, "x": 2.0, "ff": -2.0, "xs": 3.0, "sx": 3.0,
    "ts": 3.0, "tf": -3.0, "nf": -1.0, "ns": 1.0, "su": 1.5, "sd": 0.5, "fu": -0.5, "fd": -1.5,
    "nu": 0.5, "nd": -0.5, "1qs": 0.5, "3qs": 1.5, "1qf": -0.5, "3qf": -1.5,
}  # fmt: skip
_DRUMS = ("9", "10o")  # General MIDI's channel of drums, from 0, or from 1 with an "o" behind


def length_of(element: Element, default: str = "") -> Fraction | None:
    """Length of a note, chord, rest or space with its dots; None where it states none.

    default: the duration that its staff gives to those without.
    """
    performed, written = element.get("dur.ges", ""), element.get("dur", default)
    length = _LENGTHS.get(performed)
    if length is None and not written:
        return None
    if length is None and written not in _LENGTHS:
        raise ValueError(f'a <{local_name(element)}> has the duration "{written}"')
    return dotted(_LENGTHS[written], dots_of(element)) if length is None else length


def dots_of(element: Element) -> int:
    """How many dots lengthen an element: its attribute, or the <dot> elements in it."""
    given = element.get("dots", "")
    return int(given) if given.isdecimal() else sum(local_name(child) == "dot" for child in element)


def dotted(length: Fraction, dots: int) -> Fraction:
    """Lengthen by dots.

    >>> dotted(Fraction(1), 2)
    Fraction(7, 4)
    """
    return length * (2 - Fraction(1, 1 << dots))


def ratio_of(tuplet: Element) -> Fraction:
    """By what a tuplet multiplies lengths: 2/3 where it says nothing.

    >>> ratio_of(Element("tuplet", num="5"))
    Fraction(4, 5)
    """
    given, base = tuplet.get("num", "3"), tuplet.get("numbase", "")
    num = int(given) if given.isdecimal() and int(given) else 3
    below = 1 << max((num - 1).bit_length() - 1, 0)
    return Fraction(int(base) if base.isdecimal() and int(base) else below, num)


def pitch_of(note: Element, octave: str = "") -> int:
    """MIDI number of a note as it is written, or as it sounds where the file says so.

    octave: what its staff gives to notes without one.
    """
    name = note.get("pname.ges", note.get("pname", ""))
    height = note.get("oct.ges", note.get("oct", octave))
    if name not in _STEPS:
        if (number := note.get("pnum", "")).isdecimal():
            return int(number)
        raise ValueError(f'a note has the pitch name "{name}", expected a to g')
    if not re.fullmatch(r"-?\d", height):
        raise ValueError(f'a note {name} has the octave "{height}", expected a number')
    return round(12 * (int(height) + 1) + _STEPS[name] + _ACCIDENTALS.get(_accidental(note), 0.0))


def _accidental(note: Element) -> str:
    """The accidental that sounds: what is said of the sound before what is written."""
    marks = [note, *(child for child in note if local_name(child) == "accid")]
    for attribute in ("accid.ges", "accid"):
        for mark in marks:
            if given := mark.get(attribute):
                return given
    return ""


def meter_of(element: Element) -> tuple[int, int] | None:
    """Beats and unit that a scoreDef, staffDef or meterSig states; None where it states none."""
    own = local_name(element) == "meterSig"
    get = element.attrib.get
    count, unit = (get(k if own else f"meter.{k}", "") for k in ("count", "unit"))
    if re.fullmatch(r"\d+(\s*\+\s*\d+)*", count) and unit.isdecimal() and int(unit):
        beats = sum(int(part) for part in count.split("+"))
        return (beats, int(unit)) if beats else None
    known = {"common": (4, 4), "cut": (2, 2)}
    stated = known.get(get("sym" if own else "meter.sym", ""))
    if stated is None and not own:
        inner = [m for e in element for m in _signatures(e)]
        return _together(inner) if inner else None
    return stated


def _signatures(element: Element) -> list[tuple[int, int]]:
    """What a meterSig states, or a meterSigGrp: all of one that mixes, else the first."""
    if local_name(element) == "meterSig":
        return [stated] if (stated := meter_of(element)) else []
    if local_name(element) != "meterSigGrp":
        return []
    inner = [stated for child in element for stated in _signatures(child)]
    return inner if element.get("func") == "mixed" else inner[:1]


def _together(parts: list[tuple[int, int]]) -> tuple[int, int]:
    unit = max(unit for _, unit in parts)
    return sum(beats * unit // below for beats, below in parts), unit


def tempo_of(element: Element) -> float | None:
    """Quarter notes a minute that a <tempo>, or a scoreDef, states; None where it states none."""
    quarters = _number(element, "midi.bpm") or _number(element, "midi.tempo")
    if quarters:
        return quarters
    if micros := _number(element, "midi.mspb"):
        return 6e7 / micros
    unit = _LENGTHS.get(element.get("mm.unit", "4"))
    if unit and (count := _number(element, "mm")):
        dots = element.get("mm.dots", "0")
        return count * float(dotted(unit, int(dots) if dots.isdecimal() else 0))
    return None


def _number(element: Element, attribute: str) -> float | None:
    found = re.match(r"\s*(\d+(?:\.\d+)?)", element.get(attribute, ""))
    return float(found[1]) if found and float(found[1]) > 0 else None


def is_drums(definition: Element) -> bool | None:
    """Whether a staffDef or a clef is of percussion; None where it says nothing of it."""
    if local_name(definition) == "clef":
        return definition.get("shape") == "perc"
    said = definition.get("clef.shape")
    found = None if said is None else said == "perc"
    for inner in definition.iter():
        if local_name(inner) == "clef":
            found = inner.get("shape") == "perc"
        if local_name(inner) == "instrDef" and inner.get("midi.channel") in _DRUMS:
            return True
    return found
