"""MusicXML by its own durations: cues, drums, short bars, transposition, tempo, containers."""

import io
import zipfile
from fractions import Fraction

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.formats.musicxml import parse_musicxml
from mood2music.music.formats.mxl import unpack_mxl
from mood2music.music.meter import as_text
from mood2music.music.stated_chords import StatedChord
from mood2music.music.stated_key import StatedKey
from mood2music.music.written import Bar, Written, place
from tests.music.rows import fields, rows

ATTRIBUTES = (
    "<attributes><divisions>2</divisions><time><beats>4</beats><beat-type>4</beat-type></time>"
    "{}</attributes>"
)


def note(step: str, length: int, more: str = "", octave: int = 4) -> str:
    pitch = f"<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
    return f"<note>{more}{pitch}<duration>{length}</duration></note>"


def part(*bars: str, identity: str = "P1", attributes: str = "") -> str:
    head = ATTRIBUTES.format(attributes)
    measures = "".join(f"<measure>{head * (not i)}{bar}</measure>" for i, bar in enumerate(bars))
    return f'<part id="{identity}">{measures}</part>'


def score(*parts: str, listed: str = "", head: str = "") -> bytes:
    listed = listed or '<score-part id="P1"/><score-part id="P2"/>'
    return (
        f"<score-partwise>{head}<part-list>{listed}</part-list>{''.join(parts)}</score-partwise>"
    ).encode()


def read(*parts: str, listed: str = "", repeats: bool = False) -> list[tuple[float, float, int]]:
    content = score(*parts, listed=listed)
    return rows(place(parse_musicxml(content, "a.musicxml"), "a.musicxml", repeats=repeats))


def test_chords_backups_and_forwards_place_notes() -> None:
    bar = note("C", 4) + note("E", 4, "<chord/>") + note("D", 4)
    lower = "<backup><duration>8</duration></backup><forward><duration>2</duration></forward>"
    assert read(part(bar + lower + note("G", 6, octave=3))) == [
        (0, 2, 60), (0, 2, 64), (1, 3, 55), (2, 2, 62)
    ]  # fmt: skip


def test_ties_join_across_bars_and_other_voices() -> None:
    first = note("C", 8, '<tie type="start"/>') + "<backup><duration>8</duration></backup>"
    second = note("C", 2, '<tie type="stop"/>') + note("C", 6)
    assert read(part(first + note("E", 8), second)) == [(0, 5, 60), (0, 4, 64), (5, 3, 60)]


def test_two_voices_on_one_pitch_have_their_own_ties() -> None:
    def in_voice(length: int, voice: int, ties: str) -> str:
        marks = "".join(f'<tie type="{tie}"/>' for tie in ties.split())
        return note("C", length, marks).replace("</note>", f"<voice>{voice}</voice></note>")

    back = "<backup><duration>8</duration></backup>"
    first = in_voice(8, 1, "start") + back + in_voice(8, 2, "start")
    second = in_voice(8, 1, "stop") + back + in_voice(4, 2, "stop") + in_voice(4, 2, "")
    # One piano key: the voice that strikes it again ends the other's note there.
    assert read(part(first, second)) == [(0, 6, 60), (6, 2, 60)]


def test_a_sign_that_repeats_bars_without_notes_is_played() -> None:
    sign = "<attributes><measure-style><measure-repeat type='{}'>{}</measure-repeat>"
    begin, stop = (
        sign.format(*said) + "</measure-style></attributes>"
        for said in (("start", 1), ("stop", ""))
    )
    rest = "<note><rest/><duration>8</duration></note>"
    bars = [note("C", 4) + note("D", 4), begin + rest, "", stop + rest, note("E", 8)]
    pair = [(0, 2, 60), (2, 2, 62)]
    again = [(4 * bar + start, length, pitch) for bar in range(3) for start, length, pitch in pair]
    assert read(part(*bars)) == [*again, (16, 4, 64)]
    # Notes that stand there all the same are those that sound; other parts play on.
    assert read(part(note("C", 8), begin + note("F", 8))) == [(0, 4, 60), (4, 4, 65)]
    two = begin.replace(">1<", ">2<")
    upper = part(*[note("G", 8)] * 4, identity="P2")
    lower = part(note("C", 8), note("D", 8), two + rest, rest)
    assert read(lower, upper)[::2] == [(0, 4, 60), (4, 4, 62), (8, 4, 60), (12, 4, 62)]
    with pytest.raises(MusicFileError, match="measure 1 of P1: a sign repeats 1 bars, there are 0"):
        read(part(begin + rest))


def test_cue_and_grace_notes_are_not_played() -> None:
    cue = (
        "<backup><duration>8</duration></backup>" + note("E", 4, "<cue/>") + note("F", 4, "<cue/>")
    )
    grace = "<note><grace/><pitch><step>D</step><octave>4</octave></pitch></note>"
    assert read(part(grace + note("C", 8) + cue)) == [(0, 4, 60)]


def test_a_bar_that_is_short_in_a_part_does_not_shift_it() -> None:
    upper, lower = part(note("C", 8, octave=5), note("D", 8)), part(note("C", 6), note("D", 8))
    assert read(upper, lower.replace("P1", "P2")) == [
        (0, 3, 60), (0, 4, 72), (4, 4, 62)
    ]  # fmt: skip
    assert read(part(note("C", 2), note("D", 8)))[1] == (1, 4, 62)  # an upbeat stays short


