import time
from pathlib import Path

import numpy as np
import pytest
import symusic
from music21 import converter, corpus

from mood2music.errors import MusicFileError
from mood2music.music import read as reading
from mood2music.music.notes import make_notes
from mood2music.music.read import read, read_bytes, read_corpus, reader
from mood2music.music.stream import from_stream
from mood2music.music.write import write_midi
from tests.conftest import tune
from tests.formats import MEI, SUFFIXES, write_mxl, write_notation

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lolololololololololololol">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    + "]><score-partwise><work><work-title>&a9;</work-title></work></score-partwise>"
)


def test_a_written_file_reads_back_the_same(tmp_path: Path) -> None:
    notes = tune(1)
    write_midi(notes, tmp_path / "a.mid")
    back = read(tmp_path / "a.mid")
    for name in ("onset", "duration", "pitch", "velocity"):
        assert np.array_equal(getattr(notes, name), getattr(back, name))
    assert back.tempo == pytest.approx(100)


def test_the_same_notes_make_the_same_bytes(tmp_path: Path) -> None:
    write_midi(tune(1), tmp_path / "a.mid")
    write_midi(tune(1), tmp_path / "b.mid")
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_symusic_and_music21_read_the_same_notes(tmp_path: Path) -> None:
    write_midi(tune(2), tmp_path / "a.mid")
    ours = read(tmp_path / "a.mid")
    score = converter.parse(tmp_path / "a.mid", quantizePost=False, forceSource=True)
    theirs = from_stream(score)
    for name in ("onset", "duration", "pitch"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name))


def test_a_corpus_piece_has_every_onset_that_its_score_writes() -> None:
    notes = read_corpus("bach/bwv66.6")
    written = {
        (round(float(n.offset) * 24), n.pitch.midi)
        for n in corpus.parse("bach/bwv66.6").flatten().notes
        if n.tie is None or n.tie.type == "start"
    }
    assert set(zip(notes.onset.tolist(), notes.pitch.tolist(), strict=True)) == written
    assert notes.end == 36 * 24


def test_musicxml_reads_too(tmp_path: Path) -> None:
    converter.parse("tinynotation: 4/4 c4 e g2").write("musicxml", tmp_path / "a.musicxml")
    notes = read(tmp_path / "a.musicxml")
    assert notes.pitch.tolist() == [60, 64, 67]
    assert notes.duration.tolist() == [24, 24, 48]


def _midi(path: Path, drums: bool = False, quarters: int = 0, notes: int = 1) -> Path:
    score = symusic.Score(24)
    track = symusic.Track("t", 0, drums)
    for i in range(notes):
        track.notes.append(symusic.Note(i * 24 + quarters * 24, 24, 60, 80))
    score.tracks.append(track)
    path.write_bytes(score.dumps_midi())
    return path


def test_drums_only_is_said(tmp_path: Path) -> None:
    with pytest.raises(MusicFileError, match="drums only"):
        read(_midi(tmp_path / "a.mid", drums=True))


def test_no_notes_is_said(tmp_path: Path) -> None:
    with pytest.raises(MusicFileError, match="no notes"):
        read(_midi(tmp_path / "a.mid", notes=0))


def test_more_than_an_hour_is_said(tmp_path: Path) -> None:
    with pytest.raises(MusicFileError, match="at most an hour"):
        read(_midi(tmp_path / "a.mid", quarters=8000))


def test_missing_empty_foreign_and_truncated_files_are_said(tmp_path: Path) -> None:
    with pytest.raises(MusicFileError, match="no music file at"):
        read(tmp_path / "none.mid")
    (tmp_path / "empty.mid").touch()
    with pytest.raises(MusicFileError, match="empty"):
        read(tmp_path / "empty.mid")
    (tmp_path / "text.mid").write_text("not music")
    with pytest.raises(MusicFileError, match="not a MIDI file inside"):
        read(tmp_path / "text.mid")
    whole = _midi(tmp_path / "a.mid", notes=9).read_bytes()
    (tmp_path / "cut.mid").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MusicFileError, match=r"cut\.mid"):
        read(tmp_path / "cut.mid")
    (tmp_path / "bad.musicxml").write_text("<score-partwise><part>")
    with pytest.raises(MusicFileError, match=r"bad\.musicxml cannot be read"):
        read(tmp_path / "bad.musicxml")
    with pytest.raises(MusicFileError, match="is a folder"):
        read(tmp_path)


