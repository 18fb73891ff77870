"""Reads MEI with verovio, which plays nearly all of it; what it does not is rewritten before.

verovio 6 plays the first child of a <choice>, breaks a tremolo between two chords into halves and
is silent in bars that repeat others (<mRpt>). Here each is written out first: corrections stand for
errors, tremolos are the chords they shake, a repeated bar is a copy. Grace notes and cues take no
time and are left out. Source: MEI guidelines 5 (Music Encoding Initiative 2023).
"""

import base64
import copy
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from mood2music.errors import MusicFileError
from mood2music.music.mei_accidentals import sound_accidentals
from mood2music.music.meter import TimeSignature
from mood2music.music.midi import time_signatures
from mood2music.music.notes import GRID, Notes
from mood2music.music.performed import as_written
from mood2music.music.stated_key import StatedKey, of_signature
from mood2music.music.xml_tree import local_name, parse_xml

_MEI = "http://www.music-encoding.org/ns/mei"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
# Of a choice the first of these that is there is read.
_PREFERRED = ("corr", "reg", "expan", "lem", "add", "orig", "sic", "abbr", "rdg")
# Elements that say how sure an editor is of what they hold.
_EDITORIAL = frozenset((*_PREFERRED, "supplied", "unclear", "restore", "damage", "hi"))
# verovio ends each note a tick before the next begins.
_EARLY = 1
_TICKS = 120


def read_mei(content: bytes, name: str, grid: int = GRID, repeats: bool = False) -> Notes:
    """Read the bytes of an MEI file into notes.

    repeats: play repeat signs, endings and the first <expansion>, as verovio does. Raises
    MusicFileError, one line, for what is no MEI.
    """
    import verovio

    root = parse_xml(content, name)
    if local_name(root) not in ("mei", "music"):
        raise MusicFileError(
            f"{name} cannot be read: it holds <{local_name(root)}>, expected <mei>"
        )
    try:
        prepare(root, repeats)
    except (ValueError, RecursionError) as error:
        raise MusicFileError(f"{name} cannot be read: {error}") from error
    ElementTree.register_namespace("", _MEI)
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(
        {"inputFrom": "mei", "mdivAll": True, "midiNoCue": True, "expandNever": not repeats}
    )
    if not toolkit.loadData(ElementTree.tostring(root, encoding="unicode")):
        raise MusicFileError(f"{name} cannot be read: verovio finds no music in it")
    midi = base64.b64decode(toolkit.renderToMIDI())
    moments = toolkit.renderToTimemap({"includeMeasures": True})
    begins = [m["qstamp"] * _TICKS for m in moments if "measureOn" in m]
    title = " ".join((root.findtext(f".//{{{_MEI}}}titleStmt/{{{_MEI}}}title") or "").split())
    try:
        bars = _bars(begins, time_signatures(midi, name))
        notes = as_written(midi, name, _TICKS, grid, title, early=_EARLY, bars=bars)
        return replace(notes, stated_key=_key(root))
    except MusicFileError as error:
        reason = str(error).replace("holds no notes: expected", "holds no")
        raise MusicFileError(reason) from error


def _bars(begins: Sequence[float], stated: Sequence[TimeSignature]) -> list[TimeSignature]:
    """Give each bar, by the ticks that they begin at, the signature that holds in it."""
    steps = [signature.step for signature in stated]
    last = [bisect_right(steps, at + 1) - 1 for at in begins]
    return [
        stated[which]._replace(step=round(at))
        for at, which in zip(begins, last, strict=True)
        if which >= 0
    ]


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


def prepare(root: Element, repeats: bool = False) -> None:
    """Rewrite what verovio does not play; `root` is changed."""
    _resolve(
        root, frozenset({"del", "gap", "graceGrp"} | ({"expansion"} if not repeats else set()))
    )
    if not repeats:
        _unwrap(root, frozenset({"ending"}))
    _repeat_bars(root)
    sound_accidentals(root)


def _tag(like: Element, name: str) -> str:
    return like.tag.rpartition("}")[0] + "}" + name if "}" in like.tag else name


