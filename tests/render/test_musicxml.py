import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mood2music.errors import MusicFileError
from mood2music.music.formats.musicxml import parse_musicxml
from mood2music.music.formats.musicxml_chords import of_harmony
from mood2music.music.key import Key
from mood2music.music.meter import TimeSignature, as_text, from_text
from mood2music.music.notes import Notes, make_notes
from mood2music.music.stated_chords import StatedChord, of_symbol
from mood2music.music.written import place
from mood2music.render.engraving import Heading, engrave
from mood2music.render.musicxml import notate
from mood2music.render.outlines import outlined
from mood2music.render.rhythm import as_notated

C = Key(0, "major")


def write_musicxml(notes: Notes, key: Key, path: Path, title: str = "") -> None:
    path.write_bytes(notate(notes, key, title))


ALTERATIONS = {"sharp": 1, "flat": -1, "natural": 0, "double-sharp": 2, "flat-flat": -2}


def dense_piano(chords: int, seed: int = 0) -> Notes:
    """Make a two-handed piece of `chords` onsets: splinters, triplets, held basses, chromatic."""
    rng = np.random.default_rng(seed)
    steps = rng.choice([6, 8, 12, 18, 24, 11], chords, p=[0.3, 0.15, 0.25, 0.1, 0.15, 0.05])
    onset = np.concatenate([[0], np.cumsum(steps)[:-1]])
    rows = []
    for start, step in zip(onset.tolist(), steps.tolist(), strict=True):
        for pitch in rng.choice(np.arange(58, 84), rng.integers(1, 4), replace=False):
            rows.append((start, int(step * rng.choice([1, 1, 2])), int(pitch)))
        if rng.random() < 0.5:
            rows.append((start, int(rng.choice([24, 48, 30])), int(rng.integers(36, 58))))
    start, length, pitch = zip(*rows, strict=True)
    return make_notes(start, length, pitch, [80] * len(rows), tempo=96.0, title="dense")


def written_notes(path: Path) -> list[tuple[int, int, int]]:
    """Read a score with music21 and join its ties: (onset, duration, pitch) in ticks, sorted."""
    from music21 import converter

    score: Any = converter.parse(path, forceSource=True)
    open_ties: dict[tuple[int, int], tuple[int, int, int]] = {}
    done: list[tuple[int, int, int]] = []
    for element in score.flatten().notes:
        for note in element.notes if element.isChord else [element]:
            start = round(float(element.offset) * 24)
            end = start + round(float(element.quarterLength) * 24)
            tie = note.tie.type if note.tie else None
            if tie in ("stop", "continue"):
                start = open_ties.pop((note.pitch.midi, start))[0]
            if tie in ("start", "continue"):
                open_ties[note.pitch.midi, end] = (start, end, note.pitch.midi)
            else:
                done.append((start, end - start, note.pitch.midi))
    assert not open_ties
    return sorted(done, key=lambda row: (row[0], row[2]))


def as_rows(notes: Notes) -> list[tuple[int, int, int]]:
    return list(
        zip(notes.onset.tolist(), notes.duration.tolist(), notes.pitch.tolist(), strict=True)
    )


def shown_accidentals(path: Path) -> list[str]:
    return [str(e.text) for e in ET.parse(path).getroot().iter("accidental")]


def test_music21_reads_back_every_pitch_at_its_onset(tmp_path: Path) -> None:
    notes = dense_piano(120)
    write_musicxml(notes, C, tmp_path / "piece.musicxml")
    read_back = written_notes(tmp_path / "piece.musicxml")
    assert [row[::2] for row in read_back] == [row[::2] for row in as_rows(as_notated(notes)[0])]


def test_rhythm_on_the_grid_of_readers_is_kept_exactly(tmp_path: Path) -> None:
    notes = make_notes(
        [0, 8, 16, 24, 30, 90, 0], [8, 8, 8, 6, 18, 12, 96], [72, 74, 76, 77, 79, 80, 48], [80] * 7
    )
    write_musicxml(notes, C, tmp_path / "piece.musicxml")
    assert written_notes(tmp_path / "piece.musicxml") == as_rows(notes)


