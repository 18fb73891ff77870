"""Of an MEI tree what sounds is left: choices made, bars written out, ties said by their notes."""

from xml.etree import ElementTree

import pytest

from mood2music.music.formats.mei_rewrite import prepare


def prepared(inner: str) -> str:
    """What is left of a body, without its outermost element."""
    root = ElementTree.fromstring(f"<mei><body>{inner}</body></mei>")
    prepare(root)
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
        (
            "<fTrem><note dur='2'><dot/></note><note/></fTrem>",
            '<chord dur="2" dots="1"><note><dot/></note><note/></chord>',
        ),
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
        ("<choice><unclear><a/></unclear><unclear><b/></unclear></choice>", "<a/>"),
        ("<choice><unknown><a/></unknown></choice>", ""),
        ("<choice/>", ""),
        ("<choice><corr><bTrem><a/></bTrem></corr></choice>", "<a/>"),
        # What is struck out, missing, a grace or a cue goes; what is restored comes back.
        ("<del><a/></del><gap/><graceGrp><note/></graceGrp><b/>", "<b/>"),
        ("<restore><a/><del><b><del><c/></del></b></del></restore>", "<a/><b><c/></b>"),
        ("<note grace='acc'/><chord grace=''/><rest grace='acc'/>", '<rest grace="acc"/>'),
        # Marks of an editor go, what they hold stays, however deep.
        ("<supplied><a/><unclear><b/></unclear></supplied><damage><c/></damage>", "<a/><b/><c/>"),
        ("<a><hi><b><corr><c/></corr></b></hi></a>", "<a><b><c/></b></a>"),
        # Of an ossia the staff that is played stays; one that holds the other version alone goes.
        ("<ossia><a/><oStaff><b/></oStaff></ossia>", "<a/>"),
        ("<a><ossia><b/><oLayer/></ossia></a>", "<a><b/></a>"),
        ("<a/><ossia><staff/></ossia>", "<a/>"),
    ],
)
def test_what_sounds_is_left(written: str, left: str) -> None:
    assert prepared(written) == left


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
        (["<a xml:id='x'><b xml:id='y'/></a>", "<mRpt/>"],
         ["<a xml:id=\"x\"><b xml:id=\"y\"/></a>", "<a><b/></a>"]),
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


def test_a_tie_is_said_by_the_notes_that_it_joins() -> None:
    note = "<note xml:id='{}'/>"
    ties = "<tie startid='#a' endid='#b'/><tie startid='#b' endid='#c'/><tie startid='#d'/><tie/>"
    root = ElementTree.fromstring(f"<a>{''.join(map(note.format, 'abcde'))}{ties}</a>")
    prepare(root)
    assert [e.get("tie") for e in root.iter("note")] == ["i", "m", "t", "i", None]
    chord = "<chord xml:id='a' tie='i'><note/><note tie='t'/></chord><tie endid='#a'/>"
    root = ElementTree.fromstring(f"<a>{chord}</a>")
    prepare(root)
    assert [e.get("tie") for e in root.iter("note")] == ["m", "t"]
