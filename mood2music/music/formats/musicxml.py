"""Reads MusicXML, plain or compressed, into a score, by the durations that its notes state.

A bar is as long as its longest part, so that one that is short in a part moves nothing; a part that
rests takes no more than the meter, however many rests some programs write into the bar. Cue notes
are for the eye and grace notes take no time: both are left out. What is written for drums (channel
10, a percussion clef, unpitched notes) is counted.
Source: MusicXML 4.0, W3C Music Notation Community Group (2021).
"""

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from xml.etree.ElementTree import Element

from mood2music.errors import MusicFileError
from mood2music.music.formats.musicxml_measure import Mark, MeasureReader, Part
from mood2music.music.formats.xml_tree import parse_xml
from mood2music.music.stated_key import StatedKey, of_signature
from mood2music.music.written import Bar, Written

_DRUMS = "10"  # General MIDI's channel of drums


def parse_musicxml(content: bytes, name: str) -> Written:
    """Read the bytes of a MusicXML file into a score, all at sounding pitch.

    name: the file's, for errors. Raises MusicFileError, one line, for what is no MusicXML.
    """
    root = parse_xml(content, name)
    for element in root.iter():  # some programs write a namespace
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    if root.tag not in ("score-partwise", "score-timewise"):
        raise MusicFileError(
            f"{name} cannot be read: it holds <{root.tag}>, expected MusicXML (<score-partwise>)"
        )
    try:
        return _read_score(root)
    except (ValueError, ArithmeticError, OverflowError) as error:
        raise MusicFileError(f"{name} cannot be read: {error}") from error


def _read_score(root: Element) -> Written:
    written = Written(title=_title(root))
    if root.find("defaults/concert-score") is not None:  # written as it sounds but for octaves
        for chromatic in root.iter("chromatic"):
            chromatic.text = "0"
    parts = {
        part.get("id", ""): Part(*_drums_of(part)) for part in root.findall("part-list/score-part")
    }
    now = Fraction(0)
    meter = Fraction(4)
    signature: tuple[int, int] | None = None
    endings: tuple[int, ...] = ()
    for measures in _bars(root):
        length = Fraction(0)
        mark = Mark()
        for identity, measure in measures:
            part = parts.setdefault(identity, Part(set(), False))
            signature = _signature(measure) or signature
            if not now and written.key is None:
                written.key = _key(measure)
            meter = Fraction(4 * signature[0], signature[1]) if signature else meter
            reader = MeasureReader(written, part, now, meter, mark)
            try:
                length = max(length, reader.read(measure))
            except (ValueError, ArithmeticError) as error:
                where = f"measure {measure.get('number', len(written.bars) + 1)} of {identity}"
                raise ValueError(f"{where}: {error}") from error
        length = length or meter
        if mark.endings is not None:
            endings = mark.endings
        written.bars.append(
            Bar(
                now,
                now + length,
                forward=mark.forward,
                times=mark.times,
                endings=endings,
                jump="dalsegno" * ("dalsegno" in mark.sounds)
                or "dacapo" * ("dacapo" in mark.sounds),
                segno="segno" in mark.sounds,
                coda="coda" in mark.sounds,
                to_coda="tocoda" in mark.sounds,
                fine="fine" in mark.sounds,
                signature=signature,
            )
        )
        if mark.endings_stop:
            endings = ()
        now += length
    return written


def _bars(root: Element) -> Iterator[list[tuple[str, Element]]]:
    """Each bar as (part, its element) of all parts that have it."""
    if root.tag == "score-timewise":
        for measure in root.findall("measure"):
            yield [(part.get("id", ""), part) for part in measure.findall("part")]
        return
    parts = [(part.get("id", ""), part.findall("measure")) for part in root.findall("part")]
    for i in range(max((len(measures) for _, measures in parts), default=0)):
        yield [(identity, measures[i]) for identity, measures in parts if i < len(measures)]


def _title(root: Element) -> str:
    for path in ("work/work-title", "movement-title"):
        title = " ".join((root.findtext(path) or "").split())
        if title and not title.lower().endswith((".xml", ".mxl", ".musicxml")):
            return title
    return ""


def _drums_of(part: Element) -> tuple[set[str], bool]:
    """Instruments of a part that are drums, and whether all are."""
    instruments = {i.get("id", "") for i in part.findall("score-instrument")}
    midi = part.findall("midi-instrument")
    drums = {i.get("id", "") for i in midi if (i.findtext("midi-channel") or "").strip() == _DRUMS}
    return drums, bool(drums) and drums >= (instruments or drums)


def _signature(measure: Element) -> tuple[int, int] | None:
    """Beats and unit of a bar, where the measure states a time signature; 2/4+3/8 is 7/8."""
    for time in measure.iterfind("attributes/time"):
        beats = [(b.text or "").strip() for b in time.findall("beats")]
        types = [(b.text or "").strip() for b in time.findall("beat-type")]
        try:
            pairs = [
                (sum(int(n) for n in count.split("+")), int(kind))
                for count, kind in zip(beats, types, strict=False)
            ]
            unit = math.lcm(*(kind for _, kind in pairs))
            total = sum(count * (unit // kind) for count, kind in pairs)
        except (ValueError, ZeroDivisionError):
            continue  # senza misura, or nonsense: as it was
        if total > 0 and unit > 0:
            return total, unit
    return None


def _key(measure: Element) -> StatedKey | None:
    """What the key signature that a measure states is as it sounds; None without one of fifths."""
    fifths = (measure.findtext("attributes/key/fifths") or "").strip()
    if not re.fullmatch(r"[+-]?\d", fifths):
        return None
    stated = of_signature(int(fifths), measure.findtext("attributes/key/mode") or "")
    by = float(measure.findtext("attributes/transpose/chromatic") or 0)
    return stated and stated.transposed(round(by))