def test_the_lowest_and_highest_pitch_are_kept(tmp_path: Path) -> None:
    notes = make_notes([0, 24, 48], [24] * 3, [0, 12, 127], [80] * 3)
    write_musicxml(notes, C, tmp_path / "piece.musicxml")
    assert written_notes(tmp_path / "piece.musicxml") == as_rows(notes)


def test_435_events_are_written_within_ten_seconds(tmp_path: Path) -> None:
    import music21  # noqa: F401  # its import is paid for by the run that uses it

    notes = dense_piano(300)
    cuts = np.unique(np.concatenate([notes.onset, notes.onset + notes.duration]))
    assert len(cuts) - 1 >= 435
    begin = time.process_time()
    write_musicxml(notes, C, tmp_path / "piece.musicxml")
    assert time.process_time() - begin < 10


@pytest.mark.parametrize("key", [C, Key(9, "minor"), Key(8, "major"), Key(6, "major")])
def test_a_reader_of_the_signs_alone_plays_the_right_notes(tmp_path: Path, key: Key) -> None:
    path = tmp_path / "piece.musicxml"
    write_musicxml(dense_piano(80, seed=1), key, path)
    part = ET.parse(path).getroot().find("part")
    assert part is not None
    fifths = int(part.findtext(".//fifths") or 0)
    signature = dict.fromkeys("FCGDAEB"[: max(fifths, 0)], 1)
    signature |= dict.fromkeys("BEADGCF"[: max(-fifths, 0)], -1)
    checked = 0
    for measure in part.findall("measure"):
        believed: dict[tuple[str, str, str], int] = {}
        for staff, step, octave, alteration, sign, tied in notes_in_time(measure):
            place = staff, step, octave
            if sign is not None:
                believed[place] = ALTERATIONS[sign]
            elif tied:
                continue
            assert believed.get(place, signature.get(step, 0)) == alteration
            checked += 1
    assert checked > 150


def notes_in_time(
    measure: ET.Element,
) -> list[tuple[str, str, str, int, str | None, bool]]:
    rows, now, start = [], 0, 0
    for element in measure:
        length = int(element.findtext("duration") or 0)
        if element.tag == "note":
            if element.find("chord") is None:
                start, now = now, now + length
            if element.find("pitch") is not None:
                text = element.findtext
                note = (
                    text("staff") or "1",
                    text("pitch/step") or "",
                    text("pitch/octave") or "",
                    int(text("pitch/alter") or 0),
                    text("accidental"),
                    any(tie.get("type") == "stop" for tie in element.findall("tie")),
                )
                rows.append((start, note))
        elif element.tag in ("backup", "forward"):
            now += length if element.tag == "forward" else -length
    return [note for _, note in sorted(rows, key=lambda row: row[0])]


def test_a_diatonic_piece_shows_no_accidental(tmp_path: Path) -> None:
    scale = [62, 64, 66, 67, 69, 71, 73, 74]
    notes = make_notes(np.arange(8) * 12, [12] * 8, scale, [80] * 8)
    write_musicxml(notes, Key(2, "major"), tmp_path / "piece.musicxml")
    assert shown_accidentals(tmp_path / "piece.musicxml") == []


def test_a_natural_stands_only_where_the_key_has_a_sharp(tmp_path: Path) -> None:
    notes = make_notes([0, 24, 48], [24] * 3, [65, 67, 69], [80] * 3)
    write_musicxml(notes, Key(2, "major"), tmp_path / "in_d.musicxml")
    write_musicxml(notes, C, tmp_path / "in_c.musicxml")
    assert shown_accidentals(tmp_path / "in_d.musicxml") == ["natural"]
    assert shown_accidentals(tmp_path / "in_c.musicxml") == []