def test_a_bar_of_rests_is_as_long_as_its_meter() -> None:
    rest = "<note><rest/><duration>8</duration></note>"
    assert read(part(rest + rest, note("C", 8))) == [(4, 4, 60)]
    assert read(part("", note("C", 8))) == [(4, 4, 60)]
    assert read(part("<note><rest measure='yes'/></note>", note("C", 8))) == [(4, 4, 60)]


def test_drums_are_counted_whatever_says_so() -> None:
    channel = '<score-part id="P1"><midi-instrument id="i"><midi-channel>10</midi-channel>'
    listed = channel + '</midi-instrument></score-part><score-part id="P2"/>'
    melody = part(note("E", 8), identity="P2")
    for drums, names in (
        (part(note("C", 8)), listed),
        (part(note("C", 8), attributes="<clef><sign>percussion</sign></clef>"), ""),
        (part("<note><unpitched/><duration>8</duration></note>"), ""),
    ):
        notes = place(parse_musicxml(score(drums, melody, listed=names), "a"), "a")
        assert (rows(notes), notes.drums) == ([(0, 4, 64)], 1)


def test_transposing_instruments_sound_where_they_sound() -> None:
    clarinet = "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
    assert read(part(note("C", 8), attributes=clarinet)) == [(0, 4, 58)]
    bass = "<transpose><chromatic>0</chromatic><octave-change>-1</octave-change></transpose>"
    assert read(part(note("C", 8), attributes=bass)) == [(0, 4, 48)]


@pytest.mark.parametrize(
    ("mark", "tempo"),
    [
        ('<sound tempo="120"/>', 80),
        ('<direction><sound tempo="120"/></direction>', 80),
        (
            "<direction><direction-type><metronome><beat-unit>half</beat-unit>"
            "<per-minute>60</per-minute></metronome></direction-type></direction>",
            80,
        ),
        (
            "<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit-dot/>"
            "<per-minute>80</per-minute></metronome></direction-type></direction>",
            80,
        ),
    ],
)
def test_every_tempo_mark_counts_for_its_time(mark: str, tempo: float) -> None:
    content = score(part('<sound tempo="60"/>' + note("C", 8), mark + note("D", 8)))
    assert place(parse_musicxml(content, "a"), "a").tempo == pytest.approx(tempo)


def test_notes_without_a_duration_have_their_types() -> None:
    typed = "<note><pitch><step>C</step><octave>4</octave></pitch><type>quarter</type><dot/></note>"
    third = (
        "<note><pitch><step>D</step><octave>4</octave></pitch><type>eighth</type><time-modification>"
        "<actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification></note>"
    )
    assert read(part(typed + third)) == [(0, 1.5, 60), (1.5, pytest.approx(1 / 3), 62)]


def test_repeats_and_endings_are_played_when_asked_for() -> None:
    back = '<barline><repeat direction="backward"/></barline>'
    first = '<barline><ending number="1" type="start"/></barline>'
    last = first.replace('"1"', '"2"')
    stop = '<barline><ending number="1" type="stop"/><repeat direction="backward"/></barline>'
    bars = (note("C", 8), first + note("D", 8) + stop, last + note("E", 8), note("F", 8) + back)
    assert [p for _, _, p in read(part(*bars[:3]))] == [60, 62, 64]
    assert [p for _, _, p in read(part(*bars[:3]), repeats=True)] == [60, 62, 60, 64]
    da_capo = (
        note("C", 8),
        '<sound fine="yes"/>' + note("D", 8),
        '<sound dacapo="yes"/>' + note("E", 8),
    )
    assert [p for _, _, p in read(part(*da_capo), repeats=True)] == [60, 62, 64, 60, 62]


def test_timewise_scores_and_namespaces_are_read() -> None:
    timewise = (
        "<score-timewise xmlns='urn:x'><part-list/><measure><part id='P1'>"
        + ATTRIBUTES.format("") + note("C", 8) + "</part></measure></score-timewise>"
    )  # fmt: skip
    assert rows(place(parse_musicxml(timewise.encode(), "a"), "a")) == [(0, 4, 60)]


def test_the_title_is_the_works_unless_it_is_a_files_name() -> None:
    for head, title in (
        ("<work><work-title> A \n Song </work-title></work>", "A Song"),
        ("<movement-title>Adagio</movement-title>", "Adagio"),
        ("<work><work-title>x.mxl</work-title></work>", ""),
    ):
        assert parse_musicxml(score(part(note("C", 8)), head=head), "a").title == title


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


def test_the_container_says_which_file_is_the_score() -> None:
    container = b'<container><rootfiles><rootfile full-path="b.xml"/></rootfiles></container>'
    packed = zipped(a_xml=b"<other/>", b_xml=b"<score/>", **{"META-INF__container_xml": container})
    assert unpack_mxl(packed, "a.mxl", 1 << 20) == b"<score/>"
    assert unpack_mxl(zipped(a_xml=b"<first/>"), "a.mxl", 1 << 20) == b"<first/>"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a zip", "expected a zip archive"),
        (zipped(a_txt=b"x"), "holds no score"),
        (zipped(a_xml=b" " * 3000), "expected at most"),
        (zipped(**{"META-INF__container_xml": b"<broken"}), "cannot be unpacked"),
    ],
)
def test_an_odd_archive_is_refused_in_one_line(content: bytes, said: str) -> None:
    with pytest.raises(MusicFileError, match=said):
        unpack_mxl(content, "a.mxl", 2000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<score-partwise>", "a.xml cannot be read"),
        (b"<html/>", "it holds <html>, expected MusicXML"),
        (score(part(note("H", 8))), 'measure 1 of P1: a note has the step "H"'),
        (
            score(part(note("C", 8)).replace("<divisions>2", "<divisions>0")),
            "measure 1 of P1: <divisions> is 0",
        ),
        (score(part(note("C", 8)).replace("<duration>8", "<duration>x")), "a.xml cannot be read"),
    ],
)
def test_what_is_no_musicxml_is_refused_in_one_line(content: bytes, said: str) -> None:
    with pytest.raises(MusicFileError, match=said) as refused:
        parse_musicxml(content, "a.xml")
    assert "\n" not in str(refused.value)


