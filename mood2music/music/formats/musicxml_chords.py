"""Reads the chord symbols of MusicXML, <harmony>, with what they alter, add and leave out."""

from xml.etree.ElementTree import Element

from mood2music.music.stated_chords import (
    DEGREES,
    NO_CHORD,
    STACKED,
    StatedChord,
    of_symbol,
    stack,
)
from mood2music.music.stated_key import STEPS

# Third, fifth, and seventh or sixth of each kind; a power chord doubles its fifth.
_MAJOR, _MINOR, _DOMINANT = (4, 7, None), (3, 7, None), (4, 7, 10)
_KINDS: dict[str, tuple[int, int, int | None]] = {
    "major": _MAJOR, "minor": _MINOR, "augmented": (4, 8, None), "diminished": (3, 6, None),
    "dominant": _DOMINANT, "major-seventh": (4, 7, 11), "minor-seventh": (3, 7, 10),
    "diminished-seventh": (3, 6, 9), "augmented-seventh": (4, 8, 10),
    "half-diminished": (3, 6, 10), "major-minor": (3, 7, 11), "major-sixth": (4, 7, 9),
    "minor-sixth": (3, 7, 9), "dominant-ninth": _DOMINANT, "major-ninth": (4, 7, 11),
    "minor-ninth": (3, 7, 10), "dominant-11th": _DOMINANT, "major-11th": (4, 7, 11),
    "minor-11th": (3, 7, 10), "dominant-13th": _DOMINANT, "major-13th": (4, 7, 11),
    "minor-13th": (3, 7, 10), "suspended-second": (2, 7, None),
    "suspended-fourth": (5, 7, None), "power": (7, 7, None),
}  # fmt: skip

# What the names of kinds call the numbers of symbols.
_NUMBERS = {"ninth": "9", "11th": "11", "13th": "13"}


def of_harmony(harmony: Element) -> StatedChord | None:
    """Read one <harmony> as it is written; None for what names no chord by its root.

    Raises ValueError for an alteration that is no number.
    """
    kind = harmony.find("kind")
    named = "" if kind is None else (kind.text or "").strip()
    if named == "none":
        return NO_CHORD
    root = _pitch_class(harmony, "root")
    if root is None or kind is None:
        return None
    if named not in _KINDS:  # a kind of its own, told as it is printed
        printed = of_symbol(f"C{kind.get('text', '')}")
        return printed and printed.transposed(root)
    third, fifth, added = _KINDS[named]
    above = set(STACKED.get(_NUMBERS.get(named.rpartition("-")[2], ""), ()))
    for degree in harmony.findall("degree"):
        value = (degree.findtext("degree-value") or "").strip()
        by = round(float(degree.findtext("degree-alter") or 0))
        match value, (degree.findtext("degree-type") or "").strip():
            case "5", "alter" | "add":
                fifth = 7 + by
            case "3", "subtract" if third in (3, 4):
                third = 7
            case "4", "add":
                third = 5
            case "7", "add":
                added = 10 + by
            case "6", "add":
                added = 9 + by
            case "9" | "11" | "13", "subtract":
                above.discard(DEGREES[value])
            case "9" | "11" | "13", how:
                above -= {DEGREES[value]} if how == "alter" else set()
                above.add(DEGREES[value] + by)
    bass = _pitch_class(harmony, "bass")
    bass = root if bass is None else bass
    return StatedChord(0, root, stack(third, fifth, added), bass, tuple(sorted(above)))


def _pitch_class(harmony: Element, part: str) -> int | None:
    """The pitch class of a chord's root or bass, None where there is none."""
    step = (harmony.findtext(f"{part}/{part}-step") or "").strip()
    alter = round(float(harmony.findtext(f"{part}/{part}-alter") or 0))
    return (STEPS[step] + alter) % 12 if step in STEPS else None
