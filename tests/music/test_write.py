from pathlib import Path

import pytest
from symusic import Score, Tempo

from mood2music.music.formats.midi import parse_midi
from mood2music.music.meter import COMMON, TimeSignature, as_text, from_text
from mood2music.music.notes import make_notes
from mood2music.music.write import (
    Part,
    midi_bytes,
    parts_bytes,
    write_midi,
    written_signatures,
)
from tests.conftest import tune


def test_the_same_notes_give_the_same_bytes() -> None:
    assert midi_bytes(tune(1)) == midi_bytes(tune(1))
    assert midi_bytes(tune(1)) != midi_bytes(tune(2))


def test_a_file_has_the_notes_the_tempo_the_title_and_the_program(tmp_path: Path) -> None:
    notes = tune(1)
    write_midi(notes, tmp_path / "new" / "tune.mid", program=40)
    score = Score(tmp_path / "new" / "tune.mid")
    (track,) = score.tracks
    assert (score.ticks_per_quarter, track.program, track.name) == (notes.grid, 40, "tune 1")
    assert round(score.tempos[0].qpm) == 100
    found = sorted((n.start, n.pitch, n.duration, n.velocity) for n in track.notes)
    wanted = zip(notes.onset, notes.pitch, notes.duration, notes.velocity, strict=True)
    assert found == sorted(tuple(map(int, note)) for note in wanted)
    assert track.controls == []


def test_a_part_says_its_level_place_and_reverberation_and_rings_on() -> None:
    notes = tune(1)
    part = Part("a", 0, notes, level=127, pan=20, reverb=0)
    (track,) = Score.from_midi(parts_bytes([part], tail=3.0)).tracks
    *said, last = sorted(track.controls, key=lambda control: control.time)
    assert [(c.number, c.value, c.time) for c in said] == [(7, 127, 0), (10, 20, 0), (91, 0, 0)]
    assert last.time == notes.end + 3 * 100 / 60 * notes.grid


@pytest.mark.parametrize(
    "text",
    [
        "0:3/4", "0:6/8 144:2/4", "0:4/4 100:4/4", "-48:3/4", "-60:6/8", "-66:4/4",
        "-24:3/8 60:4/4",
    ],
)  # fmt: skip
def test_a_file_says_the_meter_and_its_bars_come_back(text: str) -> None:
    notes = make_notes([0, 400], [24, 24], [60, 62], [80, 80], meter=from_text(text))
    assert as_text(parse_midi(midi_bytes(notes), "a.mid").meter) == text
    assert parse_midi(midi_bytes(notes), "a.mid").onset.tolist() == [0, 400]


@pytest.mark.parametrize(
    ("steps", "beats", "unit"), [(48, 2, 4), (12, 1, 8), (6, 1, 16), (9, 3, 32), (3, 1, 32)]
)
def test_a_pickup_is_counted_in_the_longest_unit_that_it_is_a_number_of(
    steps: int, beats: int, unit: int
) -> None:
    upbeat = (TimeSignature(steps - 96, 4, 4),)
    first, second = written_signatures(upbeat, 24)
    assert (first, second) == (TimeSignature(0, beats, unit), TimeSignature(steps, 4, 4))


def test_music_without_a_meter_is_written_in_four_four() -> None:
    assert written_signatures((), 24) == COMMON
    assert [s[1:] for s in written_signatures(from_text("-91:4/4"), 24)] == [(1, 4), (4, 4)]


def test_a_file_that_swings_says_so_and_is_read_straight() -> None:
    notes = make_notes([0, 12, 24, 36], [12] * 4, [60, 62, 64, 65], [80] * 4)
    content = parts_bytes([Part("tune", 0, notes)], swing=1.5)
    assert [mark.text for mark in Score.from_midi(content).markers] == ["swing 1.5"]
    assert parse_midi(content, "a.mid").onset.tolist() == [0, 12, 24, 36]
    plain = parts_bytes([Part("tune", 0, notes)])
    assert len(Score.from_midi(plain).markers) == 0


def test_a_file_of_several_tempi_says_the_written_one_unless_others_were_set() -> None:
    notes = make_notes([0, 24, 48], [24] * 3, [60, 62, 64], [80] * 3, 96.05)
    content = parts_bytes([Part("tune", 0, notes)], swing=1.5, tempi=[(0, 96.05), (24, 60.0)])
    played = Score.from_midi(content)
    assert [(mark.time, round(mark.qpm, 2)) for mark in played.tempos] == [(0, 96.05), (24, 60.0)]
    assert [mark.text for mark in played.markers] == ["swing 1.5", "tempo 96.05"]
    back = parse_midi(content, "a.mid")
    assert back.tempo == 96.05
    assert back.onset.tolist() == notes.onset.tolist()
    played.tempos = type(played.tempos)([Tempo(0, 140.0)])
    assert parse_midi(played.dumps_midi(), "a.mid").tempo == pytest.approx(140, abs=0.01)
