"""What an MEI file writes is heard: repeats, tremolos, choices, endings, and its tempo."""

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.formats.mei import read_mei
from mood2music.music.meter import as_text
from mood2music.music.stated_chords import NO_CHORD, StatedChord
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
    beats = note("c") + note("d") + "<halfmRpt/>"
    assert read(bar(beats)) == [(0, 1, 60), (1, 1, 62), (2, 1, 60), (3, 1, 62)]


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
    assert read(bar(note("c", 4, 'cue="true"') + note("d") + note("e", 2))) == [
        (1, 1, 62),
        (2, 2, 64),
    ]
    assert read(bar(note("c", 4, 'cue="false"') + note("d")))[0] == (0, 1, 60)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<a><b/></a>", "it holds <a>, expected <mei>"),
        (
            PAGE.format(section=bar(note("c", 1)) + bar("<mRpt2/>"), scoredef="").encode(),
            "a sign repeats 2 bars, there are 1 before it",
        ),
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


def test_a_bar_without_anything_but_a_rest_lasts_as_long_as_its_meter() -> None:
    for rest in ("<mRest/>", "<mSpace/>", '<space dur="1"/>', '<rest dur="2"><dot/></rest>' * 2):
        after = read(bar(rest) + bar(note("c", 1)))
        assert after == [(6 if "dot" in rest else 4, 4, 60)], rest
    section = bar('<meterSig count="3" unit="4"/>' + note("c", 2)) + bar("<mRest/>")
    assert read(section + bar(note("d", 2)))[1] == (5, 2, 62)
    assert meter(bar('<multiRest num="2"/>') + bar(note("c", 1))) == "0:4/4"


def test_a_bar_rest_beside_a_pickup_is_as_long_as_the_pickup() -> None:
    two = '<measure {}><staff n="1"><layer>{}</layer></staff><staff n="2"><layer>{}</layer></staff>'
    pickup = two.format('metcon="false"', note("c"), "<mRest/>") + "</measure>"
    assert read(pickup + bar(note("d", 1))) == [(0, 1, 60), (1, 4, 62)]


def test_repeats_of_beats_and_of_half_bars_are_what_stands_before_them() -> None:
    eighths = note("c", 8) + note("d", 8)
    beat = [(0, 0.5, 60), (0.5, 0.5, 62)]
    assert read(bar(eighths + "<beatRpt/>" * 3)) == [
        (start + i, length, pitch) for i in range(4) for start, length, pitch in beat
    ]
    assert read(bar(f"<beam>{eighths}</beam>" + '<beatRpt beatdef="1"/>'))[2:] == [
        (1, 0.5, 60), (1.5, 0.5, 62)
    ]  # fmt: skip
    assert read(bar(note("c", 2) + note("d", 2)) + bar("<halfmRpt/><halfmRpt/>"))[2:] == [
        (4, 2, 62), (6, 2, 62)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("layer", "notes"),
    [
        ('<tuplet num="3">{c}<tuplet num="3" numbase="2">{e}{e}{e}</tuplet>{c}</tuplet>',
         [(0, 0.67, 60), (0.67, 0.21, 64), (0.88, 0.25, 64), (1.12, 0.21, 64), (1.33, 0.67, 60)]),
        ('<chord><note pname="c" oct="4" dur="2"/><note pname="g" oct="4" dur="4"/></chord>{c}',
         [(0, 2, 60), (0, 1, 67), (2, 1, 60)]),
        ('<chord dur="2" dots="1"><note pname="c" oct="4"/></chord>{c}', [(0, 3, 60), (3, 1, 60)]),
        ('<beam cue="true">{e}{e}</beam>{c}', [(1, 1, 60)]),
    ],
)  # fmt: skip
def test_tuplets_chords_and_cues_take_their_time(
    layer: str, notes: list[tuple[float, float, int]]
) -> None:
    found = read(bar(layer.format(c=note("c"), e=note("e", 8))))
    assert [(round(a, 2), round(b, 2), p) for a, b, p in found] == notes


def test_a_tuplet_span_is_a_tuplet_and_an_attribute_without_a_ratio_is_refused() -> None:
    ids = [f'xml:id="{name}" tuplet="{turn}1"' for name, turn in zip("abc", "imt", strict=True)]
    layer = "".join(note("c", 4, more) for more in ids) + note("d", 2)
    span = '<tupletSpan startid="#a" endid="#c" num="3" numbase="2"/>'
    assert read(bar(layer, span))[-1] == (2, 2, 62)
    with pytest.raises(MusicFileError, match=r'measure 1: a <note> has tuplet="i1"'):
        read(bar(layer))


def test_ties_join_across_layers_and_by_elements() -> None:
    two = '<measure><staff n="1"><layer n="1">{}</layer><layer n="2">{}</layer></staff>{}</measure>'
    c, e = note("c", 1, 'tie="i"'), note("e", 1, 'xml:id="e"')
    first = two.format(c, e, '<tie startid="#e" endid="#f"/>')
    second = two.format(note("e", 1, 'xml:id="f"'), note("c", 1, 'tie="t"'), "")
    assert read(first + second) == [(0, 8, 60), (0, 8, 64)]
    both = f'<chord dur="1" tie="{{}}">{N.format("c", 1)}{N.format("e", 1)}</chord>'
    assert read(bar(both.format("i")) + bar(both.format("t"))) == [(0, 8, 60), (0, 8, 64)]