def written(*parts: str, listed: str = "", head: str = "") -> Written:
    return parse_musicxml(score(*parts, listed=listed, head=head), "a.musicxml")


def sounding(*parts: str, listed: str = "", head: str = "") -> list[tuple[object, ...]]:
    """(Start, end, pitch) of each note in the order it is read, in exact quarter notes."""
    return fields(written(*parts, listed=listed, head=head).notes, "start", "end", "pitch")


def direction(inner: str, more: str = "") -> str:
    return f"<direction><direction-type>{inner}</direction-type>{more}</direction>"


def metronome(inner: str) -> str:
    return direction(f"<metronome>{inner}</metronome>")


BACK = "<backup><duration>{}</duration></backup>"
TENTH = "<midi-instrument id='{}'><midi-channel> 10 </midi-channel></midi-instrument>"


@pytest.mark.parametrize(
    ("bar", "notes", "length"),
    [
        # A chord's notes begin with its first one, whatever they last, and move nothing.
        (
            note("C", 4) + note("E", 2, "<chord/>") + note("G", 6, "<chord/>") + note("D", 4),
            [(0, 2, 60), (0, 1, 64), (0, 3, 67), (2, 4, 62)],
            4,
        ),
        # Behind a backup the place is at most so far back as the bar's start.
        (note("C", 4) + BACK.format(99) + note("D", 2), [(0, 2, 60), (0, 1, 62)], 2),
        (note("C", 4) + BACK.format(2) + note("D", 1), [(0, 2, 60), (1, 1.5, 62)], 2),
        (note("C", 2) + BACK.format("") + note("D", 2), [(0, 1, 60), (1, 2, 62)], 2),
        # A forward counts where something sounds, as far as the bar goes on behind it.
        (note("C", 2) + "<forward><duration> 4 </duration></forward>", [(0, 1, 60)], 3),
        ("<forward><duration>12</duration></forward>" + note("C", 2), [(6, 7, 60)], 7),
        # Silence alone is no longer than the meter.
        ("<forward><duration>12</duration></forward>", [], 4),
        ("<forward><duration>3</duration></forward>", [], 1.5),
        # Cues and grace notes are silent, but a cue takes its time.
        (note("E", 12, "<cue/>") + note("C", 2), [(6, 7, 60)], 7),
        (note("E", 2, "<grace/>") + note("C", 2), [(0, 1, 60)], 1),
        # A note that says nothing about its length is none.
        (note("C", 0) + note("D", 2), [(0, 1, 62)], 1),
    ],
)
def test_each_note_has_its_place_in_a_bar(
    bar: str, notes: list[tuple[float, float, int]], length: float
) -> None:
    first = written(part(bar, note("A", 8)))
    assert fields(first.notes, "start", "end", "pitch") == [*notes, (length, length + 4, 69)]
    assert fields(first.bars, "start", "end") == [(0, length), (length, length + 4)]


@pytest.mark.parametrize(
    ("inner", "length"),
    [
        ("<type>maxima</type>", 32), ("<type>long</type>", 16), ("<type>breve</type>", 8),
        ("<type>whole</type>", 4), ("<type>half</type>", 2), ("<type> quarter </type>", 1),
        ("<type>eighth</type>", 1 / 2), ("<type>16th</type>", 1 / 4), ("<type>32nd</type>", 1 / 8),
        ("<type>64th</type>", 1 / 16), ("<type>128th</type>", 1 / 32),
        ("<type>256th</type>", 1 / 64), ("<type>512th</type>", 1 / 128),
        ("<type>1024th</type>", 1 / 256),
        ("<type>half</type><dot/>", 3), ("<type>half</type><dot/><dot/>", 3.5),
        (
            "<type>half</type><time-modification><actual-notes>4</actual-notes>"
            "<normal-notes>3</normal-notes></time-modification>",
            1.5,
        ),
        (
            "<type>half</type><time-modification><normal-notes>3</normal-notes></time-modification>",
            2,
        ),
        (
            "<type>half</type><time-modification><actual-notes>3</actual-notes></time-modification>",
            2,
        ),
    ],
)  # fmt: skip
def test_a_note_without_duration_lasts_as_its_type_says(inner: str, length: float) -> None:
    pitch = "<pitch><step>C</step><octave>4</octave></pitch>"
    assert sounding(part(f"<note>{pitch}{inner}</note>")) == [(0, length, 60)]


def test_without_type_and_duration_a_rest_is_a_bar_and_a_note_is_none() -> None:
    pitch = "<pitch><step>C</step><octave>4</octave></pitch>"
    for silent, start in (
        ("<note><rest/></note>", 3),
        (f"<note>{pitch}</note>", 0),
        ("<note><rest/><type>half</type></note>", 2),
        (f"<note><rest/>{pitch}<duration>2</duration></note>", 1),
    ):
        bar = part(silent + note("D", 2)).replace("<beats>4", "<beats>3")
        assert sounding(bar) == [(start, start + 1, 62)]


