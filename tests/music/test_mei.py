"""What an MEI file writes is heard: repeats, tremolos, choices, endings, and its tempo."""

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.mei import read_mei
from tests.music.rows import rows

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
