"""Turns text into the outlines of its letters, so that an SVG looks alike with any fonts."""

import re
import threading
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
# STIX (a Times, as verovio measures text with), which matplotlib's package carries.
FACES = {
    (False, False): "STIXGeneral.ttf",
    (False, True): "STIXGeneralItalic.ttf",
    (True, False): "STIXGeneralBol.ttf",
    (True, True): "STIXGeneralBolIta.ttf",
}
MUSIC = "Leipzig"
# Units of an em in verovio's glyph files.
MUSIC_EM = 1000

# fontTools unpacks a glyph where it is first drawn, which two threads must not do at once.
_UNPACKING = threading.Lock()


def outlined(text: str, size: float, bold: bool = False, italic: bool = False) -> tuple[str, float]:
    """Give SVG path data of a line of text that starts at (0, 0), and its width, in user units.

    A letter that the font lacks is left as wide as a space.
    """
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    drawn, x = [], 0.0
    for letter in text:
        outline, width = _letter(letter, bold, italic)
        pen = SVGPathPen(None, ntos=lambda number: f"{number:.1f}".rstrip("0").rstrip("."))
        outline.replay(TransformPen(pen, (size, 0, 0, -size, x, 0)))
        drawn.append(pen.getCommands())
        x += width * size
    return " ".join(filter(None, drawn)), x


def text_to_paths(root: ET.Element) -> None:
    """Replace every <text> of verovio's SVG by paths, in place; music glyphs by verovio's own."""
    for parent in list(root.iter()):
        for at, child in enumerate(list(parent)):
            if child.tag == f"{{{SVG}}}text":
                parent[at] = _as_group(child)


def _as_group(text: ET.Element) -> ET.Element:
    """Lay out one <text>: runs one behind the other, moved by its anchor."""
    group = ET.Element(f"{{{SVG}}}g", {"class": "text"})
    # A run with a place of its own starts a new line.
    lines: list[tuple[dict[str, str], list[tuple[str, dict[str, str]]]]] = []
    for run, style in _runs(text, {}):
        place = {key: value for key, value in style.items() if key in ("x", "y")}
        if not lines or place != lines[-1][0]:
            lines.append((place, []))
        lines[-1][1].append((run, style))
    for place, runs in lines:
        x, pieces = 0.0, []
        for run, style in runs:
            size = float(style.get("font-size", "0px").removesuffix("px"))
            path, width, transform = _run(run, size, style)
            pieces.append((path, x, transform))
            x += width
        anchor = {"middle": x / 2, "end": x}.get(runs[0][1].get("text-anchor", ""), 0.0)
        left, y = float(place.get("x", 0)) - anchor, float(place.get("y", 0))
        for path, offset, transform in pieces:
            ET.SubElement(
                group,
                f"{{{SVG}}}path",
                {"d": path, "stroke": "none",
                 "transform": f"translate({left + offset:.1f}, {y:.1f}){transform}"},
            )  # fmt: skip
    return group


def _run(text: str, size: float, style: dict[str, str]) -> tuple[str, float, str]:
    """One run of letters, or a music glyph: path data, width, further transform."""
    if style.get("font-family") == MUSIC:
        path, width = _music(ord(text))
        scale = size / MUSIC_EM
        return path, width * scale, f" scale({scale:g}, {-scale:g})"
    bold, italic = style.get("font-weight") == "bold", style.get("font-style") == "italic"
    path, width = outlined(text, size, bold, italic)
    return path, width, ""


def _runs(node: ET.Element, style: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each piece of text below a node with all that it inherits; of music, each glyph."""
    style = style | {key: value for key, value in node.attrib.items() if key not in ("id", "class")}
    if len(node) == 0 and node.text:
        parts = node.text.strip() if style.get("font-family") == MUSIC else [node.text]
        yield from ((part, style) for part in parts)
    for child in node:
        if child.tag == f"{{{SVG}}}title":
            continue
        yield from _runs(child, style)


@cache
def _letter(letter: str, bold: bool, italic: bool) -> tuple[Any, float]:
    """Record the outline of a letter, one em high and y upwards, and its width in em."""
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from fontTools.pens.transformPen import TransformPen

    with _UNPACKING:
        font, letters, names = _face(bold, italic)
        name = names.get(ord(letter)) or names[ord(" ")]
        em = font["head"].unitsPerEm
        pen = DecomposingRecordingPen(letters)
        letters[name].draw(TransformPen(pen, (1 / em, 0, 0, 1 / em, 0, 0)))
        return pen, letters[name].width / em


@cache
def _face(bold: bool, italic: bool) -> tuple[Any, Any, dict[int, str]]:
    from fontTools.ttLib import TTFont

    package = find_spec("matplotlib")
    assert package is not None  # a dependency
    assert package.origin is not None
    folder = Path(package.origin).parent / "mpl-data" / "fonts" / "ttf"
    font = TTFont(folder / FACES[bold, italic])
    return font, font.getGlyphSet(), font.getBestCmap()


@cache
def _music(code: int) -> tuple[str, float]:
    """Outline and width of a glyph of verovio's Leipzig font, in 1/1000 em, y upwards."""
    package = find_spec("verovio")
    assert package is not None  # a dependency
    assert package.origin is not None
    folder = Path(package.origin).parent / "data"
    glyph = ET.parse(folder / MUSIC / f"{code:04X}.xml").getroot()
    path = glyph.find("path")
    widths = (folder / f"{MUSIC}.xml").read_text(encoding="utf-8")
    found = re.search(rf'<g c="{code:04X}"[^>]*h-a-x="([\d.]+)"', widths)
    return ("" if path is None else path.get("d", ""), float(found[1]) if found else 0.0)