def time(beats: str, kind: str = "4", more: str = "") -> str:
    return f"<time><beats>{beats}</beats><beat-type>{kind}</beat-type>{more}</time>"


@pytest.mark.parametrize(
    ("times", "quarters"),
    [
        (time("3"), 3),
        (time("3", "8"), 1.5),
        (time(" 2 ", " 2 "), 4),
        (time("3+2", "8"), 2.5),
        (time("3", "4", "<beats>1</beats><beat-type>2</beat-type>"), 5),
        # What gives no length leaves the meter to the next that does, else as it was.
        (time("x") + time("5"), 5),
        ("<time><senza-misura/></time>" + time("5"), 5),
        (time("3", "0") + time("5"), 5),
        (time("-3") + time("5"), 5),
        ("<time><beats/><beat-type>4</beat-type></time>", 4),
        ("<time><beats>3</beats><beat-type/></time>", 4),
        (time("3") + time("5"), 3),
        ("", 4),
    ],
)
def test_the_meter_is_how_long_an_empty_bar_lasts_and_the_next(times: str, quarters: float) -> None:
    rest = "<note><rest measure='yes'/></note>"
    change = f"<attributes>{times}</attributes>"
    bars = written(part(rest, change, rest, note("C", 2))).bars
    assert [bar.end - bar.start for bar in bars] == [4, quarters, quarters, 1]


def test_before_any_time_signature_a_bar_has_four_quarters() -> None:
    bars = parse_musicxml(
        b"<score-partwise><part><measure/><measure><note><rest/></note></measure>"
        b"</part></score-partwise>",
        "a",
    ).bars
    assert fields(bars, "start", "end") == [(0, 4), (4, 8)]


def test_divisions_hold_in_their_part_until_they_change() -> None:
    finer = "<attributes><divisions> 4 </divisions></attributes>"
    half = "<attributes><divisions>0.5</divisions></attributes>"
    upper = part(note("C", 2) + finer + note("D", 2), note("E", 4), half + note("F", 1))
    lower = part(note("G", 2), note("A", 2), note("B", 2), identity="P2")
    assert sounding(upper, lower) == [
        (0, 1, 60), (1, 1.5, 62), (0, 1, 67), (1.5, 2.5, 64), (1.5, 2.5, 69), (2.5, 4.5, 65),
        (2.5, 3.5, 71),
    ]  # fmt: skip
    plain = "<score-partwise><part><measure>" + note("C", 3) + "</measure></part></score-partwise>"
    found = parse_musicxml(plain.encode(), "a").notes
    assert fields(found, "start", "end", "pitch", "velocity") == [(0, 3, 60, 80)]


def staffed(step: str, staff: str, alter: str = "") -> str:
    pitch = f"<pitch><step> {step} </step>{alter}<octave> 4 </octave></pitch>"
    return f"<note>{pitch}<duration>2</duration>{staff}</note>"


@pytest.mark.parametrize(
    ("step", "alter", "pitch"),
    [
        ("C", "", 60), ("D", "", 62), ("E", "", 64), ("F", "", 65), ("G", "", 67), ("A", "", 69),
        ("B", "", 71), ("C", "<alter>1</alter>", 61), ("D", "<alter>-1</alter>", 61),
        ("F", "<alter>2</alter>", 67), ("B", "<alter>-2.0</alter>", 69),
    ],
)  # fmt: skip
def test_a_pitch_is_a_step_an_alteration_and_an_octave(step: str, alter: str, pitch: int) -> None:
    assert sounding(part(staffed(step, "", alter))) == [(0, 1, pitch)]


def transpose(chromatic: str, octaves: str = "", number: str = "") -> str:
    return (
        f"<transpose{number}>{chromatic and f'<chromatic>{chromatic}</chromatic>'}"
        f"{octaves and f'<octave-change>{octaves}</octave-change>'}</transpose>"
    )


def test_a_transposition_is_of_its_staff_else_of_all() -> None:
    bar = staffed("C", "") + staffed("C", "<staff>1</staff>") + staffed("C", "<staff> 2 </staff>")
    for given, pitches in (
        (transpose("-2"), [58, 58, 58]),
        (transpose("", "1"), [72, 72, 72]),
        (transpose("-3", "2"), [81, 81, 81]),
        (transpose("-2", number=' number="2"'), [60, 60, 58]),
        (transpose("-2") + transpose("3", number=' number="1"'), [63, 63, 58]),
    ):
        assert [pitch for _, _, pitch in sounding(part(bar, attributes=given))] == pitches, given


def test_a_score_at_concert_pitch_is_moved_by_octaves_alone() -> None:
    again = f"<attributes>{transpose('-2')}</attributes>"
    clarinet = part(note("C", 8), again + note("D", 8), attributes=transpose("-2", "1"))
    assert [pitch for _, _, pitch in sounding(clarinet)] == [70, 60]
    concert = "<defaults><concert-score/></defaults>"
    assert [pitch for _, _, pitch in sounding(clarinet, head=concert)] == [72, 62]


