"""Reads one measure of one part of MusicXML: its notes, and what holds behind it."""

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from xml.etree.ElementTree import Element

from mood2music.music.formats.musicxml_chords import of_harmony
from mood2music.music.stated_key import STEPS
from mood2music.music.written import Written, WrittenNote

# Quarter notes of a written type.
_TYPES: dict[str, Fraction] = {
    "maxima": Fraction(32), "long": Fraction(16), "breve": Fraction(8),
    "whole": Fraction(4), "half": Fraction(2), "quarter": Fraction(1),
    "eighth": Fraction(1, 2), "16th": Fraction(1, 4), "32nd": Fraction(1, 8),
    "64th": Fraction(1, 16), "128th": Fraction(1, 32), "256th": Fraction(1, 64),
    "512th": Fraction(1, 128), "1024th": Fraction(1, 256),
}  # fmt: skip


@dataclass
class Part:
    """What holds in a part from bar to bar."""

    drums: set[str]
    all_drums: bool
    divisions: Fraction = Fraction(1)
    transpose: dict[str, int] = field(default_factory=dict)  # by staff, "" for all
    percussion: dict[str, bool] = field(default_factory=dict)
    # By pitch, then voice: the note that a tie goes on from.
    tied: dict[int, dict[str, WrittenNote]] = field(default_factory=dict)
    # How many bars a sign repeats that holds here, 0 for none; and the part's notes so far.
    repeats: int = 0
    notes: list[WrittenNote] = field(default_factory=list)


@dataclass
class Mark:
    """What a bar says about repeats, whichever part says it."""

    forward: bool = False
    times: int = 1
    endings: tuple[int, ...] | None = None
    endings_stop: bool = False
    sounds: set[str] = field(default_factory=set)