@pytest.mark.parametrize(
    ("beats", "unit", "dots", "number"),
    [(4, 4, 0, "90"), (3, 4, 0, "90"), (6, 8, 1, "60"), (3, 8, 1, "60"), (9, 16, 1, "120")],
)
def test_the_tempo_is_of_the_beat_that_is_counted(
    tmp_path: Path, beats: int, unit: int, dots: int, number: str
) -> None:
    notes = make_notes([0], [96], [60], [80], tempo=90.1, meter=(TimeSignature(0, beats, unit),))
    write_musicxml(notes, Key(0, "major"), tmp_path / "piece.musicxml")
    root = ET.parse(tmp_path / "piece.musicxml").getroot()
    (mark,) = root.iter("metronome")
    assert mark.findtext("per-minute") == number
    assert len(mark.findall("beat-unit-dot")) == dots
    (above,) = (e for e in root.iter("direction") if mark in e.iter())
    assert above.get("placement") == "above"
    (sound,) = (e for e in root.iter("sound") if "tempo" in e.attrib)
    assert float(sound.attrib["tempo"]) == pytest.approx(90, abs=0.5)
    assert len(sound.attrib["tempo"]) <= len("120.25")


@pytest.mark.parametrize(
    ("meter", "tempo", "unit", "number"),
    [
        ((4, 4), 300, "half", "150"),
        ((2, 2), 300, "half", "150"),
        ((4, 4), 208, "quarter", "208"),
        ((3, 4), 300, "quarter", "300"),
        ((2, 4), 300, "quarter", "300"),
    ],
)
def test_a_fast_tempo_is_of_half_notes_where_a_bar_has_two(
    meter: tuple[int, int], tempo: float, unit: str, number: str
) -> None:
    notes = make_notes([0], [96], [60], [80], tempo=tempo, meter=(TimeSignature(0, *meter),))
    content = notate(notes, C)
    root = ET.fromstring(content)
    (mark,) = root.iter("metronome")
    assert (mark.findtext("beat-unit"), mark.findtext("per-minute")) == (unit, number)
    # What is played is as fast, and the page shows the same.
    (sound,) = (e for e in root.iter("sound") if "tempo" in e.attrib)
    assert float(sound.attrib["tempo"]) == tempo
    (page,) = engrave(content, Heading("Fast"))
    (drawn,) = (g for g in ET.fromstring(page).iter() if g.get("class") == "tempo")
    assert outlined(number, 360)[0] in "".join(p.get("d") or "" for p in drawn.iter())


def test_head_and_staves_of_the_score(tmp_path: Path) -> None:
    notes = make_notes([0, 0], [96, 96], [48, 72], [80, 80], tempo=92.4)
    write_musicxml(notes, Key(3, "major"), tmp_path / "piece.musicxml", title="Spring & rain")
    root = ET.parse(tmp_path / "piece.musicxml").getroot()
    assert "Spring & rain" in [e.text for e in root.iter("movement-title")]
    assert [e.text for e in root.iter("creator")] == ["mood2music"]
    assert [e.text for e in root.iter("staves")] == ["2"]
    assert [e.text for e in root.iter("fifths")] == ["-3"]
    assert [(e.findtext("beats"), e.findtext("beat-type")) for e in root.iter("time")] == [
        ("4", "4")
    ]
    assert [e.text for e in root.iter("per-minute")] == ["92"]
    assert {e.get("number"): e.findtext("sign") for e in root.iter("clef")} == {"1": "G", "2": "F"}


def test_a_staff_far_outside_changes_its_clef_and_keeps_its_pitches(tmp_path: Path) -> None:
    pitches = [72, 76] + [96, 100] * 4 + [72, 67]
    notes = make_notes(np.arange(12) * 48, [48] * 12, pitches, [80] * 12)
    write_musicxml(notes, C, tmp_path / "piece.musicxml")
    assert written_notes(tmp_path / "piece.musicxml") == as_rows(notes)
    root = ET.parse(tmp_path / "piece.musicxml").getroot()
    upper = [e for e in root.iter("clef") if e.get("number", "1") == "1"]
    assert [e.findtext("clef-octave-change") for e in upper] == [None, "1", None]


def test_each_beat_of_triplets_is_one_bracket(tmp_path: Path) -> None:
    notes = make_notes([0, 16, 24, 32, 40], [16, 8, 8, 8, 8], [72, 74, 76, 77, 79], [80] * 5)
    write_musicxml(notes, C, tmp_path / "piece.musicxml")
    root = ET.parse(tmp_path / "piece.musicxml").getroot()
    assert [e.get("type") for e in root.iter("tuplet")] == ["start", "stop"] * 2