@pytest.mark.parametrize(
    ("listed", "attributes", "bar", "drums"),
    [
        # The channel of one instrument of two: its notes alone.
        (
            "<score-instrument id='a'/><score-instrument id='b'/>" + TENTH.format("b"),
            "",
            "{a}{b}{c}",
            [0, 1, 0],
        ),
        # Of all instruments, named or not.
        ("<score-instrument id='a'/>" + TENTH.format("a"), "", "{a}{b}{c}", [1, 1, 1]),
        (TENTH.format("a"), "", "{a}{b}{c}", [1, 1, 1]),
        ("<score-instrument/>" + TENTH.replace(" id='{}'", ""), "", "{a}{b}{c}", [1, 1, 1]),
        (
            "<midi-instrument id='a'><midi-channel>1</midi-channel></midi-instrument>",
            "",
            "{a}{b}{c}",
            [0, 0, 0],
        ),
        ("<midi-instrument id='a'/>", "", "{a}{b}{c}", [0, 0, 0]),
        # A percussion clef: of its staff alone, the first where it says none.
        ("", "<clef><sign> percussion </sign></clef>", "{a}{s1}{s2}", [1, 1, 0]),
        ("", "<clef number='2'><sign>percussion</sign></clef>", "{a}{s1}{s2}", [0, 0, 1]),
        ("", "<clef><sign>percussion</sign></clef><clef><sign>G</sign></clef>", "{a}", [0]),
        ("", "<clef/>", "{a}", [0]),
    ],
)
def test_a_note_is_a_drum_by_its_instrument_or_its_staffs_clef(
    listed: str, attributes: str, bar: str, drums: list[int]
) -> None:
    notes = {
        "a": note("C", 2).replace("</note>", "<instrument id='a'/></note>"),
        "b": note("D", 2).replace("</note>", "<instrument id='b'/></note>"),
        "c": note("E", 2),
        "s1": note("D", 2).replace("</note>", "<staff> 1 </staff></note>"),
        "s2": note("E", 2).replace("</note>", "<staff>2</staff></note>"),
    }
    body = "".join(notes[name] for name in bar[1:-1].split("}{"))
    for identity in ("P1", ""):
        names = f'<score-part id="P0"/><score-part id="{identity}">{listed}</score-part>'
        if not identity:
            names = names.replace(' id=""', "")
        content = part(body, identity=identity, attributes=attributes)
        found = written(content if identity else content.replace(' id=""', ""), listed=names)
        assert found.drums == sum(drums)
        assert [note.start for note in found.notes] == [i for i, d in enumerate(drums) if not d]


@pytest.mark.parametrize("kind", ["<tie type='{}'/>", "<notations><tied type='{}'/></notations>"])
def test_ties_join_notes_of_one_pitch_that_touch(kind: str) -> None:
    start, stop, on = (kind.format(name) for name in ("start", "stop", "continue"))
    both = kind.format("stop") + kind.format("start")
    if "notations" in kind:
        both = both.replace("</notations><notations>", "")
    for bars, notes in (
        ([note("C", 8, start), note("C", 8, stop), note("C", 8)], [(0, 8, 60), (8, 12, 60)]),
        ([note("C", 8, start), note("C", 8, both), note("C", 8, stop)], [(0, 12, 60)]),
        ([note("C", 8, start), note("C", 8, on), note("C", 8, stop)], [(0, 12, 60)]),
        # One that stops ends the tie, of two bars on as well.
        (
            [note("C", 8, start), note("C", 8, stop), note("C", 8, stop)],
            [(0, 8, 60), (8, 12, 60)],
        ),
        ([note("C", 4, start) + note("D", 4), note("C", 8, stop)],
         [(0, 2, 60), (2, 4, 62), (4, 8, 60)]),
        ([note("C", 8, start), note("D", 8, stop)], [(0, 4, 60), (4, 8, 62)]),
        ([note("C", 8), note("C", 8, stop)], [(0, 4, 60), (4, 8, 60)]),
        ([note("C", 8, start), note("C", 8)], [(0, 4, 60), (4, 8, 60)]),
    ):  # fmt: skip
        assert sounding(part(*bars)) == notes, bars


@pytest.mark.parametrize(
    ("inner", "tempo"),
    [
        ("<beat-unit>quarter</beat-unit><per-minute>60</per-minute>", 60),
        ("<beat-unit> eighth </beat-unit><per-minute> 60.5 </per-minute>", 30.25),
        ("<beat-unit>half</beat-unit><per-minute>1</per-minute>", 2),
        ("<beat-unit>half</beat-unit><beat-unit-dot/><per-minute>c. 50</per-minute>", 150),
        (
            "<beat-unit>quarter</beat-unit><beat-unit-dot/><beat-unit-dot/>"
            "<per-minute>(Ca. 80)</per-minute>",
            140,
        ),
        ("<beat-unit>quarter</beat-unit><per-minute>~≈60</per-minute><beat-unit-dot/>", 60),
        ("<beat-unit>quarter</beat-unit><per-minute>60-72</per-minute>", 60),
        ("<beat-unit>quarter</beat-unit><per-minute>fast</per-minute>", None),
        ("<beat-unit>quarter</beat-unit><per-minute>0</per-minute>", None),
        ("<beat-unit>quarter</beat-unit><per-minute>-9</per-minute>", None),
        ("<beat-unit>minim</beat-unit><per-minute>60</per-minute>", None),
        ("<beat-unit>quarter</beat-unit><beat-unit>half</beat-unit>", None),
        ("<per-minute>60</per-minute>", None),
    ],
)
def test_a_metronome_mark_counts_its_unit(inner: str, tempo: float | None) -> None:
    marks: object = written(part(note("C", 2) + metronome(inner) + note("D", 2))).tempos
    assert marks == ([] if tempo is None else [(1, tempo)])


