from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from mood2music.errors import MusicFileError
from mood2music.music.key import Key
from mood2music.music.notes import Notes, make_notes
from mood2music.music.stated_chords import of_symbol
from mood2music.render.engraving import Heading, engrave, on_sheet
from mood2music.render.musicxml import notate
from mood2music.render.outlines import SVG, outlined
from mood2music.render.score import as_png

C = Key(0, "major")


def pages(notes: Notes, heading: Heading, colours: list[str] | None = None) -> list[ET.Element]:
    musicxml = notate(notes, C, colours=colours or [""] * len(notes))
    return [ET.fromstring(page) for page in engrave(musicxml, heading)]


def eighths(n: int) -> Notes:
    return make_notes(range(0, 12 * n, 12), [12] * n, [60 + i % 12 for i in range(n)], [80] * n)


def drawn(root: ET.Element) -> list[str]:
    (head,) = (g for g in root.iter() if g.get("class") == "pgHead")
    return [p.get("d", "") for p in head.iter(f"{{{SVG}}}path")]


def test_the_first_page_has_title_and_subtitle_the_others_title_and_number() -> None:
    first, *others = pages(eighths(900), Heading("Valse", "in C"))
    assert drawn(first) == [outlined("Valse", 560)[0], outlined("in C", 330, italic=True)[0]]
    assert len(others) >= 1
    for number, page in enumerate(others, start=2):
        count = f"{number} / {len(others) + 1}"
        assert drawn(page) == [outlined("Valse", 300, italic=True)[0], outlined(count, 300)[0]]
    assert {page.get("width") for page in (first, *others)} == {"210mm"}
    assert {page.get("height") for page in (first, *others)} == {"297mm"}


def test_a_page_of_few_systems_ends_below_its_music_and_is_printed_on_a_sheet() -> None:
    (page,) = engrave(notate(eighths(64), C), Heading("Valse"))
    ink = np.asarray(Image.open(BytesIO(as_png(page, 2100))).convert("L")) < 128
    rows = np.flatnonzero(ink.any(1))
    assert len(ink) < 1000
    # A margin of 12 mm.
    assert rows[-1] == pytest.approx(len(ink) - 120, abs=15)
    sheet = on_sheet(page)
    assert ET.fromstring(sheet).get("height") == "297mm"
    whole = np.asarray(Image.open(BytesIO(as_png(sheet, 2100))).convert("L")) < 128
    assert len(whole) == pytest.approx(2970, abs=1)
    assert (whole[: len(ink)] == ink).mean() > 0.999


def test_a_title_too_wide_is_set_smaller() -> None:
    (page,) = pages(eighths(8), Heading("Lamento " * 20))
    assert drawn(page) != [outlined("Lamento " * 20, 560)[0]]
    (head,) = (g for g in page.iter() if g.get("class") == "pgHead")
    (path,) = head.iter(f"{{{SVG}}}path")
    left = float(path.get("transform", "").split("(")[1].split(",")[0])
    assert left == pytest.approx(0, abs=1)


def test_the_legend_shows_each_name_with_its_colour() -> None:
    legend = [("seed", "#D55E00"), ("style", "#007ACC")]
    (page,) = pages(eighths(8), Heading("Valse", legend=legend))
    (head,) = (g for g in page.iter() if g.get("class") == "pgHead")
    dots = [e.get("fill") for e in head.iter(f"{{{SVG}}}ellipse")]
    assert dots == ["#007ACC", "#D55E00"]
    assert outlined("seed", 300)[0] in drawn(page)


def test_a_beam_has_the_colour_of_its_notes_where_they_agree() -> None:
    notes = eighths(8)
    colours = ["#D55E00"] * 2 + ["#007ACC", ""] + [""] * 4
    (page,) = pages(notes, Heading("Valse"), colours)
    beams = [g for g in page.iter(f"{{{SVG}}}g") if g.get("class") == "beam"]
    assert beams[0].get("color") in ("#D55E00", None)
    for beam in beams:
        inside = {g.get("color") for g in beam.iter() if g.get("class") == "note"}
        assert beam.get("color") == (inside.pop() if len(inside) == 1 else None)


def test_a_tie_has_the_colour_of_its_notes() -> None:
    # Both are held over the bar line.
    notes = make_notes([72, 72], [48, 48], [60, 72], [80] * 2)
    (page,) = pages(notes, Heading("Valse"), ["#767C86", ""])
    ties = [g.get("color") for g in page.iter(f"{{{SVG}}}g") if g.get("class") == "tie"]
    assert sorted(ties, key=str) == ["#767C86", None]


def test_what_the_text_of_a_chord_symbol_tells_is_drawn_once_and_as_music_is_printed() -> None:
    chord = of_symbol("C7b9")
    assert chord is not None
    notes = replace(make_notes([0], [96], [72], [80]), chords=(chord,))
    told = notate(notes, Key(0, "major"), kind="lead")
    begin, end = told.index(b"<degree"), told.index(b"</degree>") + len(b"</degree>")
    printed = told[:begin] + told[end:]
    printed = printed.replace(b'text="7b9"', 'text="7♭9"'.encode())
    assert [*engrave(told, Heading(""))] == [*engrave(printed, Heading(""))]


def test_same_music_same_bytes_and_no_css() -> None:
    musicxml = notate(eighths(20), C, colours=[""] * 20)
    once, again = (list(engrave(musicxml, Heading("a"))) for _ in range(2))
    assert once == again
    assert b"<style" not in once[0]
    assert b"<text" not in once[0]


def test_what_is_no_musicxml_is_refused() -> None:
    with pytest.raises(MusicFileError, match="nothing to engrave"):
        list(engrave(b"<no/>", Heading("a")))