def test_brackets_of_two_voices_of_a_staff_stand_apart() -> None:
    # A half note is held under triplets, then triplets move under a half note.
    onset, length = [0, 0, 8, 16, 24, 24, 32, 40], [24, 8, 8, 8, 24, 8, 8, 8]
    pitch = [72, 84, 86, 88, 84, 72, 74, 76]
    root = ET.fromstring(notate(make_notes(onset, length, pitch, [80] * 8), C))
    placed = [
        (note.findtext("voice"), tuplet.get("placement"))
        for note in root.iter("note")
        for tuplet in note.iter("tuplet")
        if tuplet.get("type") == "start"
    ]
    by_voice = {voice: {where for v, where in placed if v == voice} for voice, _ in placed}
    assert sorted(by_voice.values(), key=str) == [{"above"}, {"below"}]


def test_nothing_to_notate_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(MusicFileError, match="at least one note"):
        write_musicxml(make_notes([], [], [], []), C, tmp_path / "piece.musicxml")
    assert list(tmp_path.iterdir()) == []


def measures(notes: Notes) -> list[tuple[str, str, int]]:
    """Number, time signature where one stands, and ticks, of each bar of the upper staff."""
    part = ET.fromstring(notate(notes, C)).find("part")
    assert part is not None
    found = []
    divisions = int(part.findtext(".//divisions") or 1)
    for measure in part.findall("measure"):
        length = now = 0
        for element in measure:
            duration = int(element.findtext("duration") or 0)
            if element.tag == "backup":
                now -= duration
            elif element.find("chord") is None:
                now += duration
            length = max(length, now)
        time = "/".join(e.text or "" for e in measure.iterfind(".//time/*"))
        found.append((measure.get("number") or "", time, 24 * length // divisions))
    return found


def quarters(count: int, meter: str, first: int = 0) -> Notes:
    onset = first + 12 * np.arange(count)
    return make_notes(
        onset, [12] * count, 60 + np.arange(count) % 12, [80] * count, meter=from_text(meter)
    )


def test_bars_are_those_of_the_meter_with_changes_and_a_pickup() -> None:
    assert measures(quarters(16, "")) == [("1", "4/4", 96), ("2", "", 96)]
    assert measures(quarters(12, "0:6/8")) == [("1", "6/8", 72), ("2", "", 72)]
    assert measures(quarters(13, "-60:6/8")) == [("0", "6/8", 12), ("1", "", 72), ("2", "", 72)]
    assert measures(quarters(15, "0:9/8 108:3/4")) == [("1", "9/8", 108), ("2", "3/4", 72)]
    # A bar that is cut short, and a bar of silence.
    assert measures(quarters(10, "0:3/4 48:3/4")) == [("1", "3/4", 48), ("2", "", 72)]
    notes = make_notes([0, 216], [24, 108], [72, 74], [80] * 2, meter=from_text("0:9/8"))
    assert measures(notes) == [("1", "9/8", 108), ("2", "", 108), ("3", "", 108)]


def test_half_a_bar_of_silence_at_the_beginning_is_a_pickup() -> None:
    assert measures(quarters(7, "0:3/4", 60)) == [("0", "3/4", 24), ("1", "", 72)]
    assert measures(quarters(5, "0:3/4", 12)) == [("1", "3/4", 72)]


def test_a_reader_finds_the_same_bars_and_notes() -> None:
    for text in ("0:6/8", "-60:6/8", "-24:3/4 120:2/4", "0:12/8", "0:5/8", "0:3/8"):
        notes = quarters(30, text)
        back = place(parse_musicxml(notate(notes, C), "a.musicxml"), "a.musicxml")
        assert as_text(back.meter) == text
        assert as_rows(back) == as_rows(notes)


def parts_of(musicxml: bytes) -> tuple[ET.Element, int]:
    """The root, and how many staves its parts have together."""
    root = ET.fromstring(musicxml)
    staves = [int(part.findtext(".//staves") or 1) for part in root.findall("part")]
    return root, sum(staves)


def test_a_hand_that_is_silent_throughout_has_no_staff() -> None:
    high = make_notes([0, 24], [24, 24], [72, 76], [80] * 2)
    low = make_notes([0, 24], [24, 24], [40, 43], [80] * 2)
    both = make_notes([0, 0], [24, 24], [40, 72], [80] * 2)
    scores = [parts_of(notate(notes, C)) for notes in (high, low, both)]
    assert [count for _, count in scores] == [1, 1, 2]
    assert [len([*root.iter("metronome")]) for root, _ in scores] == [1, 1, 1]


def test_the_piece_ends_in_a_final_bar_line_and_sections_have_their_letters() -> None:
    notes = make_notes(np.arange(12) * 24, [24] * 12, [60, 72] * 6, [80] * 12)
    root, _ = parts_of(notate(notes, C, sections=[("A", 0), ("B", 96), ("A2", 192)]))
    measures = root.findall("part/measure")
    assert measures[-1].findtext("barline/bar-style") == "light-heavy"
    assert [(m.get("number"), m.findtext(".//rehearsal")) for m in measures] == [
        ("1", "A"), ("2", "B"), ("3", "A2"),
    ]  # fmt: skip
    lines = [m.findtext("barline/bar-style") for m in measures]
    assert lines == ["light-light", "light-light", "light-heavy"]
    assert not [*parts_of(notate(notes, C, sections=[("A", 0)]))[0].iter("rehearsal")]


def test_tempi_that_change_stand_above_their_bars() -> None:
    notes = replace(quarters(32, "0:4/4"), tempo=80.0)
    content = notate(notes, C, tempi=[(0, "accel."), (96, 96.4), (288, "rit.")])
    bars = ET.fromstring(content).findall(".//measure")
    said = [[w.text for w in bar.findall("direction//words")] for bar in bars]
    assert said == [["accel."], [], [], ["rit."]]
    marks = [[m.text for m in bar.findall("direction//per-minute")] for bar in bars]
    assert marks == [["80"], ["96"], [], []]
    assert {d.get("placement") for bar in bars for d in bar.findall("direction")} == {"above"}
    back = place(parse_musicxml(content, "a.musicxml"), "a.musicxml")
    assert as_rows(back) == as_rows(notes)


def test_section_letters_stand_above_the_staff() -> None:
    sections = [("A", 0), ("B", 96)]
    root = ET.fromstring(
        notate(make_notes([0, 96], [96, 96], [60, 62], [80, 80]), C, sections=sections)
    )
    marked = [d for d in root.iter("direction") if d.find("direction-type/rehearsal") is not None]
    assert [d.get("placement") for d in marked] == ["above", "above"]


def test_levels_are_written_as_letters() -> None:
    velocity = [50] * 16 + [96] * 16
    notes = make_notes(np.arange(32) * 24, [24] * 32, [60, 72] * 16, velocity)
    root, _ = parts_of(notate(notes, C))
    assert [mark[0].tag for mark in root.iter("dynamics")] == ["p", "f"]


def test_chord_symbols_stand_where_they_are_asked_for_spelt_in_the_key() -> None:
    notes = make_notes([0] * 4 + [96] * 3, [96] * 7, [46, 62, 65, 80, 51, 67, 70], [80] * 7)
    flat = Key(3, "major")
    root, _ = parts_of(notate(notes, flat, chords=True))
    told = [
        (h.findtext("root/root-step"), h.findtext("root/root-alter"), h.findtext("kind"))
        for h in root.iter("harmony")
    ]
    assert told == [("B", "-1", "dominant"), ("E", "-1", "major")]
    assert not [*parts_of(notate(notes, flat))[0].iter("harmony")]


def test_a_stated_chord_has_its_bass() -> None:
    notes = make_notes([0] * 4, [96] * 4, [50, 65, 68, 77], [80] * 4)
    stated = (StatedChord(0, 10, (0, 4, 7), 2), StatedChord(48, 9, (0, 3, 7), 8))
    root, _ = parts_of(notate(replace(notes, chords=stated), Key(10, "major"), chords=True))
    told = [(h.findtext("bass/bass-step"), h.findtext("bass/bass-alter"), h.findtext("kind"))
            for h in root.iter("harmony")]  # fmt: skip
    assert told == [("D", None, "major"), ("G", "1", "minor")]


def test_a_lead_sheet_is_one_staff_of_the_tune_with_its_chords() -> None:
    notes = make_notes([0] * 4 + [48], [96, 96, 96, 48, 48], [48, 52, 55, 72, 74], [80] * 5)
    root, staves = parts_of(notate(notes, C, kind="lead"))
    assert staves == 1
    pitched = [n for n in root.iter("note") if n.find("pitch") is not None]
    assert [n.findtext("pitch/step") for n in pitched] == ["C", "D"]
    assert len([*root.iter("harmony")]) == 1


def test_a_chord_that_changes_over_a_resting_bar_stands_before_its_rest() -> None:
    # The left hand alone in the first bar: G, then C; in the second both play.
    left = [(0, 48, p) for p in (43, 47, 50)] + [(48, 48, p) for p in (48, 52, 55)]
    both = [(96, 96, p) for p in (43, 47, 50, 74)]
    onset, length, pitch = map(list, zip(*left, *both, strict=True))
    notes = make_notes(onset, length, pitch, [80] * len(pitch))
    content = notate(notes, Key(7, "major"), chords=True).decode()
    measure = content.split("<measure")[1].split("<backup>")[0]
    assert measure.count("<rest") == 1
    first, second = measure.split("<rest")[0].split("<harmony>")[1:]
    assert "<offset" not in first
    divisions = int(content.split("<divisions>")[1].split("<")[0])
    assert f'<offset sound="yes">{2 * divisions}</offset>' in second


def test_chords_that_change_over_one_note_or_chord_stand_before_it() -> None:
    left = [(48 * i, 48, p) for i, low in enumerate((43, 48)) for p in (low, low + 4, low + 7)]
    onset, length, pitch = map(list, zip(*left, (0, 96, 74), (0, 96, 79), strict=True))
    notes = make_notes(onset, length, pitch, [80] * len(pitch))
    content = notate(notes, Key(7, "major"), chords=True).decode()
    upper = content.split("<measure")[1].split("<backup>")[0]
    assert upper.count("<harmony>") == 2
    assert "<harmony>" not in upper.split("<note")[1]


@pytest.mark.parametrize(("kind", "program"), [("lead", 0), ("piano", 73)])
def test_chords_that_change_over_one_note_of_a_staff_of_its_own_keep_their_places(
    kind: str, program: int
) -> None:
    left = [(48 * i, 48, p) for i, low in enumerate((43, 48)) for p in (low, low + 4, low + 7)]
    onset, length, pitch = map(list, zip(*left, (0, 96, 79), strict=True))
    notes = make_notes(onset, length, pitch, [80] * len(pitch))
    root, _ = parts_of(notate(notes, Key(7, "major"), chords=True, kind=kind, program=program))
    divisions = int(root.findtext(".//divisions") or 0)
    told = [(h.findtext("root/root-step"), h.findtext("offset")) for h in root.iter("harmony")]
    assert told == [("G", None), ("C", str(2 * divisions))]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("C9", None), ("Cm11", None), ("CMaj13", None), ("C7sus4", "7sus4"), ("C9sus4", "9sus4"),
        ("C7b9", "7b9"), ("C7#9b13", "7#9b13"), ("C13#11", "13#11"), ("C69", "69"), ("Cm69", "m69"),
        ("Cadd9", "add9"), ("Am7b5b9", "m7b5b9"), ("G9/B", None), ("C7add13", "7add13"),
        ("Bdim7", None), ("N.C.", "N.C."),
    ],
)  # fmt: skip
def test_a_stated_chord_is_written_as_it_is_stated(text: str, printed: str | None) -> None:
    stated = of_symbol(text)
    assert stated is not None
    notes = replace(make_notes([0], [96], [72], [80]), chords=(stated,))
    root, _ = parts_of(notate(notes, C, kind="lead"))
    (harmony,) = root.iter("harmony")
    assert of_harmony(harmony) == stated
    kind = harmony.find("kind")
    assert kind is not None
    assert kind.get("text") == printed
    # What the text tells is not printed twice.
    assert {d.get("print-object") for d in harmony.findall("degree")} <= {"no"}
    if text == "N.C.":
        assert harmony.find("root") is None