SIXTY = "<metronome><beat-unit>quarter</beat-unit><per-minute>60</per-minute></metronome>"


@pytest.mark.parametrize(
    ("mark", "tempos"),
    [
        ('<sound tempo="90"/>', [(1, 90)]),
        ('<sound tempo="0"/><sound tempo="-4"/>', []),
        ('<sound tempo="0.5"/>', [(1, 0.5)]),
        ('<sound tempo="90"><offset> 3 </offset></sound>', [(2.5, 90)]),
        ('<sound tempo="90"><offset>-9</offset></sound>', [(0, 90)]),
        (direction("", '<offset> 1 </offset><sound tempo="90"/>'), [(1.5, 90)]),
        (
            direction("", '<offset>1</offset><sound tempo="90"><offset>4</offset></sound>'),
            [(3, 90)],
        ),
        # A sound that says a tempo stands for the mark above it.
        (direction(SIXTY, '<sound tempo="90"/>'), [(1, 90)]),
        (direction(SIXTY, '<sound dynamics="90"/>'), [(1, 60)]),
        (direction(SIXTY, "<offset>-1</offset>"), [(0.5, 60)]),
        (direction(SIXTY + SIXTY.replace("60", "70")), [(1, 60), (1, 70)]),
    ],
)
def test_a_tempo_mark_holds_from_its_place(mark: str, tempos: object) -> None:
    assert written(part(note("C", 2) + mark + note("D", 2))).tempos == tempos


def barline(inner: str) -> str:
    return f"<barline>{inner}</barline>"


def plain_bar(start: int, **marks: object) -> Bar:
    return Bar(Fraction(start), Fraction(start + 1), signature=(4, 4), **marks)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("inner", "marks"),
    [
        ("", {}),
        (barline('<repeat direction="forward"/>'), {"forward": True}),
        (barline('<repeat direction="backward"/>'), {"times": 2}),
        (barline('<repeat direction="backward" times="3"/>'), {"times": 3}),
        (barline('<repeat direction="backward" times="1"/>'), {"times": 2}),
        (barline('<repeat direction="backward" times="x"/>'), {"times": 2}),
        (barline('<ending type="stop"/>'), {}),
        ('<sound dacapo="yes"/>', {"jump": "dacapo"}),
        ('<sound dalsegno="s"/>', {"jump": "dalsegno"}),
        ('<sound segno="s"/>', {"segno": True}),
        ('<sound coda="c"/>', {"coda": True}),
        ('<sound tocoda="c"/>', {"to_coda": True}),
        ('<sound fine="yes"/>', {"fine": True}),
        ('<sound dacapo="no" dalsegno="no" segno="no" coda="no" tocoda="no" fine="no"/>', {}),
        (direction("<segno/>"), {"segno": True}),
        (direction("<coda/>"), {"coda": True}),
        (direction("<coda/>", '<sound tempo="60"/>'), {"coda": True}),
        # The sign above a jump to the coda is not where the coda begins.
        (direction("<coda/>", '<sound tocoda="c"/>'), {"to_coda": True}),
        (direction("<coda/>", '<sound coda="c"/>'), {"coda": True}),
        (direction("<segno/>", '<sound dalsegno="s"/>'), {"segno": True, "jump": "dalsegno"}),
        (direction("<segno/>", '<sound segno="no"/>'), {}),
        (direction("<words>Fine</words>"), {}),
    ],
)
def test_what_a_bar_says_about_repeats_is_in_it_alone(inner: str, marks: dict[str, object]) -> None:
    silent = part(note("C", 2), note("D", 2), note("E", 2), identity="P2")
    for bar in (note("D", 2) + inner, inner + note("D", 2)):
        loud = part(note("C", 2), bar, note("E", 2))
        for parts in ((loud,), (loud, silent), (silent, loud)):
            assert written(*parts).bars == [plain_bar(0), plain_bar(1, **marks), plain_bar(2)]


def test_an_ending_lasts_until_it_stops() -> None:
    bars = [
        note("C", 2),
        barline('<ending type="start" number="1, 2"/>') + note("D", 2),
        note("E", 2) + barline('<ending type="stop" number="1,2"/>'),
        barline('<ending type="start" number=""/>') + note("F", 2),
        barline('<ending type="start" number="3 x"/>') + note("G", 2)
        + barline('<ending type="discontinue"/>'),
        note("A", 2) + barline('<ending type="start"/>'),
        note("B", 2) + barline('<ending type="stop"/>'),
        note("C", 2),
    ]  # fmt: skip
    assert [bar.endings for bar in written(part(*bars)).bars] == [
        (), (1, 2), (1, 2), (1,), (3,), (1,), (1,), ()
    ]  # fmt: skip


