"""Reads one layer of an MEI measure: each note its place, its length and its pitch as it sounds."""

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from mood2music.music.formats.mei_values import is_drums, length_of, pitch_of, ratio_of
from mood2music.music.formats.xml_tree import XML_ID, local_name

_TIMED = ("note", "chord", "rest", "space")


@dataclass
class Struck:
    """One written note. tie: i, m, t as MEI has it, else ""; shifts: an 8va moves it."""

    start: Fraction
    end: Fraction
    pitch: int
    layer: str
    staff: str
    tie: str
    shifts: bool


@dataclass
class Staff:
    """What a staff says of its notes; before: by layer, the notes of the last measure."""

    transpose: int = 0
    drums: bool = False
    duration: str = ""
    octave: str = ""
    before: dict[str, list[Struck]] = field(default_factory=dict)

    def defined(self, definition: Element) -> "Staff":
        """What holds behind a scoreDef or staffDef."""
        get = definition.attrib.get
        semitones, drums = get("trans.semi", ""), is_drums(definition)
        own = local_name(definition) == "staffDef"
        return replace(
            self,
            transpose=int(semitones) if semitones.lstrip("+-").isdecimal() else self.transpose,
            drums=drums if own and drums is not None else self.drums,
            duration=get("dur.default", self.duration),
            octave=get("oct.default", get("octave.default", self.octave)),
        )


@dataclass
class Layer:
    """A layer being read: its staff, name and first moment, the meter, and its measure."""

    staff: Staff
    name: str
    now: Fraction
    meter: tuple[int, int]
    measure: Element
    bars: int = 0  # bars that it rests, 0 if it has anything else
    drums: int = 0
    struck: list[Struck] = field(default_factory=list)
    starts: dict[str, Fraction] = field(default_factory=dict)
    ratios: dict[Element, Fraction] = field(default_factory=dict)

    def read(self, layer: Element) -> None:
        """Take what the layer holds. Raises ValueError for a note without pitch or length."""
        self._spans(layer)
        self._read(layer, Fraction(1), layer.get("cue") == "true")

    def _spans(self, layer: Element) -> None:
        """Find the tuplets that a <tupletSpan> beside the staves makes of this layer's notes."""
        timed = [e for e in layer.iter() if local_name(e) in _TIMED]
        names = [e.get(XML_ID, "") for e in timed]
        for span in (e for e in self.measure.iter() if local_name(e) == "tupletSpan"):
            first, last = (span.get(key, "").removeprefix("#") for key in ("startid", "endid"))
            if first in names and last in names:
                for element in timed[names.index(first) : names.index(last) + 1]:
                    self.ratios[element] = ratio_of(span)

    def _read(self, parent: Element, ratio: Fraction, cue: bool) -> None:
        for element in parent:
            kind = local_name(element)
            silent = cue or element.get("cue") == "true"
            if name := element.get(XML_ID):
                self.starts[name] = self.now
            if kind in _TIMED:
                self._timed(element, ratio * self.ratios.get(element, Fraction(1)), silent)
            elif kind in ("mRest", "mSpace", "multiRest"):
                number = element.get("num", "1")
                if not re.fullmatch(r"[1-9]\d{0,3}", number):
                    raise ValueError(f'a <{kind}> has num="{number}", expected 1 to 9999')
                self.bars = int(number)
            elif kind in ("beatRpt", "halfmRpt"):
                self._again(element)
            elif kind == "clef" and element.get("shape"):
                self.staff.drums = is_drums(element) or False
            else:
                inner = ratio * ratio_of(element) if kind == "tuplet" else ratio
                self._read(element, inner, silent)

    def _timed(self, element: Element, ratio: Fraction, cue: bool) -> None:
        """Take a note, the notes of a chord, or the time of a rest."""
        kind = local_name(element)
        if element.get("grace") is not None:
            return
        notes = [element] if kind == "note" else [e for e in element if local_name(e) == "note"]
        length = length_of(element, self.staff.duration)
        if length is None:
            length = max((n for e in notes if (n := length_of(e)) is not None), default=None)
        if length is None:
            raise ValueError(f"a <{kind}> has no duration (dur)")
        if element.get("tuplet") and not self.ratios and ratio == 1:
            raise ValueError(f'a <{kind}> has tuplet="{element.get("tuplet")}": expected <tuplet>')
        for note in notes if kind in ("note", "chord") and not cue else ():
            if note.get("cue") != "true":
                own = length_of(note) if note is not element else None
                self._strike(note, (length if own is None else own) * ratio)
        self.now += length * ratio

    def _strike(self, note: Element, length: Fraction) -> None:
        if self.staff.drums:
            self.drums += 1
            return
        if name := note.get(XML_ID):
            self.starts[name] = self.now
        pitch = pitch_of(note, self.staff.octave) + self.staff.transpose
        shifts = note.get("oct.ges") is None
        number = self.name.partition("/")[0].rpartition(".")[2]
        tie = note.get("tie", "")[:1]
        end = self.now + length
        self.struck.append(Struck(self.now, end, pitch, self.name, number, tie, shifts))

    def _again(self, sign: Element) -> None:
        """Repeat the notes of the last beat, or of the last half of a bar."""
        beats, unit = self.meter
        half = local_name(sign) == "halfmRpt"
        compound = unit >= 8 and beats > 3 and beats % 3 == 0
        beat = sign.get("beatdef", "")
        span = Fraction(4 * beats, 2 * unit) if half else Fraction(12 if compound else 4, unit)
        if not half and beat.isdecimal():
            span = Fraction(4 * int(beat), unit)
        since = self.now - span
        earlier = [*self.staff.before.get(self.name, ()), *self.struck]
        for note in earlier:
            if since <= note.start < self.now:
                again = replace(note, start=note.start + span, end=note.end + span, tie="")
                self.struck.append(again)
        self.now += span
