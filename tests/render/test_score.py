import re
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from mood2music.errors import MusicFileError
from mood2music.music.key import Key
from mood2music.render.colours import SEED, STYLE, as_hex
from mood2music.render.engraving import SVG, Heading, engrave
from mood2music.render.musicxml import notate, without_colours
from mood2music.render.outlines import outlined
from mood2music.render.score import as_png, write_score
from tests.conftest import tune

ORANGE, BLUE = as_hex(SEED), as_hex(STYLE)
LEGEND = [("seed", ORANGE), ("base", "#262930"), ("style", BLUE)]


@cache
def coloured(bars: int = 12) -> bytes:
    """A tune whose first third is orange, whose last is blue."""
    notes = tune(2, bars * 6)
    third = len(notes) // 3
    colours = [ORANGE] * third + [""] * (len(notes) - 2 * third) + [BLUE] * third
    return notate(notes, Key(7, "major"), "A tune", colours=colours)


@pytest.fixture(scope="module")
def pages() -> list[bytes]:
    return list(engrave(coloured(80), Heading("A tune & more", "jazz 1", LEGEND)))


def groups(page: bytes, kind: str) -> list[ET.Element]:
    return [g for g in ET.fromstring(page).iter(f"{{{SVG}}}g") if g.get("class") == kind]


def test_notes_have_the_colour_of_who_wrote_them() -> None:
    musicxml = coloured()
    (page,) = engrave(musicxml, Heading("A tune"))
    drawn = [g.get("color") for g in groups(page, "note")]
    in_xml = [n for n in ET.fromstring(musicxml).iter("note") if n.find("pitch") is not None]
    for colour in (ORANGE, BLUE, None):
        assert drawn.count(colour) == sum(n.get("color") == colour for n in in_xml) > 5
    assert b"color" not in without_colours(musicxml)


def test_a_beam_has_the_colour_of_its_notes_or_is_black() -> None:
    (page,) = engrave(coloured(), Heading("A tune"))
    beams = groups(page, "beam")
    for beam in beams:
        inside = {g.get("color") for g in beam.iter() if g.get("class") == "note"}
        assert beam.get("color") == (inside.pop() if len(inside) == 1 else None)
    assert {ORANGE, BLUE} <= {beam.get("color") for beam in beams}


def test_pages_need_no_font_and_no_other_host(pages: list[bytes]) -> None:
    assert len(pages) > 1
    for page in pages:
        root = ET.fromstring(page)
        tags = {element.tag.split("}")[1] for element in root.iter()}
        assert not tags & {"text", "tspan", "style", "image", "script"}
        assert b"font-family" not in page
        addresses = set(re.findall(rb"https?://[^\"' ]+", page))
        assert addresses == {b"http://www.w3.org/2000/svg", b"http://www.w3.org/1999/xlink"}
        assert (root.get("width"), root.get("height")) == ("210mm", "297mm")


def test_the_first_page_has_title_and_legend_the_others_their_number(pages: list[bytes]) -> None:
    first, *others = ([ET.fromstring(p), groups(p, "pgHead")[0]] for p in pages)
    drawn = {path.get("d") for path in first[1].iter(f"{{{SVG}}}path")}
    assert {outlined("A tune & more", 560)[0], outlined("jazz 1", 330, italic=True)[0]} <= drawn
    assert [e.get("fill") for e in first[1].iter(f"{{{SVG}}}ellipse")] == [
        colour for _, colour in reversed(LEGEND)
    ]
    for number, (_, head) in enumerate(others, start=2):
        paths = {path.get("d") for path in head.iter(f"{{{SVG}}}path")}
        assert outlined(f"{number} / {len(pages)}", 300)[0] in paths


def test_nothing_is_drawn_that_verovio_hides(pages: list[bytes]) -> None:
    for page in pages:
        hidden = [g for g in ET.fromstring(page).iter() if "placeholder" in g.get("class", "")]
        assert [len(g) for g in hidden] == [0] * len(hidden)
        assert hidden or page != pages[0]


def test_the_metronome_mark_is_verovios_note(pages: list[bytes]) -> None:
    (tempo,) = groups(pages[0], "tempo")
    paths = [path.get("d") or "" for path in tempo.iter(f"{{{SVG}}}path")]
    # The first glyph is Leipzig's quarter note (U+ECA5).
    assert paths[0].startswith("M203 126c29 0 53 -9 70 -24")
    assert outlined("100", 360)[0] in "".join(paths)


def test_a_title_too_wide_is_drawn_smaller() -> None:
    (page,) = engrave(coloured(), Heading("A very long title " * 12))
    ink = np.asarray(Image.open(BytesIO(as_png(page, 1000))).convert("L")) < 128
    columns = np.flatnonzero(ink[:200].any(axis=0))
    assert columns.min() >= 1000 * 150 / 2100 - 2
    assert columns.max() <= 1000 * (2100 - 120) / 2100 + 2


def test_the_same_music_gives_the_same_bytes() -> None:
    anew = (coloured.__wrapped__(12) for _ in range(2))
    first, second = (list(engrave(music, Heading("A tune"))) for music in anew)
    assert first == second


@pytest.mark.slow
def test_files_of_a_score(tmp_path: Path, pages: list[bytes]) -> None:
    names = write_score(
        coloured(80), tmp_path, Heading("A tune"), ["svg", "png", "pdf"], "_2", most=2
    )
    assert names == [
        "score_2.svg", "score_2.png", "score_2_page2.svg", "score_2_page2.png", "score_2.pdf",
    ]  # fmt: skip
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(names)
    with Image.open(tmp_path / "score_2.png") as picture:
        assert picture.size == (1240, 1754)
        found = set(picture.convert("RGB").get_flattened_data())
    assert {SEED, STYLE, (0, 0, 0), (255, 255, 255)} & found >= {SEED, (255, 255, 255)}
    pdf = (tmp_path / "score_2.pdf").read_bytes()
    assert re.search(rb"/Count (\d+)", pdf)[1] == str(len(pages)).encode()  # type: ignore[index]
    assert write_score(coloured(), tmp_path / "none", Heading("A tune"), []) == []


def test_what_is_no_score_is_refused() -> None:
    with pytest.raises(MusicFileError, match="verovio"):
        list(engrave(b"no score", Heading("x")))