def test_what_stands_behind_the_tracks_is_nobodys_concern(tmp_path: Path) -> None:
    path = _midi(tmp_path / "a.mid", notes=3)
    path.write_bytes(path.read_bytes() + b"created by somebody")
    assert len(read(path)) == 3


def test_an_unknown_corpus_piece_is_said() -> None:
    with pytest.raises(MusicFileError, match="bach/nothing"):
        read_corpus("bach/nothing")


def test_notes_of_one_pitch_in_two_tracks_sound_once(tmp_path: Path) -> None:
    score = symusic.Score(24)
    for length in (24, 48):
        track = symusic.Track("t", 0, False)
        track.notes.append(symusic.Note(0, length, 60, 80))
        score.tracks.append(track)
    (tmp_path / "a.mid").write_bytes(score.dumps_midi())
    notes = read(tmp_path / "a.mid")
    assert notes.duration.tolist() == make_notes([0], [48], [60], [80]).duration.tolist()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_kind_of_notation_is_read(tmp_path: Path, suffix: str) -> None:
    notes = read(write_notation(tmp_path, suffix))
    assert len(notes) >= 8
    assert notes.pitch[0] == (67 if suffix in ("krn", "abc") else 60)


def test_a_suffix_in_capitals_is_the_same(tmp_path: Path) -> None:
    path = write_notation(tmp_path, "mxl").rename(tmp_path / "TUNE.MXL")
    assert len(read(path)) == 8


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("words.mxl", "not a zip", "words.mxl is no compressed MusicXML"),
        ("empty.mei", MEI.format(notes=""), "empty.mei holds no pitched notes"),
        ("bomb.musicxml", BOMB, "bomb.musicxml cannot be read"),
        ("bomb.mei", BOMB.replace("score-partwise", "mei"), "bomb.mei cannot be read"),
        ("words.krn", "hello there\n", "words.krn cannot be read"),
        ("silent.abc", "X:1\nT:x\nK:C\n", "silent.abc holds no"),
        ("bytes.musicxml", "\x01\x02\x03", "bytes.musicxml cannot be read"),
    ],
)
def test_what_is_no_music_is_refused_in_one_line(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content)
    started = time.process_time()
    with pytest.raises(MusicFileError, match=said) as refused:
        read(tmp_path / name)
    assert "\n" not in str(refused.value)
    # A bomb that goes off takes hours; a busy machine may take seconds for a first import.
    assert time.process_time() - started < 100


def test_half_an_mxl_is_refused(tmp_path: Path) -> None:
    path = write_notation(tmp_path, "mxl")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(MusicFileError, match="damaged: expected a zip archive"):
        read(path)


def test_a_zip_that_unpacks_to_gigabytes_is_refused_before_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1 << 20)
    path = tmp_path / "large.mxl"
    write_mxl(path, b"<score-partwise>" + b" " * (2 << 20))
    assert path.stat().st_size < 10_000
    with pytest.raises(MusicFileError, match=r"large.mxl holds 2 MB of text: expected at most 1"):
        read(path)


