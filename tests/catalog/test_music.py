"""A song to its notes."""

from pathlib import Path

import pytest

from mood2music.catalog.music import read_song
from mood2music.catalog.song import Song
from mood2music.errors import DataError, MusicFileError
from mood2music.mood import Mood
from mood2music.music.notes import make_notes
from mood2music.music.write import Part, parts_bytes, write_midi


def song(music: str, tempo: float = 0.0) -> Song:
    return Song("id", "Title", "", "", Mood(0, 0), "hand", tempo=tempo, music=music)


def test_a_file_is_read_under_the_catalogs_title_and_tempo(tmp_path: Path) -> None:
    path = tmp_path / "x.mid"
    write_midi(make_notes([0, 24], [24, 24], [60, 64], [80, 80], 100.0), path)
    assert read_song(song(str(path), tempo=72.0)).tempo == 72.0
    assert read_song(song(str(path))).tempo == pytest.approx(100.0)
    notes = read_song(song(str(path)))
    assert (notes.title, notes.pitch.tolist()) == ("Title", [60, 64])


def test_a_song_of_a_table_is_in_its_key_whatever_its_file_states(tmp_path: Path) -> None:
    notes = make_notes([0, 24], [24, 24], [60, 64], [80, 80])
    (tmp_path / "x.mid").write_bytes(parts_bytes([Part("", 0, notes)], (3, "minor")))
    assert read_song(song(str(tmp_path / "x.mid"))).stated_key is None


def test_a_piece_of_the_corpus_is_read_by_name() -> None:
    notes = read_song(song("corpus:bach/bwv66.6.mxl", tempo=60.0))
    assert len(notes) > 100
    assert notes.tempo == 60.0


def test_music_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no music for Title"):
        read_song(song(""))
    with pytest.raises(MusicFileError):
        read_song(song(str(tmp_path / "gone.mid")))
    with pytest.raises(MusicFileError):
        read_song(song("corpus:bach/bwv99999.mxl"))
