"""Writes into an MEI tree how each note sounds, where the file says only what is printed.

Programs that export MEI give each note's sounding accidental (accid.ges).
Files made by hand often leave it to the key signature and to the bar's earlier accidentals.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from mood2music.music.formats.xml_tree import local_name

# The order in which a key signature takes sharps; flats come from the other end.
_SHARPS = "fcgdaeb"
_SOUNDING = {"x": "ss", "nf": "f", "ns": "s"}


def sound_accidentals(root: Element) -> None:
    """Give each note without an accidental its key's or its bar's, as accid.ges.

    A file that has accid.ges anywhere is left as it is. `root` is changed.
    """
    if any("accid.ges" in element.attrib for element in root.iter()):
        return
    keys: dict[str, dict[str, str]] = {"": {}}  # by staff, "" for all
    tied: dict[tuple[str, str, str], str] = {}  # (staff, name, octave) -> what a tie carries on
    for element in root.iter():
        match local_name(element):
            case "scoreDef":
                if (key := _key(element)) is not None:
                    keys = {"": key}
            case "staffDef":
                if (key := _key(element)) is not None:
                    keys[element.get("n", "")] = key
            case "staff":
                number = element.get("n", "")
                for layer in element:
                    before = keys.get(number, keys[""])
                    keys[number] = _sound_layer(layer, number, before, tied)


def _sound_layer(
    layer: Element, staff: str, key: dict[str, str], tied: dict[tuple[str, str, str], str]
) -> dict[str, str]:
    """Sound the notes of a layer in a key; give the key that holds behind it."""
    bar: dict[tuple[str, str], str] = {}
    for element in layer.iter():
        if local_name(element) == "keySig":
            key = _signed(element) or {}
            bar.clear()
        if local_name(element) != "note":
            continue
        name, octave = element.get("pname", ""), element.get("oct", "")
        written = element.get("accid") or next(_accidentals(element), None)
        if written:
            bar[name, octave] = _SOUNDING.get(written, written)
        place = (staff, name, octave)
        tie = element.get("tie", "")
        sounding = bar.get((name, octave), key.get(name, ""))
        if not written and tie[:1] in ("m", "t"):
            sounding = tied.get(place, sounding)
        if not written and sounding not in ("", "n"):
            element.set("accid.ges", sounding)
        if tie[:1] in ("i", "m"):
            tied[place] = sounding
    return key


def _accidentals(note: Element) -> Iterator[str]:
    return (child.get("accid", "") for child in note if local_name(child) == "accid")


def _key(definition: Element) -> dict[str, str] | None:
    """The key signature of a scoreDef or staffDef; None where it states none."""
    given = definition.get("keysig", definition.get("key.sig"))
    inner = next((child for child in definition if local_name(child) == "keySig"), None)
    if given == "mixed":
        return _mixed(definition.get("keysig.mixed", definition.get("key.sig.mixed", "")))
    if given is None:
        return None if inner is None else _signed(inner)
    return _signature(given)


def _signed(signature: Element) -> dict[str, str] | None:
    """What a <keySig> says: its count of sharps or flats, or each of its accidentals."""
    each = [child for child in signature if local_name(child) == "keyAccid"]
    if signature.get("sig", "mixed") == "mixed":
        return {e.get("pname", ""): e.get("accid", "") for e in each} or _mixed(
            signature.get("sig.mixed", "")
        )
    return _signature(signature.get("sig", ""))


def _mixed(text: str) -> dict[str, str] | None:
    """Accidentals by note name: "fs bf" gives {"f": "s", "b": "f"}; None without any."""
    return {word[0]: word[1:].lstrip("0123456789") for word in text.split()} or None


def _signature(text: str) -> dict[str, str] | None:
    """Accidentals by note name: "2s" gives {"f": "s", "c": "s"}; None for what is no count."""
    found = re.fullmatch(r"([0-7])([sf]?)", text)
    if not found:
        return None
    count, kind = int(found[1]), found[2]
    names = _SHARPS[:count] if kind == "s" else _SHARPS[::-1][:count]
    return dict.fromkeys(names, kind)
