"""Reads MEI into a score, by the lengths that its notes state, once `mei_rewrite` left what sounds.

A measure is as long as its longest layer. Grace notes and cues are left out, staves of percussion
are counted. Source: MEI guidelines 5 (Music Encoding Initiative 2023).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from mood2music.errors import MusicFileError
from mood2music.music.formats.mei_layer import Layer, Staff, Struck
from mood2music.music.formats.mei_rewrite import prepare
from mood2music.music.formats.mei_values import meter_of, tempo_of
from mood2music.music.formats.xml_tree import XML_ID, local_name, parse_xml
from mood2music.music.notes import GRID, Notes
from mood2music.music.stated_chords import of_symbol
from mood2music.music.stated_key import StatedKey, of_signature
from mood2music.music.written import Bar, Written, WrittenNote, place

_JUMPS = {"daCapo": "dacapo", "dalSegno": "dalsegno"}


def read_mei(content: bytes, name: str, grid: int = GRID, repeats: bool = False) -> Notes:
    """Read the bytes of an MEI file into notes.

    repeats: play repeat signs, endings and the first <expansion>. Raises MusicFileError, one line,
    for what is no MEI, and with the measure for what cannot be read in it.
    """
    root = parse_xml(content, name)
    if local_name(root) not in ("mei", "music"):
        raise MusicFileError(
            f"{name} cannot be read: it holds <{local_name(root)}>, expected <mei>"
        )
    try:
        prepare(root)
        written = _Reader().read(root)
    except (ValueError, RecursionError) as error:
        raise MusicFileError(f"{name} cannot be read: {error}") from error
    title = next((e for e in root.iter() if local_name(e) == "titleStmt"), None)
    said = next((e.text for e in title or () if local_name(e) == "title"), None)
    written.title = " ".join((said or "").split())
    return replace(place(written, name, grid, repeats), stated_key=_key(root))


def _key(root: Element) -> StatedKey | None:
    """The first key signature, and its mode where it is said, as it sounds."""
    for element in root.iter():
        get = element.attrib.get
        if local_name(element) == "keySig":
            signature, mode = get("sig", ""), get("mode", "")
        else:
            signature, mode = get("keysig", get("key.sig", "")), get("key.mode", "")
        if found := re.fullmatch("([0-7])([sf]?)", signature):
            stated = of_signature(int(found[1]) * (-1 if found[2] == "f" else 1), mode)
            by = get("trans.semi", "0")
            return stated and stated.transposed(int(by) if by.lstrip("-").isdecimal() else 0)
    return None


@dataclass
class _Measure:
    """A measure that was read: where it begins, a beat's length in quarter notes, its element."""

    start: Fraction
    beat: Fraction
    element: Element