@pytest.mark.parametrize(
    ("mark", "scoredef", "tempo"),
    [
        ('<tempo tstamp="3" midi.bpm="60"/>', "", 80),
        ('<tempo startid="#d" midi.bpm="60"/>', "", 80),
        ('<tempo tstamp="1" mm="60" mm.unit="4" mm.dots="1"/>', "", 90),
        ('<tempo tstamp="1" midi.bpm="72"/>', 'midi.bpm="100"', 72),
        ("", 'midi.mspb="1000000"', 60),
    ],
)
def test_a_tempo_counts_from_its_place(mark: str, scoredef: str, tempo: float) -> None:
    section = bar(note("c", 2) + note("d", 2, 'xml:id="d"'), mark)
    content = PAGE.format(section=section, scoredef=scoredef).encode()
    assert read_mei(content, "a.mei").tempo == pytest.approx(tempo)


def test_transposition_octaves_and_percussion_are_the_staffs() -> None:
    assert read(bar(note("c", 1)), 'trans.semi="-2"') == [(0, 4, 58)]
    assert read(bar('<note pname="c" dur="1"/>'), 'octave.default="5"') == [(0, 4, 72)]
    shift = '<octave staff="1" dis="8" dis.place="above" tstamp="1" tstamp2="0m+2"/>'
    assert read(bar(note("c", 2) + note("d", 2), shift)) == [(0, 2, 72), (2, 2, 62)]
    assert read(bar(note("c", 2, 'oct.ges="4"') + note("d", 2), shift))[0] == (0, 2, 60)
    drums = '<measure><staff n="2"><layer>' + note("c", 1) + "</layer></staff></measure>"
    page = PAGE.replace("</staffGrp>", '<staffDef n="2" clef.shape="perc"/></staffGrp>')
    notes = read_mei(page.format(section=bar(note("d", 1)) + drums, scoredef="").encode(), "a.mei")
    assert (rows(notes), notes.drums) == ([(0, 4, 62)], 1)


def test_endings_and_signs_of_both_directions_are_played_when_asked_for() -> None:
    def measure(name: str, more: str) -> str:
        return bar(note(name, 1)).replace("<measure>", f"<measure {more}>")

    last = measure("d", 'right="rptend"')
    endings = f"<ending n='1'>{last}</ending>"
    endings += f"<ending n='2'>{bar(note('e', 1))}</ending>"
    section = measure("c", 'left="rptstart"') + endings
    assert [pitch for _, _, pitch in read(section, repeats=True)] == [60, 62, 60, 64]
    section = measure("c", 'right="rptboth"') + measure("d", 'right="rptend"') + bar(note("e", 1))
    assert [pitch for _, _, pitch in read(section, repeats=True)] == [60, 60, 62, 62, 64]


def test_parts_sound_together() -> None:
    page = PAGE.format(section=bar(note("c", 1)) * 2, scoredef="")
    start, end = page.index("<score>"), page.index("</score>")
    part = "<part>" + page[start + len("<score>") : end] + "</part>"
    higher = part.replace('oct="4"', 'oct="5"')
    parts = page[:start] + f"<parts>{part}{higher}</parts>"
    notes = read_mei((parts + page[end + len("</score>") :]).encode(), "a.mei")
    assert (rows(notes), as_text(notes.meter)) == (
        [(0, 4, 60), (0, 4, 72), (4, 4, 60), (4, 4, 72)], "0:4/4"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ('<note pname="c" oct="4"/>', "a <note> has no duration"),
        ('<note pname="c" dur="4"/>', "a note c has the octave"),
        ('<note loc="3" dur="4"/>', "a note has the pitch name"),
    ],
)
def test_a_note_that_says_too_little_is_refused_with_its_measure(layer: str, said: str) -> None:
    with pytest.raises(MusicFileError, match=rf"^a.mei cannot be read: measure 2: {said}"):
        read(bar(note("c", 1)) + bar(layer))


def test_chord_symbols_hold_from_their_beat_or_note_on() -> None:
    first = '<harm tstamp="1">Am7</harm><harm tstamp="3"><rend>D7</rend>/F♯</harm>'
    second = '<harm startid="#here" staff="1">N.C.</harm><harm tstamp="1"><fb><f>6</f></fb></harm>'
    here = note("d", 2, 'xml:id="here"')
    section = bar(note("c", 1), first) + bar(note("c", 2) + here, second)
    chords = read_mei(PAGE.format(section=section, scoredef="").encode(), "a.mei").chords
    assert chords == (
        StatedChord(0, 9, (0, 3, 7, 10), 9),
        StatedChord(48, 2, (0, 4, 7, 10), 6),
        NO_CHORD._replace(step=144),
    )
