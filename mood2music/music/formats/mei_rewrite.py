"""Rewrites an MEI tree so that it holds what sounds, and nothing else, in its order.

Corrections stand for errors, tremolos between chords are the chords they shake, a repeated bar is a
copy, ties are said by the notes they join; grace notes and ossias go. Source: MEI guidelines 5
(Music Encoding Initiative 2023).
"""

import copy
from xml.etree.ElementTree import Element

from mood2music.music.formats.mei_accidentals import sound_accidentals
from mood2music.music.formats.mei_values import dots_of
from mood2music.music.formats.xml_tree import XML_ID, local_name

# Of a choice the first of these that is there is read.
_PREFERRED = ("corr", "reg", "expan", "lem", "add", "orig", "sic", "abbr", "rdg", "unclear")
# Elements that say how sure an editor is of what they hold.
_EDITORIAL = frozenset((*_PREFERRED, "supplied", "restore", "damage", "hi"))
# Of an ossia, what stands in smaller print above the staff that is played.
_OTHERS = frozenset({"oStaff", "oLayer"})
_LEFT_OUT = frozenset({"del", "gap", "graceGrp", *_OTHERS})


def prepare(root: Element) -> None:
    """Rewrite a tree as the module says; `root` is changed.

    Raises ValueError for a sign that repeats bars that are not there.
    """
    _resolve(root)
    _repeat_bars(root)
    _tie_notes(root)
    sound_accidentals(root)


def _tag(like: Element, name: str) -> str:
    return like.tag.rpartition("}")[0] + "}" + name if "}" in like.tag else name


def _resolve(parent: Element) -> None:
    """Replace choices, editorial marks and tremolos by what sounds, from the inside out."""
    if local_name(parent) == "restore":  # what was struck out counts again
        _unwrap(parent, frozenset({"del"}))
    children: list[Element] = []
    for child in parent:
        if local_name(child) == "ossia" and not any(local_name(c) in _OTHERS for c in child):
            continue  # all of it is the other version of what stands beside it
        _resolve(child)
        children += _sounding(child)
    parent[:] = children


def _sounding(element: Element) -> list[Element]:
    name = local_name(element)
    if name in _LEFT_OUT or (name in ("note", "chord") and element.get("grace") is not None):
        return []
    if name == "ossia":
        return list(element)
    if name in ("choice", "app", "subst"):
        by_name = {local_name(child): child for child in reversed(list(element))}
        chosen = next((by_name[p] for p in _PREFERRED if p in by_name), None)
        return [] if chosen is None else list(chosen)
    if name == "bTrem":
        return list(element)
    if name == "fTrem":
        return _shaken(element)
    return [element]


def _shaken(tremolo: Element) -> list[Element]:
    """The two chords of a tremolo as one, as long as either is written."""
    sounding = [child for child in tremolo if local_name(child) in ("note", "chord")]
    if not sounding:
        return list(tremolo)
    first = sounding[0]
    lasting = {"dur": value} if (value := first.get("dur")) else {}
    lasting |= {"dots": str(dots)} if (dots := dots_of(first)) else {}
    merged = Element(_tag(tremolo, "chord"), lasting)
    for part in sounding:
        notes = (
            [part] if local_name(part) == "note" else [n for n in part if local_name(n) == "note"]
        )
        for note in notes:
            own = copy.deepcopy(note)
            for key in ("dur", "dots", XML_ID):
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
    """Write out bars that repeat those before them."""
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


def _copied(element: Element) -> Element:
    """A copy without the names that its notes are referred to by."""
    twin = copy.deepcopy(element)
    for part in twin.iter():
        part.attrib.pop(XML_ID, None)
    return twin


def _tie_notes(root: Element) -> None:
    """Say of each note whether a tie begins (i), goes on (m) or ends (t) with it.

    Chords say it for their notes, and <tie> elements for those that they name.
    """
    named = {name: element for element in root.iter() if (name := element.get(XML_ID))}
    for element in root.iter():
        if local_name(element) == "tie":
            for attribute, turn in (("startid", "i"), ("endid", "t")):
                joined = named.get(element.get(attribute, "").removeprefix("#"))
                if joined is not None and turn not in (before := joined.get("tie", "")):
                    joined.set("tie", "m" if before else turn)
    for chord in (e for e in root.iter() if local_name(e) == "chord"):
        for note in chord:
            if chord.get("tie") and not note.get("tie"):
                note.set("tie", chord.get("tie", ""))