def test_parts_of_different_lengths_and_bars_by_time_are_the_same_score() -> None:
    drums = "<midi-instrument><midi-channel>10</midi-channel></midi-instrument>"
    names = f'<score-part id="a">{drums}</score-part><score-part>{drums}</score-part>'
    first, second = note("C", 2) + note("D", 2), note("E", 2)
    head = "<attributes><divisions>2</divisions></attributes>"
    partwise = (
        f"<score-partwise><!-- a --><part-list>{names}</part-list>"
        f"<part id='a'><measure>{head}{first}</measure></part>"
        f"<part id='b'><measure>{head}{second}</measure><measure>{second}</measure></part>"
        f"<part><measure>{head}{first}</measure></part></score-partwise>"
    )
    timewise = (
        f"<x:score-timewise xmlns:x='urn:x'><!-- a --><part-list>{names}</part-list>"
        f"<measure><part id='a'>{head}{first}</part><part id='b'>{head}{second}</part>"
        f"<part>{head}{first}</part></measure><measure><part id='b'>{second}</part></measure>"
        "</x:score-timewise>"
    )
    for content in (partwise, timewise):
        found = parse_musicxml(content.encode(), "a")
        assert fields(found.notes, "start", "end", "pitch") == [(0, 1, 64), (2, 3, 64)]
        assert fields(found.bars, "start", "end") == [(0, 2), (2, 3)]
        assert found.drums == 4


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<work><work-title>One</work-title></work><movement-title>Two</movement-title>", "One"),
        ("<work><work-title>A.XML</work-title></work><movement-title>Two</movement-title>", "Two"),
        ("<work><work-title>a.musicxml</work-title></work>", ""),
        ("<work><work-title> </work-title></work><movement-title/>", ""),
        ("<movement-title>a \t b</movement-title>", "a b"),
        ("", ""),
    ],
)
def test_a_title_is_what_people_call_the_piece(head: str, title: str) -> None:
    assert written(part(note("C", 8)), head=head).title == title


CONTAINER = "META-INF__container_xml"


@pytest.mark.parametrize(
    ("container", "score"),
    [
        ("<rootfile full-path='b.xml'/><rootfile full-path='a.xml'/>", b"<b/>"),
        ("<rootfile full-path='b.xml' media-type='application/vnd.recordare.musicxml+xml'/>",
         b"<b/>"),
        ("<rootfile full-path='b.xml' media-type='application/pdf'/>", b"<a/>"),
        ("<rootfile full-path='c.pdf' media-type='application/pdf'/><rootfile full-path='b.xml'/>",
         b"<b/>"),
        ("<rootfile/>", b"<a/>"),
        ("<other full-path='b.xml'/>", b"<a/>"),
        ("<rootfile full-path='b.xml'/>" + " " * (1 << 20), b"<a/>"),
    ],
)  # fmt: skip
def test_the_first_score_that_a_container_names_is_taken(container: str, score: bytes) -> None:
    for tag in ("container", "container xmlns='urn:x'"):
        content = f"<{tag}>{container}</container>".encode()
        packed = zipped(a_xml=b"<a/>", b_xml=b"<b/>", **{CONTAINER: content})
        assert unpack_mxl(packed, "a.mxl", 4) == score


def test_without_a_container_the_first_score_outside_meta_inf_is_taken() -> None:
    packed = zipped(**{"META-INF__a_xml": b"x", "a.txt": b"y", "b.musicxml": b"z", "c_xml": b"w"})
    assert unpack_mxl(packed, "a.mxl", 1) == b"z"


def broken(packed: bytes, old: bytes, new: bytes) -> bytes:
    assert old in packed
    return packed.replace(old, new)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            zipped(a_xml=b"x", **{CONTAINER: b"<c><rootfile full-path='b.xml'/></c>"}),
            "a.mxl holds no score: its container names 'b.xml'",
        ),
        (zipped(a_txt=b"x"), "a.mxl holds no score: its container names ''"),
        (
            zipped(a_xml=b" " * ((3 << 20) + 1)),
            "a.mxl holds 3 MB of text: expected at most 3 MB",
        ),
        (zipped(a_xml=b"x" * 99)[:-9],
         "a.mxl is no compressed MusicXML, or damaged: expected a zip archive"),
        (broken(zipped(a_xml=b"x"), b"PK\1\2\x14\x03\x14\0\0", b"PK\1\2\x14\x03\x14\0\1"),
         "a.mxl cannot be unpacked: File 'a.xml' is encrypted, password required for extraction"),
    ],
)  # fmt: skip
def test_an_archive_without_a_score_is_refused_with_what_it_holds(
    content: bytes, said: str
) -> None:
    with pytest.raises(MusicFileError) as refused:
        unpack_mxl(content, "a.mxl", 3 << 20)
    assert str(refused.value) == said


def test_a_score_as_large_as_allowed_is_unpacked_and_damaged_data_are_told() -> None:
    packed = zipped(a_xml=b"x" * 2000)
    assert unpack_mxl(packed, "a.mxl", 2000) == b"x" * 2000
    with pytest.raises(MusicFileError, match=r"^a.mxl holds 0 MB of text"):
        unpack_mxl(packed, "a.mxl", 1999)
    at = packed.index(b"a.xml") + 5
    damaged = packed[:at] + b"\xff" * 4 + packed[at + 4 :]
    with pytest.raises(MusicFileError, match=r"^a.mxl is damaged: "):
        unpack_mxl(damaged, "a.mxl", 2000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html/>", "it holds <html>, expected MusicXML (<score-partwise>)"),
        (score(part(note("H", 8))), 'measure 1 of P1: a note has the step "H", expected A to G'),
        (
            score(part(note("C", 8)).replace("<step>C</step>", "")),
            'measure 1 of P1: a note has the step "", expected A to G',
        ),
        (
            score(part(note("C", 8)).replace("<divisions>2", "<divisions> 0 ")),
            "measure 1 of P1: <divisions> is 0, expected a number above 0",
        ),
        (
            score(part(note("C", 8)).replace("<divisions>2", "<divisions>-1")),
            "measure 1 of P1: <divisions> is -1, expected a number above 0",
        ),
        (
            score(part(note("C", 8)).replace("<octave>4</octave>", "")),
            "measure 1 of P1: invalid literal for int() with base 10: ''",
        ),
        (
            score(part(note("C", 8)).replace("<duration>8", "<duration>1/0")),
            "measure 1 of P1: Fraction(1, 0)",
        ),
        (
            score(part(note("C", 8), note("H", 8)).replace("<measure>", "<measure number='7a'>")),
            'measure 7a of P1: a note has the step "H", expected A to G',
        ),
    ],
)
def test_a_fault_is_told_in_the_files_own_words(content: bytes, said: str) -> None:
    with pytest.raises(MusicFileError) as refused:
        parse_musicxml(content, "a.xml")
    assert str(refused.value) == f"a.xml cannot be read: {said}"