def voices_of(notes: Notes) -> list[list[tuple[str | None, ...]]]:
    """Of each bar every note and rest: staff, voice, letter, stem, whether it is hidden."""
    root = ET.fromstring(notate(notes, C))
    return [
        [
            (
                note.findtext("staff"),
                note.findtext("voice"),
                note.findtext("pitch/step"),
                note.findtext("stem"),
                note.get("print-object"),
            )
            for note in measure.iter("note")
        ]
        for measure in root.iter("measure")
    ]


def test_voices_are_numbered_from_the_top_of_each_staff_as_programs_number_them() -> None:
    # A held C5 over E4 and F4, below it C3; then two bars with one voice a staff.
    rows = [(0, 96, 72), (0, 48, 64), (48, 48, 65), (0, 96, 48), (96, 96, 76), (96, 96, 43)]
    onset, duration, pitch = zip(*rows, strict=True)
    first, second = voices_of(make_notes(onset, duration, pitch, [80] * len(rows)))
    assert first == [
        ("1", "1", "C", "up", None),
        ("1", "2", "E", "down", None),
        ("1", "2", "F", "down", None),
        ("2", "5", "C", None, None),
    ]
    assert second == [("1", "1", "E", None, None), ("2", "5", "G", None, None)]
    # A voice that begins below the held one is still the lower, though it was laid first.
    rows = [(0, 48, 67), (24, 72, 76), (48, 48, 65)]
    onset, duration, pitch = zip(*rows, strict=True)
    (bar,) = voices_of(make_notes(onset, duration, pitch, [80] * 3))
    assert {(voice, stem) for _, voice, letter, stem, _ in bar if letter} == {
        ("1", "up"),
        ("2", "down"),
    }