def _resolve(parent: Element, left_out: frozenset[str]) -> None:
    """Replace choices, editorial marks and tremolos by what sounds, from the inside out."""
    if local_name(parent) == "restore":  # what was struck out counts again
        _unwrap(parent, frozenset({"del"}))
    children: list[Element] = []
    for child in parent:
        _resolve(child, left_out)
        children += _sounding(child, left_out)
    parent[:] = children


def _sounding(element: Element, left_out: frozenset[str]) -> list[Element]:
    name = local_name(element)
    if name in left_out or (name in ("note", "chord") and _silent(element)):
        return []
    if name in ("choice", "app", "subst"):
        by_name = {local_name(child): child for child in reversed(list(element))}
        chosen = next((by_name[p] for p in _PREFERRED if p in by_name), None)
        return [] if chosen is None else list(chosen)
    if name == "bTrem":
        return list(element)
    if name == "fTrem":
        return _shaken(element)
    return [element]


def _silent(element: Element) -> bool:
    return element.get("grace") is not None or element.get("cue") == "true"


def _shaken(tremolo: Element) -> list[Element]:
    """The two chords of a tremolo as one, as long as either is written."""
    sounding = [child for child in tremolo if local_name(child) in ("note", "chord")]
    if not sounding:
        return list(tremolo)
    first = sounding[0]
    lasting = {key: value for key in ("dur", "dots") if (value := first.get(key))}
    merged = Element(_tag(tremolo, "chord"), lasting)
    for part in sounding:
        notes = (
            [part] if local_name(part) == "note" else [n for n in part if local_name(n) == "note"]
        )
        for note in notes:
            own = copy.deepcopy(note)
            for key in ("dur", "dots", _XML_ID):
                own.attrib.pop(key, None)
            merged.append(own)
    return [merged]


def _unwrap(parent: Element, names: frozenset[str]) -> None:
    """Put what elements of these names hold in their places."""
    children: list[Element] = []
    for child in parent:
        _unwrap(child, names)
        children += list(child) if local_name(child) in names else [child]
    parent[:] = children


def _repeat_bars(root: Element) -> None:
    """Write out bars and beats that repeat those before them, and bars of rest by the number."""
    for body in (e for e in root.iter() if local_name(e) == "body"):
        _unwrap(body, _EDITORIAL)
    earlier: dict[tuple[str, str], list[Element]] = {}  # (staff, layer) -> layers so far
    # Of a repeat of several bars: how far back it reaches, and how many bars it still covers.
    owed: dict[tuple[str, str], tuple[int, int]] = {}
    for measure in [e for e in root.iter() if local_name(e) == "measure"]:
        for staff in (e for e in measure if local_name(e) == "staff"):
            for layer in (e for e in staff if local_name(e) == "layer"):
                key = (staff.get("n", ""), layer.get("n", ""))
                seen = earlier.setdefault(key, [])
                _write_out(layer, seen, owed, key)
                seen.append(layer)


def _write_out(
    layer: Element,
    seen: list[Element],
    owed: dict[tuple[str, str], tuple[int, int]],
    key: tuple[str, str],
) -> None:
    signs = {local_name(child): child for child in layer}
    back = left = 0
    if "mRpt" in signs:
        back = 1
    elif "mRpt2" in signs:
        back, left = 2, 1
    elif "multiRpt" in signs:
        number = signs["multiRpt"].get("num", "2")
        back = int(number) if number.isdigit() else 2
        left = back - 1
    elif key in owed:
        back, left = owed.pop(key)
        left -= 1
    if back > len(seen):
        raise ValueError(f"a sign repeats {back} bars, there are {len(seen)} before it")
    if left > 0:
        owed[key] = back, left
    if back:
        layer[:] = [_copied(child) for child in seen[-back]]
        return
    written: list[Element] = []
    for child in layer:
        if local_name(child) in ("beatRpt", "halfmRpt") and written:
            written.append(_copied(written[-1]))
        else:
            written.append(child)
    layer[:] = written


def _copied(element: Element) -> Element:
    """A copy without the names that its notes are referred to by."""
    twin = copy.deepcopy(element)
    for part in twin.iter():
        part.attrib.pop(_XML_ID, None)
    return twin