def test_a_score_without_parts_has_no_bars() -> None:
    empty = parse_musicxml(b"<score-partwise><part-list/></score-partwise>", "a")
    assert (empty.notes, empty.bars, empty.tempos, empty.drums, empty.title) == ([], [], [], 0, "")


def meter(*parts: str) -> str:
    return as_text(place(parse_musicxml(score(*parts), "a.musicxml"), "a.musicxml").meter)


def signature(*pairs: tuple[str, str]) -> str:
    inner = "".join(f"<beats>{b}</beats><beat-type>{t}</beat-type>" for b, t in pairs)
    return f"<attributes><time>{inner}</time></attributes>"


def test_time_signatures_are_read_with_a_pickup_and_changes() -> None:
    bars = note("C", 2), note("C", 8), signature(("6", "8")) + note("C", 6), note("C", 6)
    assert meter(part(*bars)) == "-72:4/4 120:6/8"
    assert meter(part(note("C", 8), signature(("2+3", "8")) + note("C", 5), note("C", 5))) == (
        "0:4/4 96:5/8"
    )
    odd = signature(("2", "4"), ("3", "8")) + note("C", 7)
    assert meter(part(note("C", 8), odd, note("C", 7))) == "0:4/4 96:7/8"
    assert meter(part(note("C", 8), signature(("x", "4")) + note("C", 8))) == "0:4/4"
    whole = signature(("2", "1")) + note("C", 16)
    assert meter(part(note("C", 8), whole, note("C", 16))) == "0:4/4 96:2/1"


def test_measures_of_another_length_keep_the_bar_lines_behind_them() -> None:
    # An ending of three quarters, and the pickup of what is repeated behind it: one bar.
    bars = [note("C", 2), note("C", 8), note("C", 6), note("C", 2), note("C", 8)]
    assert meter(part(*bars)) == "-72:4/4"
    assert meter(part(note("C", 8), note("C", 4), note("C", 8), note("C", 8))) == "0:4/4 144:4/4"


def key(inner: str) -> str:
    return f"<key>{inner}</key>"


@pytest.mark.parametrize(
    ("attributes", "stated"),
    [
        (key("<fifths>-3</fifths><mode>minor</mode>"), StatedKey(0, "minor")),
        (key("<fifths> 1 </fifths>"), StatedKey(7)),
        (key("<fifths>3</fifths><mode>major</mode>") + transpose("-2"), StatedKey(7, "major")),
        (key("<fifths>0</fifths><mode>dorian</mode>"), StatedKey(2, "minor")),
        (key("<key-step>F</key-step><key-alter>1</key-alter>"), None),
        ("", None),
    ],
)
def test_the_first_parts_first_key_is_stated_as_it_sounds(
    attributes: str, stated: StatedKey | None
) -> None:
    later = f"<attributes>{key('<fifths>5</fifths>')}</attributes>"
    content = score(part(note("C", 8), later + note("D", 8), attributes=attributes))
    read = place(parse_musicxml(content, "a.musicxml"), "a.musicxml", repeats=True)
    assert read.stated_key == stated


def chord(step: str, kind: str, more: str = "") -> str:
    return f"<harmony><root><root-step>{step}</root-step></root><kind>{kind}</kind>{more}</harmony>"


def test_chord_symbols_hold_from_their_place_on_as_they_sound() -> None:
    first = chord("C", "major") + note("C", 4) + chord("G", "dominant") + note("D", 4)
    late = chord("A", "minor", "<offset>4</offset>") + note("E", 8)
    clarinet = "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
    content = score(part(first, late, attributes=clarinet))
    found = place(parse_musicxml(content, "a.musicxml"), "a.musicxml").chords
    assert found == (
        StatedChord(0, 10, (0, 4, 7), 10),
        StatedChord(48, 5, (0, 4, 7, 10), 5),
        StatedChord(144, 7, (0, 3, 7), 7),
    )


def test_repeats_play_the_chords_of_their_bars_again() -> None:
    back = '<barline location="right"><repeat direction="backward"/></barline>'
    bars = [chord("C", "major") + note("C", 8), chord("F", "major") + note("F", 8) + back]
    content = score(part(*bars, note("C", 8)))
    played = place(parse_musicxml(content, "a.musicxml"), "a.musicxml", repeats=True).chords
    # Behind the repeat no symbol stands: F is held.
    assert [(c.step // 96, c.root) for c in played] == [(0, 0), (1, 5), (2, 0), (3, 5)]