def test_a_tune_shows_its_rests_and_the_left_hand_those_in_which_nothing_of_it_sounds() -> None:
    def rests(*rows: tuple[int, int, int]) -> list[str | None]:
        onset, duration, pitch = zip(*rows, strict=True)
        (bar,) = voices_of(make_notes(onset, duration, pitch, [80] * len(rows)))
        return [hidden for _, _, letter, _, hidden in bar if not letter]

    assert rests((0, 96, 65), (0, 24, 76), (24, 24, 74)) == [None]
    assert set(rests((0, 96, 38), (0, 24, 50), (48, 24, 52), (0, 96, 76))) == {"no"}
    assert None in rests((0, 48, 38), (0, 24, 50), (24, 24, 52), (0, 96, 76))


def test_a_soloist_has_the_tune_on_a_staff_above_the_piano() -> None:
    rows = [(0, 96, 48), (0, 96, 55), (0, 120, 57), (24, 24, 59), (48, 48, 60)]
    onset, duration, pitch = (list(column) for column in zip(*rows, strict=True))
    notes = make_notes(onset, duration, pitch, [80] * 5)
    root, staves = parts_of(notate(notes, C, program=73, sections=[("A", 0), ("B", 96)]))
    assert staves == 2
    assert [name.text for name in root.iter("part-name")] == ["Flute", "Piano"]
    flute, piano = root.findall("part")
    played = [
        (note.findtext("pitch/step"), note.findtext("pitch/octave"), note.findtext("duration"))
        for note in flute.iter("note")
        if note.find("pitch") is not None
    ]
    # An octave up, where a flute reaches, and each note to the next one.
    divisions = int(flute.findtext(".//divisions") or 0)
    lengths = [divisions, divisions, 2 * divisions]
    assert played == [
        (step, octave, str(length))
        for step, octave, length in zip("ABC", "445", lengths, strict=True)
    ]
    assert [note.findtext("pitch/step") for note in piano.iter("note")] == ["C", "G"]
    assert flute.find(".//metronome") is not None
    assert piano.find(".//metronome") is None


@pytest.mark.parametrize(
    ("program", "pitch", "clef"),
    [
        (42, 45, "F"),
        (42, 62, "F"),
        (42, 69, "G"),
        (65, 55, "G"),
        (43, 40, "F"),
        (0, 40, "F"),
        (73, 72, "G"),
    ],
)
def test_a_deep_instrument_reads_a_bass_clef_where_its_tune_lies_low(
    program: int, pitch: int, clef: str
) -> None:
    notes = make_notes([0, 24], [24, 24], [pitch, pitch + 2], [80] * 2)
    root, staves = parts_of(notate(notes, C, program=program))
    assert staves == 1
    assert root.findtext(".//clef/sign") == clef
