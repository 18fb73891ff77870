"""What a key signature and a bar's accidentals leave unsaid sounds as a musician reads it."""

from xml.etree import ElementTree

import pytest

from mood2music.music.formats.mei_accidentals import sound_accidentals
from mood2music.music.formats.xml_tree import local_name
from tests.music.formats.test_mei import bar, note, read

SHARP = 'accid="s"'


@pytest.mark.parametrize(
    ("section", "scoredef", "pitches"),
    [
        (bar(note("f", 2) + note("c", 2)), 'keysig="1s"', [66, 60]),
        (bar(note("f", 2) + note("c", 2)), 'key.sig="2s"', [66, 61]),
        (bar(note("b", 2) + note("e", 2)), 'key.sig="2f"', [70, 63]),
        (bar(note("f", 2, 'accid="n"') + note("f", 2)), 'keysig="1s"', [65, 65]),
        (bar(note("f", 2, SHARP) + note("f", 2)) + bar(note("f", 1)), "", [66, 66, 65]),
        (bar(note("f", 1, SHARP + ' tie="i"')) + bar(note("f", 1, 'tie="t"')), "", [66]),
        (bar(note("f", 2, SHARP) + note("g", 2)) + bar(note("f", 1)), 'keysig="1f"', [66, 67, 65]),
        (bar(note("c", 2, 'accid="x"') + note("c", 2)), "", [62, 62]),
        (bar(note("f", 1, 'accid.ges="n"')) + bar(note("f", 1)), 'keysig="1s"', [65, 65]),
        (bar(note("f", 1)) + '<scoreDef keysig="1s"/>' + bar(note("f", 1)), "", [65, 66]),
    ],
)
def test_accidentals_sound(section: str, scoredef: str, pitches: list[int]) -> None:
    assert [pitch for _, _, pitch in read(section, scoredef)] == pitches


def sounds(content: str) -> list[str]:
    """What each note sounds as by accid.ges, "" without; the notes are named by their letters."""
    root = ElementTree.fromstring(f"<mei>{content}</mei>")
    sound_accidentals(root)
    return [
        note.get("pname", "") + note.get("accid.ges", "")
        for note in root.iter()
        if local_name(note) == "note"
    ]


def notes(*given: str) -> str:
    """Notes from "f", "f5" (its octave), "f#" (sharp), "f=" (natural), "f:x" and ties "f~i"."""
    found = []
    for text in given:
        name, _, tie = text.partition("~")
        name, _, accid = name.replace("#", ":s").replace("=", ":n").partition(":")
        attributes = f'pname="{name[0]}" oct="{name[1:] or 4}"'
        attributes += f' accid="{accid}"' * bool(accid) + f' tie="{tie}"' * bool(tie)
        found.append(f"<note {attributes}/>")
    return "".join(found)


def staff(*layers: str, number: str = ' n="1"') -> str:
    return f"<staff{number}>{''.join(f'<layer>{layer}</layer>' for layer in layers)}</staff>"


SHARPS = list("fcgdaeb")


@pytest.mark.parametrize("count", range(8))
@pytest.mark.parametrize(("sign", "order"), [("s", SHARPS), ("f", SHARPS[::-1])])
def test_a_key_signature_sounds_in_its_order(count: int, sign: str, order: list[str]) -> None:
    found = sounds(f'<scoreDef keysig="{count}{sign}"/>' + staff(notes(*order)))
    assert found == [name + sign * (i < count) for i, name in enumerate(order)]


@pytest.mark.parametrize(
    ("before", "pitches"),
    [
        ('<scoreDef keysig="1s"/>', ["fs", "fs"]),
        ('<scoreDef key.sig="1s"/>', ["fs", "fs"]),
        ('<scoreDef><keySig sig="1s"/></scoreDef>', ["fs", "fs"]),
        ('<scoreDef keysig="0"><keySig sig="1s"/></scoreDef>', ["f", "f"]),
        ('<scoreDef><other/><keySig sig="1s"/></scoreDef>', ["fs", "fs"]),
        ("<scoreDef><keySig/></scoreDef>", ["f", "f"]),
        # A staff's own signature counts in it, one of all the staves replaces it.
        ('<staffDef n="1" keysig="1s"/>', ["fs", "f"]),
        ('<staffDef n="2" key.sig="1s"/>', ["f", "fs"]),
        ('<staffDef n="2"><keySig sig="1s"/></staffDef>', ["f", "fs"]),
        ('<staffDef n="1" keysig="1s"/><scoreDef keysig="0"/>', ["f", "f"]),
        ('<scoreDef keysig="1s"/><staffDef n="1" keysig="0"/>', ["f", "fs"]),
        ('<staffDef keysig="1s"/>', ["fs", "fs"]),
        # What states none leaves the signature as it was.
        ('<scoreDef keysig="1s"/><scoreDef/>', ["fs", "fs"]),
        ('<staffDef n="1" keysig="1s"/><staffDef n="1"/><scoreDef/>', ["fs", "f"]),
        ('<scoreDef keysig="1s"/><scoreDef keysig="mixed"/>', ["fs", "fs"]),
        ('<scoreDef keysig="1s"/><scoreDef keysig="8s"/>', ["fs", "fs"]),
    ],
)
def test_a_signature_is_of_its_staff_else_of_all(before: str, pitches: list[str]) -> None:
    both = staff(notes("f")) + staff(notes("f"), number=' n="2"')
    assert sounds(before + both) == pitches
    bare = before.replace(' n="1"', "")
    if 'n="2"' not in bare:  # staves without a number are one
        assert sounds(bare + staff(notes("f"), number=""))[0] == sounds(before + both)[0]


