"""Engraves MusicXML as pages of SVG that need no font and no other host."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from mood2music.errors import MusicFileError
from mood2music.render.layout import space
from mood2music.render.outlines import SVG, outlined, text_to_paths

# Which degrees of a chord symbol are not printed, as its text tells them: verovio prints all.
_HIDDEN_DEGREE = re.compile(r'\s*<degree print-object="no">.*?</degree>', re.DOTALL)
_TYPED = re.compile(r'(?<=<kind text=")[^"]*')
# Where a note with a colour is tied on: verovio colours a tie by itself.
_TIED = re.compile(
    r'(<note color="(#[0-9A-Fa-f]{6})"(?:(?!</note>).)*?<tied )(?=type="start")', re.DOTALL
)
XLINK = "http://www.w3.org/1999/xlink"
ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)

# A4 in tenths of a millimetre; verovio's drawing units are a tenth of these.
WIDTH, HEIGHT = 2100, 2970
MARGIN, EDGE = 150, 120
UNITS = 10
# How much of a page may be spread between its systems; what is left of a single page is cut off.
SPREAD = 0.15
OPTIONS = {
    "pageWidth": WIDTH,
    "pageHeight": HEIGHT,
    "pageMarginLeft": MARGIN,
    "pageMarginRight": EDGE,
    "pageMarginTop": EDGE,
    "pageMarginBottom": EDGE,
    # Half a space between staff lines: a staff of 6.4 mm, as in printed piano music.
    "unit": 8.0,
    "scale": 100,
    "font": "Leipzig",
    "header": "auto",
    "footer": "none",
    "breaks": "auto",
    "smuflTextFont": "none",
    "svgViewBox": True,
    "spacingStaff": 9,
    "spacingSystem": 9,
    "justifyVertically": True,
    "justificationMaxVertical": SPREAD,
    "bottomMarginHeader": 10.0,
    # Tempo and rehearsal marks stand clear of the staff and of chord symbols.
    "defaultBottomMargin": 1.5,
    # Names of elements are drawn from this number: same music, same bytes.
    "xmlIdSeed": 1,
}
# Sizes of text and the places of its lines in drawing units, from the upper edge of the margin.
TITLE, SUBTITLE, SMALL = 560, 330, 300
LINE = 420


@dataclass(frozen=True)
class Heading:
    """What stands above the music of the first page.

    legend: (name, colour) of each kind of note, empty for none.
    """

    title: str
    subtitle: str = ""
    legend: Sequence[tuple[str, str]] = ()


def engrave(musicxml: bytes, heading: Heading) -> Iterator[bytes]:
    """Give the pages one by one, as SVG of A4 size; notes keep the colours of the MusicXML.

    A single page that is not full ends below its music (`on_sheet` gives it the rest). A tie has
    the colour of its notes, a beam and the stem of a chord where these have one colour.
    Raises MusicFileError for what verovio cannot read.
    """
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    # verovio keeps the place of its fonts a thread, and knows it in the first alone.
    toolkit = verovio.toolkit(False)
    toolkit.setResourcePath(str(Path(verovio.__file__).parent / "data"))
    toolkit.setOptions(OPTIONS)
    if not toolkit.loadData(_for_verovio(musicxml.decode())):
        raise MusicFileError("verovio cannot read this MusicXML: nothing to engrave")
    space(toolkit)
    pages = toolkit.getPageCount()
    if pages == 1:
        _cut(toolkit)
    for page in range(1, pages + 1):
        root = ET.fromstring(toolkit.renderToSVG(page))
        root.set("width", f"{WIDTH / 10:g}mm")
        _make_high(root, round(float(root.attrib["viewBox"].split()[3])))
        _without_css(root)
        _share_colours(root)
        _head(root, heading, page, pages)
        text_to_paths(root)
        yield ET.tostring(root, encoding="utf-8", xml_declaration=True)


def on_sheet(page: bytes) -> bytes:
    """The same page on a whole sheet of A4, as it is printed."""
    root = ET.fromstring(page)
    _make_high(root, HEIGHT)
    sheet: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return sheet


def _cut(toolkit: Any) -> None:
    """Let a single page end below its music, unless it is full enough to be spread."""
    toolkit.setOptions({"adjustPageHeight": True})
    toolkit.redoLayout()
    high = float(ET.fromstring(toolkit.renderToSVG(1)).attrib["viewBox"].split()[3])
    if high > (1 - SPREAD) * HEIGHT:
        toolkit.setOptions({"adjustPageHeight": False})
        toolkit.redoLayout()


def _make_high(root: ET.Element, height: int) -> None:
    """Make a page so high, in tenths of a millimetre."""
    root.set("height", f"{height / 10:g}mm")
    root.set("viewBox", f"0 0 {WIDTH} {height}")
    scaled = next(svg for svg in root.iter(f"{{{SVG}}}svg") if svg is not root)
    scaled.set("viewBox", f"0 0 {WIDTH * UNITS} {height * UNITS}")


def _for_verovio(musicxml: str) -> str:
    """The same score as verovio is to print it: C7♭9, not C7b9(♭9), and ties in colours too."""
    printed = _TIED.sub(r'\1color="\2" ', _HIDDEN_DEGREE.sub("", musicxml))
    return _TYPED.sub(lambda text: re.sub(r"b(?=\d)", "♭", text[0]).replace("#", "♯"), printed)


def _without_css(root: ET.Element) -> None:
    """Say by attributes what verovio says by CSS, which not every reader of SVG knows."""
    for parent in list(root.iter()):
        if parent.tag != f"{{{SVG}}}tspan":
            parent.attrib.pop("font-family", None)
        hidden = "placeholder" in (parent.get("class") or "").split()
        for kind in ("style", "ellipse") if hidden else ("style",):
            for child in parent.findall(f"{{{SVG}}}{kind}"):
                parent.remove(child)
    root.set("stroke", "currentColor")


def _share_colours(root: ET.Element) -> None:
    """Give beams and chords the colour of their notes, tuplets' numbers stay black."""
    for group in root.iter(f"{{{SVG}}}g"):
        if group.get("class") not in ("beam", "chord"):
            continue
        colours = {g.get("color") for g in group.iter() if g.get("class") == "note"}
        if len(colours) == 1 and (colour := colours.pop()) is not None:
            group.set("color", colour)
            group.set("fill", colour)