def test_a_file_without_a_known_suffix_is_what_its_bytes_say(tmp_path: Path) -> None:
    midi = _midi(tmp_path / "a.mid").read_bytes()
    abc = write_notation(tmp_path, "abc").read_bytes()
    for name in ("tune", "tune.dat", "TUNE.KAR", "tune.Mid"):
        assert len(read_bytes(midi, name)) == 1
    assert len(read_bytes(abc, "tune")) > 8
    assert len(read_bytes(write_notation(tmp_path, "krn").read_bytes(), "tune.txt")) == 8
    assert len(read_bytes(write_notation(tmp_path, "musicxml").read_bytes(), "tune")) == 8
    assert len(read_bytes(write_notation(tmp_path, "mei").read_bytes(), "tune.xml")) == 8
    for suffix in ("abc", "krn", "musicxml", "mei", "mxl"):  # a wrong suffix is no other music
        content = write_notation(tmp_path, suffix).read_bytes()
        for wrong in {"abc", "krn", "xml", "mei", "mxl", "mid"} - {suffix}:
            assert len(read_bytes(content, f"tune.{wrong}")) >= 8, (suffix, wrong)
    wide = write_notation(tmp_path, "musicxml").read_text().replace("utf-8", "utf-16")
    assert len(read_bytes(wide.encode("utf-16"), "tune")) == 8
    with pytest.raises(MusicFileError, match=r"letter\.txt ends in \.txt and is no music"):
        read_bytes(b"Dear all", "letter.txt")
    with pytest.raises(MusicFileError, match="letter has no suffix"):
        read_bytes(b"Dear all", "letter")


def test_a_files_messages_carry_its_whole_name(tmp_path: Path) -> None:
    path = _midi(tmp_path / "long.mid", quarters=8000)
    with pytest.raises(MusicFileError, match=r"long\.mid lasts \d+ minutes"):
        read(path)


def test_a_tune_of_a_corpus_collection_is_read_by_number() -> None:
    assert read_corpus("essenFolksong/altdeu10.abc#3").title
    with pytest.raises(MusicFileError, match="no tune of the number 9999"):
        read_corpus("essenFolksong/altdeu10.abc#9999")


def test_a_corpus_collection_is_as_limited_as_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mood2music.music.read.LARGEST", 1 << 10)
    for number in ("", "#3"):
        with pytest.raises(MusicFileError, match=r"altdeu10\.abc holds 0 MB: expected at most"):
            read_corpus(f"essenFolksong/altdeu10.abc{number}")


def test_a_corpus_format_without_a_reader_here_is_left_to_music21() -> None:
    assert len(read_corpus("demos/two-parts")) > 0


def test_what_reads_has_a_name_that_its_code_decides() -> None:
    assert reader() == reader()
    assert len(reader()) == 16


def test_a_file_that_is_too_large_or_too_long_is_told_how_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(MusicFileError) as refused:
        read(_midi(tmp_path / "a.mid", quarters=7300))
    assert str(refused.value) == "a.mid lasts 61 minutes: expected at most an hour"
    monkeypatch.setattr(reading, "LARGEST", 2 << 20)
    (tmp_path / "b.mid").write_bytes(bytes(2 << 20))
    with pytest.raises(MusicFileError, match=r"^b.mid is not a MIDI file inside"):
        read(tmp_path / "b.mid")
    (tmp_path / "b.mid").write_bytes(bytes((3 << 20) + 1))
    with pytest.raises(MusicFileError) as refused:
        read(tmp_path / "b.mid")
    assert str(refused.value) == "b.mid holds 3 MB: expected at most 2 MB"


REPEATED = {
    "a.krn": "**kern\n4c\n=:|!\n4d\n*-",
    "a.abc": "X:1\nL:1/4\nK:C\nC:|D|",
}


@pytest.mark.parametrize("name", ["a.krn", "a.abc"])
def test_repeats_and_grids_reach_each_reader(name: str) -> None:
    content = REPEATED[name].encode()
    for repeats, pitches in ((False, [60, 62]), (True, [60, 60, 62])):
        notes = read_bytes(content, name, 12, repeats)
        assert notes.pitch.tolist() == pitches
        assert (notes.grid, notes.onset[1]) == (12, 12)


def test_what_music21_reads_has_the_grid_and_a_title() -> None:
    notes = read_corpus("demos/two-parts", grid=12)
    assert notes.grid == 12
    assert notes.title


def test_a_file_without_a_title_is_called_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "my tune.abc").write_text("X:1\nK:C\nCD|\n")
    assert read(tmp_path / "my tune.abc").title == "my tune"
    (tmp_path / "b.abc").write_text("X:1\nT:Own\nK:C\nCD|\n")
    assert read(tmp_path / "b.abc").title == "Own"
