from pathlib import Path

import numpy as np
import pytest
import symusic
from music21 import converter, corpus, note, stream
from music21.tie import Tie

from mood2music.errors import MusicFileError
from mood2music.music.notes import make_notes
from mood2music.music.read import from_music21, read, read_corpus
from mood2music.music.write import write_midi
from tests.conftest import tune


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
    theirs = from_music21(score)
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


def test_tied_notes_sound_as_one() -> None:
    notes = from_music21(converter.parse("tinynotation: 4/4 c2 e~ e1"))
    assert notes.duration.tolist() == [48, 144]


def test_a_tie_holds_across_another_voice() -> None:
    measure = stream.Stream()
    for offset, tie in ((0.0, "start"), (2.0, "stop")):
        held = note.Note("C4", quarterLength=2)
        held.tie = Tie(tie)
        measure.insert(offset, held)
    measure.insert(1.0, note.Note("E4", quarterLength=1))
    notes = from_music21(measure)
    assert notes.pitch.tolist() == [60, 64]
    assert notes.duration.tolist() == [96, 24]


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
    with pytest.raises(MusicFileError, match="not a MIDI file"):
        read(tmp_path / "text.mid")
    whole = _midi(tmp_path / "a.mid", notes=9).read_bytes()
    (tmp_path / "cut.mid").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MusicFileError, match=r"cut\.mid"):
        read(tmp_path / "cut.mid")
    (tmp_path / "bad.musicxml").write_text("<score-partwise><part>")
    with pytest.raises(MusicFileError, match=r"bad\.musicxml cannot be read"):
        read(tmp_path / "bad.musicxml")


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
