"""A parser that dies or hangs costs one line, not the run."""

import math
import os
from pathlib import Path

import pytest

from mood2music.errors import MusicFileError
from mood2music.isolate import Isolated
from mood2music.music.read import read
from mood2music.store import safely
from mood2music.store.safely import read_safely
from tests.store.readers import compute

pytestmark = pytest.mark.slow


def crash(path: Path, grid: int, repeats: bool) -> None:
    os.abort()


def hang(path: Path, grid: int, repeats: bool) -> None:
    compute(math.inf)


def test_a_file_is_read_as_without_the_process(song: Path) -> None:
    here, there = read(song, 12), read_safely(song, 12)
    assert here.pitch.tolist() == there.pitch.tolist()
    assert here.onset.tolist() == there.onset.tolist()
    assert (here.tempo, here.grid, here.title) == (there.tempo, there.grid, there.title)


def test_a_path_from_the_users_folder_is_found(song: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(song.parent)
    assert len(read_safely(Path(song.name))) == len(read(song))


def test_what_read_refuses_is_refused_in_the_same_words(tmp_path: Path) -> None:
    (tmp_path / "a.mid").touch()
    with pytest.raises(MusicFileError, match=r"a.mid is empty \(0 bytes\)"):
        read_safely(tmp_path / "a.mid")


def test_a_parser_that_crashes_or_hangs_is_one_line_and_the_next_file_is_read(
    song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Isolated() as child:
        monkeypatch.setattr(safely, "read", crash)
        with pytest.raises(MusicFileError, match=r"song.mid: the parser crashed \(SIGABRT\)"):
            read_safely(song, child=child)
        monkeypatch.setattr(safely, "read", hang)
        with pytest.raises(MusicFileError, match=r"song.mid took longer than 0.5 s"):
            read_safely(song, child=child, timeout=0.5)
        monkeypatch.undo()
        assert len(read_safely(song, child=child)) == len(read(song))
