import os
import sqlite3
from pathlib import Path

import pytest

from mood2music.errors import DataError
from mood2music.store.piece_cache import Found, PieceCache
from mood2music.store.sources import Source


def test_what_was_added_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    cache = PieceCache(tmp_path / "a" / "p.sqlite")
    cache.add([Found("1:midi", b"piece"), Found("2:midi", None, "broken")])
    cache.close()
    again = PieceCache(tmp_path / "a" / "p.sqlite")
    assert again.get("1:midi") == Found("1:midi", b"piece")
    assert again.get("2:midi") == Found("2:midi", None, "broken")
    assert again.get("3:midi") is None
    assert again.has("1:midi", 60.0)
    assert again.has("2:midi", 60.0)
    assert not again.has("3:midi", 60.0)
    again.close()


def test_a_fault_of_time_is_believed_until_more_time_is_given(tmp_path: Path) -> None:
    cache = PieceCache(tmp_path / "p.sqlite")
    cache.add([Found("slow", None, "took longer", until=60.0), Found("ended", None, "?", 0.0)])
    assert cache.has("slow", 30.0)
    assert cache.has("slow", 60.0)
    assert not cache.has("slow", 61.0)
    assert not cache.has("ended", 1.0)
    cache.close()


def test_two_connections_write_and_read_at_once(tmp_path: Path) -> None:
    first, second = PieceCache(tmp_path / "p.sqlite"), PieceCache(tmp_path / "p.sqlite")
    first.add([Found("1", b"a")])
    second.add([Found("1", b"a"), Found("2", b"b")])
    assert first.get("2") == Found("2", b"b")
    first.close()
    second.close()


def test_a_batch_that_fails_leaves_nothing_of_itself(tmp_path: Path) -> None:
    cache = PieceCache(tmp_path / "p.sqlite")

    def half():  # type: ignore[no-untyped-def]
        yield Found("1", b"a")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.add(half())
    assert cache.get("1") is None
    cache.close()


def test_a_file_is_known_by_size_and_time_unless_it_changed_just_now(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    path.write_bytes(b"music")
    os.utime(path, ns=(10**18, 10**18))
    old = Source("a.mid", str(path), 5, 10**18)
    cache = PieceCache(tmp_path / "p.sqlite")
    assert cache.checksum(old) is None
    cache.remember([(old, "sum")])
    assert cache.checksum(old) == "sum"
    assert cache.checksum(Source("a.mid", str(path), 6, 10**18)) is None
    assert cache.checksum(Source("a.mid", str(path), 5, 10**18 + 1)) is None
    path.touch()
    fresh = Source("a.mid", str(path), 5, path.stat().st_mtime_ns)
    cache.remember([(fresh, "other")])
    assert cache.checksum(fresh) is None
    assert cache.checksum(Source("bach/bwv66.6")) is None
    cache.close()


def test_a_damaged_file_is_put_aside_and_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "p.sqlite"
    path.write_bytes(b"no database at all" * 100)
    cache = PieceCache(path)
    cache.add([Found("1", b"a")])
    assert cache.has("1", 1.0)
    cache.close()
    assert (tmp_path / "p.sqlite.damaged").read_bytes().startswith(b"no database")


def test_a_place_where_sqlite_cannot_write_is_said(tmp_path: Path) -> None:
    (tmp_path / "p.sqlite").mkdir()
    with pytest.raises(DataError, match="MOOD2MUSIC_CACHE"):
        PieceCache(tmp_path / "p.sqlite")


def test_a_killed_writers_batch_is_rolled_back(tmp_path: Path) -> None:
    cache = PieceCache(tmp_path / "p.sqlite")
    cache.add([Found("1", b"a")])
    cache.close()
    half = sqlite3.connect(tmp_path / "p.sqlite", isolation_level=None)
    half.execute("BEGIN")
    half.execute("INSERT INTO pieces VALUES ('2', x'00', NULL, 1)")
    copy = tmp_path / "copy"
    copy.mkdir()
    for part in tmp_path.glob("p.sqlite*"):  # what a killed process leaves on disk
        (copy / part.name).write_bytes(part.read_bytes())
    half.close()
    left = PieceCache(copy / "p.sqlite")
    assert left.get("1") == Found("1", b"a")
    assert left.get("2") is None
    left.close()