KEY = '<scoreDef keysig="1s"/>'


@pytest.mark.parametrize(
    ("music", "pitches"),
    [
        # An accidental holds for its pitch to the end of the bar and of its layer.
        (staff(notes("c#", "c", "c5", "d", "c")), ["c", "cs", "c", "d", "cs"]),
        (staff(notes("c#")) + staff(notes("c")), ["c", "c"]),
        (staff(notes("c#"), notes("c")), ["c", "c"]),
        (KEY + staff(notes("f=", "f", "f5")), ["f", "f", "fs"]),
        (KEY + staff(notes("f:f", "f", "f#", "f")), ["f", "ff", "f", "fs"]),
        (staff(notes("c:x", "c")), ["c", "css"]),
        (staff(notes("c:nf", "c", "d:ns", "d")), ["c", "cf", "d", "ds"]),
        (staff(notes("c:ff", "c")), ["c", "cff"]),
        # One written as an element is the same; one that says nothing is none.
        (
            staff('<note pname="c" oct="4"><dot/><accid accid="s"/></note>' + notes("c")),
            ["c", "cs"],
        ),
        (KEY + staff('<note pname="f" oct="4"><accid/></note>' + notes("f")), ["fs", "fs"]),
        # A signature within the bar begins it anew.
        (staff('<keySig sig="1s"/>' + notes("f", "c")), ["fs", "c"]),
        (KEY + staff(notes("c#") + '<keySig sig="0"/>' + notes("c", "f")), ["c", "c", "f"]),
        (KEY + staff("<keySig/>" + notes("f")), ["f"]),
        (KEY + staff('<keySig sig="mixed"/>' + notes("f")), ["f"]),
        # and holds in the bars behind it, in its own staff.
        (staff('<keySig sig="1s"/>' + notes("f")) + staff(notes("f")), ["fs", "fs"]),
        (
            staff('<keySig sig="1s"/>' + notes("f")) + staff(notes("f"), number=' n="2"'),
            ["fs", "f"],
        ),
        (
            staff('<keySig><keyAccid pname="f" accid="s"/><keyAccid pname="b" accid="f"/></keySig>')
            + staff(notes("f", "b", "e")),
            ["fs", "bf", "e"],
        ),
        (
            '<scoreDef key.sig="mixed" key.sig.mixed="fs b4f"/>' + staff(notes("f", "b")),
            ["fs", "bf"],
        ),
        # A tie carries its accidental over the bar line, and no further.
        (staff(notes("c#~i")) + staff(notes("c~t", "c")), ["c", "cs", "c"]),
        (
            staff(notes("c#~i")) + staff(notes("c~m")) + staff(notes("c~t")) + staff(notes("c")),
            ["c", "cs", "cs", "c"],
        ),
        (KEY + staff(notes("f=~i")) + staff(notes("f~t", "f")), ["f", "f", "fs"]),
        (KEY + staff(notes("f~i")) + KEY.replace("1", "0") + staff(notes("f~t")), ["fs", "fs"]),
        (staff(notes("c#~i")) + staff(notes("c=~t", "c")), ["c", "c", "c"]),
        (staff(notes("c#~i")) + staff(notes("c5~t", "d~t")), ["c", "c", "d"]),
        (staff(notes("c#~i")) + staff(notes("c~t"), number=' n="2"'), ["c", "c"]),
        (staff(notes("c#~i"), number="") + staff(notes("c~t"), number=""), ["c", "cs"]),
        (staff(notes("c#")) + staff(notes("c~t")), ["c", "c"]),
        (staff(notes("c#~t")) + staff(notes("c~t")), ["c", "c"]),
        (KEY + staff(notes("f~t")), ["fs"]),
        # What a program says anywhere is believed everywhere.
        (KEY + staff(notes("f") + '<note pname="g" accid.ges="s"/>'), ["f", "gs"]),
        (KEY + staff('<note pname="f"><accid accid.ges="n"/></note>' + notes("f")), ["f", "f"]),
        # Notes within a beam or a chord are in the layer, those outside a staff in none.
        (KEY + staff(f"<beam><chord>{notes('f', 'a')}</chord></beam>"), ["fs", "a"]),
        (KEY + notes("f"), ["f"]),
        (KEY + staff('<note pname="f"/><note oct="4"/>'), ["fs", ""]),
    ],
)
def test_an_accidental_lasts_as_a_musician_reads_it(music: str, pitches: list[str]) -> None:
    assert sounds(music) == pitches
    spaced = music.replace("<note ", "<m:note xmlns:m='urn:m' ")
    assert sounds(spaced.replace("</note>", "</m:note>")) == pitches
