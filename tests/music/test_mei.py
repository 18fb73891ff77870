"""What an MEI file writes is heard: repeats, tremolos, choices, endings, and its tempo."""

from xml.etree import ElementTree

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.mei import prepare, read_mei
from mood2music.music.meter import as_text
from mood2music.music.stated_key import StatedKey
from tests.music.rows import fields, rows

PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="5.0"><meiHead><fileDesc><titleStmt>
<title>Small</title></titleStmt><pubStmt/></fileDesc></meiHead><music><body><mdiv><score>
<scoreDef meter.count="4" meter.unit="4" {scoredef}><staffGrp>
<staffDef n="1" lines="5" clef.shape="G" clef.line="2"/></staffGrp></scoreDef>
<section>{section}</section></score></mdiv></body></music></mei>"""
N = '<note pname="{}" oct="4" dur="{}"/>'


def note(name: str, length: int = 4, more: str = "") -> str:
    return f'<note pname="{name}" oct="4" dur="{length}" {more}/>'


def bar(layer: str, more: str = "") -> str:
    return f'<measure><staff n="1"><layer n="1">{layer}</layer></staff>{more}</measure>'


def read(section: str, scoredef: str = "", repeats: bool = False) -> list[tuple[float, float, int]]:
    content = PAGE.format(section=section, scoredef=scoredef).encode()
    return rows(read_mei(content, "a.mei", repeats=repeats))


def test_a_tremolo_on_one_note_is_that_note() -> None:
    layer = note("c") + f"<bTrem>{note('d')}</bTrem>" + note("e", 2)
    assert read(bar(layer)) == [(0, 1, 60), (1, 1, 62), (2, 2, 64)]


def test_a_tremolo_between_notes_or_chords_is_a_chord() -> None:
    shaken = f"<fTrem>{note('c', 2)}{note('e', 2)}</fTrem>"
    assert read(bar(shaken + note("g", 2))) == [(0, 2, 60), (0, 2, 64), (2, 2, 67)]
    chord = f'<chord dur="2">{note("c")}{note("g")}</chord>'
    assert read(bar(f"<fTrem>{chord}{note('e', 2)}</fTrem>" + note("g", 2))) == [
        (0, 2, 60), (0, 2, 64), (0, 2, 67), (2, 2, 67)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "pitch"),
    [
        ("<choice><sic>{d}</sic><corr>{e}</corr></choice>", 64),
        ("<choice><orig>{d}</orig><reg>{e}</reg></choice>", 64),
        ("<app><rdg>{d}</rdg><lem>{e}</lem></app>", 64),
        ("<app><rdg>{d}</rdg><rdg>{e}</rdg></app>", 62),
        ("<supplied>{d}</supplied>", 62),
        ("<unclear>{d}</unclear>", 62),
        ("<subst><del>{e}</del><add>{d}</add></subst>", 62),
        ("<del>{e}</del>{d}", 62),
        ("<restore><del>{d}</del></restore>", 62),
    ],
)
def test_an_editors_choice_is_heard_and_what_follows_stays_in_time(
    written: str, pitch: int
) -> None:
    layer = note("c") + written.format(d=note("d"), e=note("e")) + note("f", 2)
    assert read(bar(layer)) == [(0, 1, 60), (1, 1, pitch), (2, 2, 65)]


def test_editorial_marks_stand_around_bars_and_staves_too() -> None:
    inner = '<measure><supplied><staff n="1"><layer n="1">' + note("c", 1) + "</layer></staff>"
    assert read(inner + "</supplied></measure>" + f"<supplied>{bar(note('d', 1))}</supplied>") == [
        (0, 4, 60), (4, 4, 62)
    ]  # fmt: skip


def test_sections_and_endings_are_read_as_they_stand() -> None:
    section = f"<section>{bar(note('c', 1))}</section><ending n='1'>{bar(note('d', 1))}</ending>"
    assert read(section + f"<ending n='2'>{bar(note('e', 1))}</ending>") == [
        (0, 4, 60), (4, 4, 62), (8, 4, 64)
    ]  # fmt: skip


def test_signs_that_repeat_bars_are_written_out() -> None:
    two = note("c", 2) + note("d", 2)
    assert read(bar(two) + bar("<mRpt/>") + bar(note("e", 1)))[2:4] == [(4, 2, 60), (6, 2, 62)]
    pair = bar(note("c", 1)) + bar(note("d", 1)) + bar("<mRpt2/>") + bar("") + bar(note("e", 1))
    assert [pitch for _, _, pitch in read(pair)] == [60, 62, 60, 62, 64]
    beats = note("c") + note("d") + "<halfmRpt/>" + note("e", 2)
    assert [pitch for _, _, pitch in read(bar(beats))][:3] == [60, 62, 62]


def test_a_rest_of_several_bars_lasts_as_long() -> None:
    section = bar(note("c", 1)) + bar('<multiRest num="3"/>') + bar(note("d", 1))
    assert [onset for onset, _, _ in read(section)] == [0, 16]


def test_signs_of_repeats_are_played_only_when_asked_for() -> None:
    written = bar(note("c", 1)).replace("<measure>", '<measure right="rptend">') + bar(note("d", 1))
    assert [pitch for _, _, pitch in read(written)] == [60, 62]
    assert [pitch for _, _, pitch in read(written, repeats=True)] == [60, 60, 62]


def test_grace_notes_take_no_time() -> None:
    assert read(bar(note("d", 8, 'grace="acc"') + note("c", 1))) == [(0, 4, 60)]


@pytest.mark.parametrize(
    ("scoredef", "mark"),
    [
        ('midi.bpm="72"', ""),
        ("", '<tempo staff="1" tstamp="1" midi.bpm="72">Adagio</tempo>'),
        ("", '<tempo staff="1" tstamp="1" mm="72" mm.unit="4">Adagio</tempo>'),
    ],
)
def test_the_tempo_is_read(scoredef: str, mark: str) -> None:
    content = PAGE.format(section=bar(note("c", 1), mark), scoredef=scoredef).encode()
    assert read_mei(content, "a.mei").tempo == pytest.approx(72, abs=0.1)


def test_an_expansion_says_the_order_of_repeats() -> None:
    parts = "<section xml:id='A'>{}</section><section xml:id='B'>{}</section>"
    written = '<expansion plist="#A #A #B"/>' + parts.format(bar(note("c", 1)), bar(note("d", 1)))
    assert [pitch for _, _, pitch in read(written)] == [60, 62]
    assert [pitch for _, _, pitch in read(written, repeats=True)] == [60, 60, 62]


def test_the_title_is_the_files_own() -> None:
    content = PAGE.format(section=bar(note("c", 1)), scoredef="").encode()
    assert read_mei(content, "a.mei").title == "Small"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<mei", "a.mei cannot be read"),
        (b"<score-partwise/>", "it holds <score-partwise>, expected <mei>"),
        (PAGE.format(section=bar("<mRest/>"), scoredef="").encode(), "a.mei holds no"),
        (PAGE.format(section=bar("<mRpt/>"), scoredef="").encode(), "repeats 1 bars"),
    ],
)
def test_what_is_no_mei_or_silent_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(MusicFileError, match=said):
        read_mei(content, "a.mei")


def test_cue_notes_are_not_played() -> None:
    assert read(bar(note("c", 4, 'cue="true"') + note("d") + note("e", 2)))[0][2] == 62
    assert read(bar(note("c", 4, 'cue="false"') + note("d")))[0] == (0, 1, 60)


def prepared(inner: str, repeats: bool = False) -> str:
    """What is left of a body, without its outermost element."""
    root = ElementTree.fromstring(f"<mei><body>{inner}</body></mei>")
    prepare(root, repeats)
    text = ElementTree.tostring(root, encoding="unicode").replace(" />", "/>")
    text = text.replace("<body/>", "<body></body>")
    return text.removeprefix("<mei><body>").removesuffix("</body></mei>")


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("<bTrem><note a='1'/><chord/></bTrem>", '<note a="1"/><chord/>'),
        ("<fTrem><space/></fTrem>", "<space/>"),
        (
            "<fTrem><space/><note dur='4' dots='1' pname='c' x='1'/><note dur='4'/></fTrem>",
            '<chord dur="4" dots="1"><note pname="c" x="1"/><note/></chord>',
        ),
        (
            "<fTrem><chord dur='2'><artic/><note pname='c' xml:id='a' dots='1'/><note pname='e'/>"
            "</chord><note dur='4' dots='1' pname='g'/></fTrem>",
            '<chord dur="2"><note pname="c"/><note pname="e"/><note pname="g"/></chord>',
        ),
        ("<fTrem><note/><note/></fTrem>", "<chord><note/><note/></chord>"),
        # Of a choice the first in the order of preference, and of two alike the first.
        ("<choice><sic><a/></sic><corr><b/><c/></corr></choice>", "<b/><c/>"),
        ("<choice><reg><a/></reg><corr><b/></corr></choice>", "<b/>"),
        ("<choice><expan><a/></expan><reg><b/></reg></choice>", "<b/>"),
        ("<choice><abbr><a/></abbr><expan><b/></expan></choice>", "<b/>"),
        ("<app><rdg><a/></rdg><lem><b/></lem></app>", "<b/>"),
        ("<app><rdg><a/></rdg><rdg><b/></rdg></app>", "<a/>"),
        ("<subst><add><a/></add><add><b/></add></subst>", "<a/>"),
        ("<subst><del><a/></del><add><b/></add></subst>", "<b/>"),
        ("<choice><sic><a/></sic><orig><b/></orig></choice>", "<b/>"),
        ("<choice><abbr><a/></abbr><sic><b/></sic></choice>", "<b/>"),
        ("<choice><rdg><a/></rdg><abbr><b/></abbr></choice>", "<b/>"),
        ("<choice><unknown><a/></unknown></choice>", ""),
        ("<choice/>", ""),
        ("<choice><corr><bTrem><a/></bTrem></corr></choice>", "<a/>"),
        # What is struck out, missing, a grace or a cue goes; what is restored comes back.
        ("<del><a/></del><gap/><graceGrp><note/></graceGrp><b/>", "<b/>"),
        ("<restore><a/><del><b><del><c/></del></b></del></restore>", "<a/><b><c/></b>"),
        ("<note grace='acc'/><chord grace=''/><rest grace='acc'/>", '<rest grace="acc"/>'),
        ("<note cue='true'/><chord cue='true'/><note cue='false'/>", '<note cue="false"/>'),
        # Marks of an editor go, what they hold stays, however deep.
        ("<supplied><a/><unclear><b/></unclear></supplied><damage><c/></damage>", "<a/><b/><c/>"),
        ("<a><hi><b><corr><c/></corr></b></hi></a>", "<a><b><c/></b></a>"),
        ("<ending><a/></ending><expansion/>", "<a/>"),
        ("<a><ending><b><ending><c/></ending></b></ending></a>", "<a><b><c/></b></a>"),
        ("<beatRpt/><a/><beatRpt/>", "<beatRpt/><a/><beatRpt/>"),
    ],
)
def test_what_verovio_does_not_play_is_written_otherwise(written: str, left: str) -> None:
    assert prepared(written) == left


def test_endings_and_their_order_stay_where_repeats_are_played() -> None:
    written = "<expansion/><ending><a/></ending><del/><gap/><graceGrp/>"
    assert prepared(written, repeats=True) == "<expansion/><ending><a/></ending>"


def test_marks_outside_the_music_are_nobodys_concern_and_names_keep_their_space() -> None:
    tremolo = "<fTrem><note dur='4'/><note/></fTrem>"
    content = f"<mei xmlns='urn:m'><head><hi/></head><body><hi>{tremolo}</hi></body></mei>"
    root = ElementTree.fromstring(content)
    prepare(root)
    assert [e.tag.removeprefix("{urn:m}") for e in root.iter()] == [
        "mei", "head", "hi", "body", "chord", "note", "note"
    ]  # fmt: skip


def layers(*bars: str) -> str:
    return "".join(f"<measure><staff><layer>{layer}</layer></staff></measure>" for layer in bars)


@pytest.mark.parametrize(
    ("bars", "left"),
    [
        (["<a/>", "<mRpt/>", "<mRpt/>"], ["<a/>", "<a/>", "<a/>"]),
        (["<a/>", "<b/>", "<mRpt/>"], ["<a/>", "<b/>", "<b/>"]),
        (["<a/>", "<b/>", "<mRpt2/>", "", "<c/>"], ["<a/>", "<b/>", "<a/>", "<b/>", "<c/>"]),
        (
            ["<a/>", "<b/>", "<c/>", "<multiRpt num='3'/>", "", "", "<d/>"],
            ["<a/>", "<b/>", "<c/>", "<a/>", "<b/>", "<c/>", "<d/>"],
        ),
        (["<a/>", "<multiRpt num='1'/>", "<c/>"], ["<a/>", "<a/>", "<c/>"]),
        (["<a/>", "<b/>", "<multiRpt/>", ""], ["<a/>", "<b/>", "<a/>", "<b/>"]),
        (["<a/>", "<b/>", "<multiRpt num='x'/>", ""], ["<a/>", "<b/>", "<a/>", "<b/>"]),
        (["<a/><b/><beatRpt/><c/><halfmRpt/>"], ["<a/><b/><b/><c/><c/>"]),
        (["<halfmRpt/><a/>"], ["<halfmRpt/><a/>"]),
        (["<a xml:id='x'><b xml:id='y'/></a>", "<mRpt/>"],
         ["<a xml:id=\"x\"><b xml:id=\"y\"/></a>", "<a><b/></a>"]),
        (["<a xml:id='x'/><beatRpt/>"], ["<a xml:id=\"x\"/><a/>"]),
    ],
)  # fmt: skip
def test_signs_that_repeat_are_copies_of_what_they_repeat(bars: list[str], left: list[str]) -> None:
    assert prepared(layers(*bars)).replace("<layer/>", "<layer></layer>") == layers(*left)


def test_a_bar_repeats_the_one_of_its_own_staff_and_layer() -> None:
    def bar(*contents: str) -> str:
        places = [("1", "1"), ("1", "2"), ("2", "1")]
        inner = "".join(
            f'<staff n="{staff}"><layer n="{layer}">{content}</layer></staff>'
            for (staff, layer), content in zip(places, contents, strict=True)
        )
        return f"<measure>{inner}</measure>"

    repeated = bar("<mRpt/>", "<mRpt2/>", "<mRpt2/>") + bar("<g/>", "", "")
    first = bar("<a/>", "<b/>", "<c/>") + bar("<d/>", "<e/>", "<f/>")
    assert prepared(first + repeated) == (
        first + bar("<d/>", "<b/>", "<c/>") + bar("<g/>", "<e/>", "<f/>")
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<a><b/></a>", "it holds <a>, expected <mei>"),
        (
            PAGE.format(section=bar(note("c", 1)) + bar("<mRpt2/>"), scoredef="").encode(),
            "a sign repeats 2 bars, there are 1 before it",
        ),
        (b"<mei/>", "verovio finds no music in it"),
        (
            b"<music>" + b"<p>" * 5000 + b"</p>" * 5000 + b"</music>",
            "maximum recursion depth exceeded",
        ),
    ],
)
def test_a_fault_is_told_in_one_line(content: bytes, said: str) -> None:
    with pytest.raises(MusicFileError) as refused:
        read_mei(content, "a.mei")
    assert str(refused.value).startswith(f"a.mei cannot be read: {said}")


def test_a_piece_has_its_movements_its_title_and_its_grid() -> None:
    page = PAGE.format(section=bar(note("c", 1)), scoredef="").replace("Small", " A \n tune ")
    start, end = page.index("<mdiv>"), page.index("</mdiv>") + len("</mdiv>")
    two = page[:end] + page[start:end].replace('"c"', '"d"') + page[end:]
    found = read_mei(two.encode(), "a.mei", grid=6)
    assert fields([found], "title", "grid", "drums") == [("A tune", 6, 0)]
    assert rows(found) == [(0, 4, 60), (4, 4, 62)]
    assert found.velocity.tolist() == [80, 80]
    untitled = page.replace("<title> A \n tune </title>", "")
    assert read_mei(untitled.encode(), "a.mei").title == ""
    with pytest.raises(MusicFileError, match=r"^a.mei holds no pitched notes$"):
        read_mei(PAGE.format(section=bar("<mRest/>"), scoredef="").encode(), "a.mei")


def test_on_a_fine_grid_no_note_ends_early() -> None:
    content = PAGE.format(section=bar(note("c", 2) + note("d", 2)), scoredef="").encode()
    notes = read_mei(content, "a.mei", grid=120)
    assert (notes.onset.tolist(), notes.duration.tolist()) == ([0, 240], [240, 240])


def meter(section: str, scoredef: str = "") -> str:
    content = PAGE.format(section=section, scoredef=scoredef).encode()
    return as_text(read_mei(content, "a.mei").meter)


def test_time_signatures_are_read_with_a_pickup_and_changes() -> None:
    change = '<scoreDef meter.count="6" meter.unit="8"/>'
    dotted = note("c", 2, 'dots="1"')
    section = bar(note("c")) + bar(note("c", 1)) + change + bar(dotted) + bar(dotted)
    assert meter(section) == "-72:4/4 120:6/8"
    assert meter(bar(note("c", 1)) + bar(note("c", 2)) + bar(note("c", 1)) * 2) == "0:4/4 144:4/4"


def test_without_a_time_signature_there_is_no_meter() -> None:
    page = PAGE.replace('meter.count="4" meter.unit="4"', "")
    content = page.format(section=bar(note("c", 1)) * 2, scoredef="").encode()
    assert read_mei(content, "a.mei").meter == ()


@pytest.mark.parametrize(
    ("scoredef", "stated"),
    [
        ('key.sig="2f" key.mode="minor"', StatedKey(7, "minor")),
        ('keysig="1s"', StatedKey(7)),
        ('key.sig="2s" trans.semi="-2"', StatedKey(0)),
        ('key.sig="mixed"', None),
        ("", None),
    ],
)
def test_the_first_key_signature_is_stated(scoredef: str, stated: StatedKey | None) -> None:
    content = PAGE.format(section=bar(note("c", 1)), scoredef=scoredef).encode()
    assert read_mei(content, "a.mei").stated_key == stated


def test_a_key_signature_of_its_own_is_stated_too() -> None:
    inner = '<staffDef n="1" lines="5"><keySig sig="3s" mode="major"/></staffDef>'
    page = PAGE.replace('<staffDef n="1" lines="5" clef.shape="G" clef.line="2"/>', inner)
    content = page.format(section=bar(note("c", 1)), scoredef="").encode()
    assert read_mei(content, "a.mei").stated_key == StatedKey(9, "major")
