"""MusicXML by its own durations: cues, drums, short bars, transposition, tempo, containers."""

import io
import zipfile

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.musicxml import parse_musicxml, unpack_mxl
from mood2music.music.written import place
from tests.music.rows import rows

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
        (score(part(note("H", 8))), 'a note has the step "H"'),
        (score(part(note("C", 8)).replace("<divisions>2", "<divisions>0")), "<divisions> is 0"),
        (score(part(note("C", 8)).replace("<duration>8", "<duration>x")), "a.xml cannot be read"),
    ],
)
def test_what_is_no_musicxml_is_refused_in_one_line(content: bytes, said: str) -> None:
    with pytest.raises(MusicFileError, match=said) as refused:
        parse_musicxml(content, "a.xml")
    assert "\n" not in str(refused.value)