def _head(root: ET.Element, heading: Heading, page: int, pages: int) -> None:
    """Draw the page's head into the room that verovio kept for its own."""
    parents = {child: parent for parent in root.iter() for child in parent}
    margin = next(g for g in root.iter(f"{{{SVG}}}g") if g.get("class") == "page-margin")
    for old in [g for g in root.iter() if "pgHead" in (g.get("class") or "").split()]:
        parents[old].remove(old)
    group = ET.SubElement(margin, f"{{{SVG}}}g", {"class": "pgHead"})
    right = (WIDTH - MARGIN - EDGE) * UNITS
    if page > 1:
        _line(group, heading.title, 0, 0, SMALL, right * 0.8, italic=True)
        _line(group, f"{page} / {pages}", right, 0, SMALL, right, anchor=1.0)
        return
    _line(group, heading.title, right / 2, LINE - 60, TITLE, right, anchor=0.5)
    taken = right - _draw_legend(group, heading.legend, right)
    if heading.subtitle:
        # Beside the legend: below it stand the chord symbols of the first system.
        wide = right - 2 * taken
        _line(group, heading.subtitle, right / 2, 2 * LINE, SUBTITLE, wide, 0.5, italic=True)


def _draw_legend(group: ET.Element, legend: Sequence[tuple[str, str]], right: float) -> float:
    """Draw the legend so that it ends at `right`; gives where it begins, `right` for none."""
    x = float(right)
    for name, colour in reversed(legend):
        x -= _line(group, name, x, 2 * LINE, SMALL, right, anchor=1.0) + 200
        shape = {"cx": f"{x:.0f}", "cy": f"{2 * LINE - 90}", "rx": "110", "ry": "80"}
        turn = f"rotate(-25 {x:.0f} {2 * LINE - 90})"
        ET.SubElement(
            group,
            f"{{{SVG}}}ellipse",
            {**shape, "transform": turn, "fill": colour, "stroke": "none"},
        )
        x -= 350
    return x


def _line(
    group: ET.Element,
    text: str,
    x: float,
    y: float,
    size: float,
    widest: float,
    anchor: float = 0.0,
    italic: bool = False,
) -> float:
    """Draw a line of text, smaller where it is too wide, and give its width; anchor: 1 is right."""
    path, width = outlined(text, size, italic=italic)
    if width > widest:
        path, width = outlined(text, size * widest / width, italic=italic)
    place = f"translate({x - anchor * width:.1f}, {y:.1f})"
    ET.SubElement(group, f"{{{SVG}}}path", {"d": path, "transform": place, "stroke": "none"})
    return width