class MeasureReader:
    """Walks through one measure of one part."""

    def __init__(
        self, written: Written, part: Part, start: Fraction, meter: Fraction, mark: Mark
    ) -> None:
        """Begin at `start`, in quarter notes as `meter` is; mark takes what is said of repeats."""
        self.written, self.part, self.mark = written, part, mark
        self.start, self.meter = start, meter
        self.now = self.furthest = self.chord = start
        self.sounds = False

    def read(self, measure: Element) -> Fraction:
        """Take the measure's notes and marks; give its length in quarter notes."""
        for element in measure:
            match element.tag:
                case "note":
                    self._note(element)
                case "backup":
                    self.now = max(self.start, self.now - self._duration(element))
                case "forward":
                    self._move(self._duration(element))
                case "attributes":
                    self._attributes(element)
                case "direction":
                    self._direction(element)
                case "sound":
                    self._sound(element, Fraction(0))
                case "harmony":
                    self._harmony(element)
                case "barline":
                    self._barline(element)
        if self.part.repeats and not self.sounds:
            self._repeat(self.part.repeats)
        length = self.furthest - self.start
        return length if self.sounds else min(length, self.meter)

    def _repeat(self, count: int) -> None:
        """Play the bar so many bars before again: here a sign repeats it and nothing is written."""
        if count > len(self.written.bars):
            there = len(self.written.bars)
            raise ValueError(f"a sign repeats {count} bars, there are {there} before it")
        earlier = self.written.bars[-count]
        shift = self.start - earlier.start
        for note in [n for n in self.part.notes if earlier.start <= n.start < earlier.end]:
            self._take(replace(note, start=note.start + shift, end=note.end + shift))
        self.furthest = self.start + earlier.end - earlier.start
        self.sounds = True

    def _take(self, note: WrittenNote) -> None:
        self.written.notes.append(note)
        self.part.notes.append(note)

    def _move(self, length: Fraction) -> None:
        self.now += length
        self.furthest = max(self.furthest, self.now)

    def _duration(self, element: Element) -> Fraction:
        text = element.findtext("duration")
        return Fraction(text.strip()) / self.part.divisions if text else Fraction(0)

    def _attributes(self, element: Element) -> None:
        if text := element.findtext("divisions"):
            divisions = Fraction(text.strip())
            if divisions <= 0:
                raise ValueError(f"<divisions> is {text.strip()}, expected a number above 0")
            self.part.divisions = divisions
        for transpose in element.findall("transpose"):
            chromatic = float(transpose.findtext("chromatic") or 0)
            octaves = float(transpose.findtext("octave-change") or 0)
            staff = transpose.get("number", "")
            self.part.transpose[staff] = round(chromatic + 12 * octaves)
        for mark in element.findall("measure-style/measure-repeat"):
            number = (mark.text or "").strip()
            start = mark.get("type") == "start"
            self.part.repeats = int(number) if start and number.isdecimal() else 0
        for clef in element.findall("clef"):
            sign = (clef.findtext("sign") or "").strip()
            self.part.percussion[clef.get("number", "1")] = sign == "percussion"

    def _direction(self, element: Element) -> None:
        shift = self._offset(element)
        sound = element.find("sound")
        if sound is not None:
            self._sound(sound, shift)
        if sound is None or sound.get("tempo") is None:
            for metronome in element.findall("direction-type/metronome"):
                if tempo := _metronome(metronome):
                    self.written.tempos.append((self._at(shift), tempo))
        for sign in ("segno", "coda"):
            said = sound is not None and (sound.get(sign) or sound.get(f"to{sign}"))
            if element.find(f"direction-type/{sign}") is not None and not said:
                self.mark.sounds.add(sign)

    def _sound(self, element: Element, shift: Fraction) -> None:
        if element.find("offset") is not None:
            shift = self._offset(element)
        if text := element.get("tempo"):
            tempo = float(text)
            if tempo > 0:
                self.written.tempos.append((self._at(shift), tempo))
        for name in ("dacapo", "dalsegno", "segno", "coda", "tocoda", "fine"):
            if element.get(name) not in (None, "no"):
                self.mark.sounds.add(name)

    def _harmony(self, element: Element) -> None:
        chord = of_harmony(element)
        if chord is not None:
            sounding = chord.transposed(self._transposed(element))
            self.written.chords.append((self._at(self._offset(element)), sounding))

    def _offset(self, element: Element) -> Fraction:
        text = element.findtext("offset")
        return Fraction(text.strip()) / self.part.divisions if text else Fraction(0)

    def _at(self, shift: Fraction) -> Fraction:
        return max(Fraction(0), self.now + shift)

    def _barline(self, element: Element) -> None:
        repeat = element.find("repeat")
        if repeat is not None:
            if repeat.get("direction") == "forward":
                self.mark.forward = True
            else:
                times = repeat.get("times", "2")
                self.mark.times = max(2, int(times)) if times.isdigit() else 2
        ending = element.find("ending")
        if ending is not None:
            if ending.get("type") == "start":
                numbers = ending.get("number", "").replace(",", " ").split()
                self.mark.endings = tuple(int(n) for n in numbers if n.isdigit()) or (1,)
            else:
                self.mark.endings_stop = True

    def _note(self, element: Element) -> None:
        if element.find("grace") is not None:
            return
        length = self._duration(element) or self._typed(element)
        chord = element.find("chord") is not None
        start = self.chord if chord else self.now
        if not chord:
            self.chord = self.now
            self._move(length)
        if length <= 0 or element.find("rest") is not None:
            return
        self.sounds = True
        if element.find("cue") is not None:
            return
        pitch = element.find("pitch")
        if pitch is None or self._is_drum(element):
            self.written.drums += 1
            return
        self._sound_note(element, self._pitch(pitch, element), start, start + length)

    def _typed(self, element: Element) -> Fraction:
        """Length of a note without <duration>: by its type and dots, a whole bar's rest else."""
        kind = (element.findtext("type") or "").strip()
        if kind not in _TYPES:
            rest = element.find("rest")
            return self.meter if rest is not None else Fraction(0)
        dots = len(element.findall("dot"))
        length = _TYPES[kind] * (2 - Fraction(1, 2**dots))
        actual = element.findtext("time-modification/actual-notes")
        normal = element.findtext("time-modification/normal-notes")
        return length * Fraction(normal) / Fraction(actual) if actual and normal else length

    def _is_drum(self, element: Element) -> bool:
        instrument = element.find("instrument")
        if instrument is not None and instrument.get("id") in self.part.drums:
            return True
        staff = (element.findtext("staff") or "1").strip()
        return self.part.all_drums or self.part.percussion.get(staff, False)

    def _pitch(self, pitch: Element, element: Element) -> int:
        step = (pitch.findtext("step") or "").strip()
        if step not in STEPS:
            raise ValueError(f'a note has the step "{step}", expected A to G')
        octave = int((pitch.findtext("octave") or "").strip())
        alter = float(pitch.findtext("alter") or 0)
        return round(12 * (octave + 1) + STEPS[step] + alter + self._transposed(element))

    def _transposed(self, element: Element) -> int:
        """Semitones by which what stands on an element's staff sounds above what is written."""
        staff = (element.findtext("staff") or "1").strip()
        return self.part.transpose.get(staff, self.part.transpose.get("", 0))

    def _sound_note(self, element: Element, pitch: int, start: Fraction, end: Fraction) -> None:
        ties = {tie.get("type") for tie in element.findall("tie")}
        ties = ties or {tie.get("type") for tie in element.findall("notations/tied")}
        tied = self.part.tied.setdefault(pitch, {})
        voice = (element.findtext("voice") or "").strip()
        note = None
        if ties & {"stop", "continue"}:  # of the same voice, else of another
            before = next((v for v in (voice, *tied) if v in tied and tied[v].end == start), None)
            note = None if before is None else tied.pop(before)
        if note is None:
            note = WrittenNote(start, end, pitch)
            self._take(note)
        note.end = end
        if ties & {"start", "continue"}:
            tied[voice] = note


def _metronome(element: Element) -> float | None:
    """Quarter notes a minute of a metronome mark; None where it gives no number."""
    unit = _TYPES.get((element.findtext("beat-unit") or "").strip())
    said = element.findtext("per-minute") or ""  # also "c. 60", and "60-72"
    found = re.search(r"(?<![-.\d])\d+(?:\.\d+)?", said)
    count = float(found[0]) if found else 0.0
    if unit is None or count <= 0:
        return None
    dots = 0
    for child in element:  # only those of the first unit: "dotted quarter = 60"
        dots += child.tag == "beat-unit-dot"
        if child.tag == "per-minute":
            break
    return float(unit * (2 - Fraction(1, 2**dots))) * count