@dataclass
class _Reader:
    """Walks through a score; what holds from measure to measure."""

    written: Written = field(default_factory=Written)
    now: Fraction = Fraction(0)
    meter: tuple[int, int] | None = None
    staves: dict[str, Staff] = field(default_factory=lambda: {"": Staff()})
    measures: list[_Measure] = field(default_factory=list)
    struck: list[Struck] = field(default_factory=list)
    starts: dict[str, Fraction] = field(default_factory=dict)  # by the id of a note, chord or rest
    within: dict[str, list[int]] = field(default_factory=dict)  # by the id of a section: its bars
    order: list[str] | None = None
    part: str = ""

    def read(self, root: Element) -> Written:
        """Read all movements, one after another; of one that has a score and parts the score."""
        for body in (e for e in root.iter() if local_name(e) == "body"):
            for movement in (e for e in body.iter() if local_name(e) == "mdiv"):
                inner = {local_name(child): child for child in movement}
                if "score" in inner:
                    self._section(inner["score"])
                elif "parts" in inner:
                    self._parts(inner["parts"])
        self._marks()
        self._join()
        if self.order and set(self.order) <= set(self.within):
            self.written.order = [bar for name in self.order for bar in self.within[name]]
        return self.written

    def _parts(self, parts: Element) -> None:
        """Read parts that sound together; the first says where the bars are."""
        start, end = self.now, self.now
        for number, part in enumerate(e for e in parts if local_name(e) == "part"):
            self.now, self.part, bars = start, f"{number}.", len(self.written.bars)
            self._section(part)
            del self.written.bars[bars if number else len(self.written.bars) :]
            end = max(end, self.now)
        self.now, self.part = end, ""

    def _section(self, section: Element, endings: tuple[int, ...] = ()) -> None:
        first = len(self.written.bars)
        for element in section:
            match local_name(element):
                case "section" | "part":
                    self._section(element, endings)
                case "ending":
                    numbers = _numbers(element.get("n", ""))
                    self._section(element, numbers or (1,))
                case "scoreDef" | "staffDef" | "staffGrp":
                    self._define(element)
                case "expansion" if self.order is None:
                    self.order = [n.removeprefix("#") for n in element.get("plist", "").split()]
                case "measure":
                    self._measure(element, endings)
        if name := section.get(XML_ID):
            self.within[name] = list(range(first, len(self.written.bars)))

    def _define(self, definition: Element) -> None:
        """Take what a scoreDef or staffDef says of meter, tempo and staves."""
        if local_name(definition) == "staffGrp":
            for child in definition:
                self._define(child)
            return
        self.meter = meter_of(definition) or self.meter
        if tempo := tempo_of(definition):
            self.written.tempos.append((self.now, tempo))
        if local_name(definition) == "staffDef":
            number = self.part + definition.get("n", "")
            self.staves[number] = self._staff(number).defined(definition)
            return
        self.staves = {n: staff.defined(definition) for n, staff in self.staves.items()}
        for child in definition:
            if local_name(child) in ("staffGrp", "staffDef"):
                self._define(child)

    def _staff(self, number: str) -> Staff:
        return self.staves.get(number) or replace(self.staves[""])

    def _measure(self, measure: Element, endings: tuple[int, ...]) -> None:
        try:
            lengths = list(self._layers(measure))
        except ValueError as error:
            raise ValueError(
                f"measure {measure.get('n', len(self.measures) + 1)}: {error}"
            ) from error
        beats, unit = self.meter or (4, 4)
        self.measures.append(_Measure(self.now, Fraction(4, unit), measure))
        whole = Fraction(4 * beats, unit)
        sounding = [length for length, bars in lengths if not bars]
        resting = max((bars for _, bars in lengths), default=1)
        if sounding and measure.get("metcon") == "false":
            resting = 0  # a bar rest is as long as what the others have
        length = max([*sounding, whole * resting]) or whole
        marks = {e.get("func", "") for e in measure if local_name(e) == "repeatMark"}
        left, right = measure.get("left", ""), measure.get("right", "")
        bars = max(resting, 1) if not sounding else 1
        for i in range(bars):
            last = i == bars - 1
            start = self.now + length * i / bars
            self.written.bars.append(
                Bar(
                    start,
                    self.now + length * (i + 1) / bars,
                    forward=left in ("rptstart", "rptboth") and not i,
                    times=2 if right in ("rptend", "rptboth") and last else 1,
                    endings=endings,
                    jump=next((jump for mark, jump in _JUMPS.items() if mark in marks), ""),
                    segno="segno" in marks,
                    coda="coda" in marks,
                    fine="fine" in marks,
                    signature=self.meter,
                )
            )
            if i == 0 and len(self.written.bars) > 1:
                self.written.bars[-1].forward |= self._before_is_both()
        self.now += length

    def _before_is_both(self) -> bool:
        """Whether the measure before ends with the sign that also begins a repeat."""
        return len(self.measures) > 1 and self.measures[-2].element.get("right") == "rptboth"

    def _layers(self, measure: Element) -> Iterator[tuple[Fraction, int]]:
        """Read all layers; give of each its length, and how many bars it rests, 0 if it sounds."""
        for staff in (e for e in measure if local_name(e) == "staff"):
            number = self.part + staff.get("n", "")
            held = self._staff(number)
            self.staves[number] = held
            for turn, element in enumerate(e for e in staff if local_name(e) == "layer"):
                for sign in element.iter():
                    if local_name(sign) == "meterSig":
                        self.meter = meter_of(sign) or self.meter
                name = f"{number}/{element.get('n', turn)}"
                layer = Layer(held, name, self.now, self.meter or (4, 4), measure)
                layer.read(element)
                self.struck += layer.struck
                self.starts |= layer.starts
                self.written.drums += layer.drums
                held.before[name] = layer.struck
                yield layer.now - self.now, layer.bars

    def _marks(self) -> None:
        """Take what stands beside the staves of each measure, once all notes have their places."""
        for i, measure in enumerate(self.measures):
            for element in measure.element.iter():
                if local_name(element) == "tempo" and (tempo := tempo_of(element)):
                    self.written.tempos.append((self._at(element, i), tempo))
                elif local_name(element) == "octave":
                    self._octave(element, i)
                elif local_name(element) == "harm":
                    chord = of_symbol("".join(element.itertext()))
                    self.written.chords += [(self._at(element, i), chord)] if chord else []

    def _at(self, element: Element, measure: int) -> Fraction:
        """Where an element begins: at the note it names, at its beat, else with its measure."""
        named = self.starts.get(element.get("startid", "").removeprefix("#"))
        here = self.measures[measure]
        if named is not None:
            return named
        beat = element.get("tstamp", "1")
        there = Fraction(beat) if re.fullmatch(r"\d+(\.\d+)?", beat) else Fraction(1)
        return here.start + max(there - 1, Fraction(0)) * here.beat

    def _octave(self, element: Element, measure: int) -> None:
        """Let the notes under an 8va sound there, but for those that say how they sound."""
        begin = self._at(element, measure)
        end = self.starts.get(element.get("endid", "").removeprefix("#"))
        found = re.fullmatch(r"(?:(\d+)m\+)?(\d+(?:\.\d+)?)", element.get("tstamp2", ""))
        if end is None and found:
            there = self.measures[min(measure + int(found[1] or 0), len(self.measures) - 1)]
            end = there.start + max(Fraction(found[2]) - 1, Fraction(0)) * there.beat
        if end is None:
            return
        octaves = {"8": 1, "15": 2, "22": 3}.get(element.get("dis", "8"), 0)
        up = 12 * octaves * (-1 if element.get("dis.place") == "below" else 1)
        for note in self.struck:
            if note.staff == element.get("staff", note.staff) and begin <= note.start <= end:
                note.pitch += up * note.shifts

    def _join(self) -> None:
        """Join notes that ties hold together: of one layer, else of one staff, else of any."""
        tied: dict[int, list[tuple[Struck, WrittenNote]]] = {}
        for note in sorted(self.struck, key=lambda n: n.start):
            open_ = tied.setdefault(note.pitch, [])
            ends_here = [pair for pair in open_ if pair[1].end == note.start]
            joined = None
            if note.tie in ("m", "t") and ends_here:
                joined = min(
                    ends_here, key=lambda p: (p[0].layer != note.layer, p[0].staff != note.staff)
                )
                open_.remove(joined)
                sounding = joined[1]
                sounding.end = note.end
            else:
                sounding = WrittenNote(note.start, note.end, note.pitch)
                self.written.notes.append(sounding)
            if note.tie in ("i", "m"):
                open_.append((note, sounding))


def _numbers(text: str) -> tuple[int, ...]:
    """The passes of an ending: "1", "1,2" or "1-3"."""
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[-\u2013]\s*(\d+))?", text):
        found += range(int(first), int(last or first) + 1)
    return tuple(found)
