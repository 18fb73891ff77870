"""A folder of music becomes a catalog; read once, remembered by content."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mood2music.catalog.library import read_library
from mood2music.errors import DataError
from mood2music.mood import Mood
from mood2music.music.notes import Notes, make_notes
from mood2music.music.write import write_midi


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three pieces of 4, 8 and 12 rising notes, one of them in a folder."""
    for count, name in ((4, "short.mid"), (8, "jazz/middle.mid"), (12, "long.mid")):
        path = tmp_path / "music" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        onsets = [24 * i for i in range(count)]
        notes = make_notes(onsets, [24] * count, range(60, 60 + count), [80] * count, 90.0)
        write_midi(notes, path)
    return tmp_path / "music"


def listener(heard: list[int]) -> Callable[[Notes], Mood]:
    """Label by length, keeping count of what was asked."""

    def label(notes: Notes) -> Mood:
        heard.append(len(notes))
        return Mood(len(notes) / 20, -len(notes) / 20)

    return label


def test_every_file_becomes_a_song_with_calibrated_mood(root: Path) -> None:
    library = read_library(root, listener([]), "length", progress=False)
    moods = {song.id: (round(song.valence, 6), round(song.arousal, 6)) for song in library.songs}
    assert moods == {
        "short.mid": (-0.666667, 0.666667),
        "jazz/middle.mid": (0.0, 0.0),
        "long.mid": (0.666667, -0.666667),
    }
    by_id = {song.id: song for song in library.songs}
    assert by_id["jazz/middle.mid"].style == "jazz"
    assert by_id["short.mid"].style == ""
    assert by_id["short.mid"].raw == (0.2, -0.2)
    assert by_id["short.mid"].tempo == 90.0
    assert by_id["short.mid"].voices == 1.0
    assert by_id["short.mid"].va_source == "length"
    assert Path(by_id["short.mid"].music) == root / "short.mid"


def test_the_second_call_hears_nothing_again_even_after_a_move(root: Path) -> None:
    heard: list[int] = []
    before = read_library(root, listener(heard), "length", progress=False)
    (root / "short.mid").rename(root / "renamed.mid")
    after = read_library(root, listener(heard), "length", progress=False)
    assert sorted(heard) == [4, 8, 12]
    assert {s.raw for s in before.songs} == {s.raw for s in after.songs}


def test_a_changed_file_is_heard_again(root: Path) -> None:
    heard: list[int] = []
    read_library(root, listener(heard), "length", progress=False)
    write_midi(make_notes([0, 24], [24] * 2, [60, 62], [80] * 2), root / "short.mid")
    songs = read_library(root, listener(heard), "length", progress=False).songs
    assert heard[3:] == [2]
    assert {s.id: s.raw for s in songs}["short.mid"] == (0.1, -0.1)


def test_another_labels_moods_are_not_taken_for_this_ones(root: Path) -> None:
    heard: list[int] = []
    read_library(root, listener(heard), "length", progress=False)
    read_library(root, listener(heard), "other", progress=False)
    assert len(heard) == 6


def test_bad_files_are_skipped_and_listed(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    (root / "empty.mid").touch()
    (root / "words.mid").write_text("not music")
    (root / "cover.jpg").touch()
    library = read_library(root, listener([]), "length", progress=False)
    assert len(library.songs) == 3
    assert sorted(library.bad) == ["empty.mid", "words.mid"]
    assert "skipped empty.mid" in caplog.text


def test_a_damaged_cache_is_made_again(root: Path, tmp_path: Path) -> None:
    heard: list[int] = []
    read_library(root, listener(heard), "length", progress=False)
    (store,) = (tmp_path / "cache" / "library").iterdir()
    store.write_text('{"half": {"titl')
    assert len(read_library(root, listener(heard), "length", progress=False).songs) == 3
    assert len(heard) == 6


def test_a_cache_that_cannot_be_written_costs_no_song(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(tmp_path / "file" / "cache"))
    assert len(read_library(root, listener([]), "length", progress=False).songs) == 3
    assert "what was heard is not kept" in caplog.text


def test_no_folder_and_no_music_say_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"catalog\.root="):
        read_library(tmp_path / "gone", listener([]), "length")
    (tmp_path / "void").mkdir()
    (tmp_path / "void" / "bad.mid").touch()
    with pytest.raises(DataError, match=r"no readable music .*1 bad files.*\.mid"):
        read_library(tmp_path / "void", listener([]), "length", progress=False)
