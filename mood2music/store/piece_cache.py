"""Keeps what has been read once, by content: pieces and faults in one SQLite file, safe to share.

Each batch is one transaction (WAL), so a process may be killed at any moment and others may read
and write meanwhile; what was committed stays. The file can be deleted at any time.

    files   path, size, mtime_ns -> sha256, so that unchanged files need not be hashed again
    pieces  content -> the piece as `piece.pack` writes it, or what is wrong with it
"""

import logging
import math
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mood2music.errors import DataError
from mood2music.store.sources import Source

log = logging.getLogger(__name__)

_TABLES = """
CREATE TABLE IF NOT EXISTS files
    (path TEXT PRIMARY KEY, size INT, mtime INT, sha256 TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pieces (content TEXT PRIMARY KEY, data BLOB, fault TEXT, until REAL);
"""
# Seconds that a run waits for another's transaction; one takes milliseconds.
_PATIENCE = 60.0
# A file changed so lately may change again within its file system's tick, unnoticed: nanoseconds.
_FRESH = 2_000_000_000


@dataclass(frozen=True)
class Found:
    """What reading one content gave: a packed piece, or a fault.

    until: a fault holds for time limits up to this many seconds; a larger one tries again.
    """

    content: str
    data: bytes | None
    fault: str | None = None
    until: float = math.inf


class PieceCache:
    """An open cache, for the thread that opened it."""

    def __init__(self, path: Path) -> None:
        """Open or make the file at `path`; a damaged one is put aside and begun anew.

        Raises DataError where SQLite cannot work, as on some network file systems.
        """
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = _open(path)
        except sqlite3.OperationalError as error:
            raise _unusable(path, error) from error
        except sqlite3.DatabaseError:
            log.warning("%s is damaged: put aside, all is read again", path)
            for suffix in ("", "-wal", "-shm"):
                damaged = path.with_name(path.name + suffix)
                if damaged.exists():
                    damaged.replace(path.with_name(f"{path.name}{suffix}.damaged"))
            self._db = _open(path)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def checksum(self, source: Source) -> str | None:
        """SHA-256 of a file known by path, size and time of change; None when it is not."""
        row = source.path and self._one(
            "SELECT sha256 FROM files WHERE path = ? AND size = ? AND mtime = ?",
            (source.path, source.size, source.changed),
        )
        return str(row[0]) if row else None

    def remember(self, sums: Iterable[tuple[Source, str]]) -> None:
        """Keep SHA-256 of files; `Source` has their size and time from before they were read."""
        before = time.time_ns() - _FRESH
        self._many(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
            (
                (source.path, source.size, source.changed, sha256)
                for source, sha256 in sums
                if source.path and source.changed < before
            ),
        )

    def has(self, content: str, timeout: float) -> bool:
        """Tell whether `content` need not be read again under a limit of `timeout` seconds."""
        row = self._one("SELECT until FROM pieces WHERE content = ?", (content,))
        return row is not None and float(row[0]) >= timeout

    def get(self, content: str) -> Found | None:
        """Return what was found for `content`, None for what was never read."""
        row = self._one("SELECT * FROM pieces WHERE content = ?", (content,))
        return Found(*row) if row else None

    def add(self, found: Iterable[Found]) -> None:
        """Keep a batch, whole or not at all."""
        self._many(
            "INSERT OR REPLACE INTO pieces VALUES (?, ?, ?, ?)",
            ((f.content, f.data, f.fault, f.until) for f in found),
        )

    def _one(self, sql: str, values: tuple[object, ...]) -> tuple[Any, ...] | None:
        with closing(self._db.execute(sql, values)) as cursor:
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def _many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        try:
            with self._db:
                self._db.executemany(sql, rows)
        except sqlite3.OperationalError as error:
            raise _unusable(self.path, error) from error


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_PATIENCE)
    try:
        _use_wal(db)
        # A killed process loses nothing; a power cut may lose the last transactions, no more.
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(_TABLES)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _use_wal(db: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; SQLite does not wait by itself when two do so at once."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _unusable(path: Path, error: sqlite3.Error) -> DataError:
    return DataError(
        f"{path}: {error}; SQLite needs a local disk with room: set MOOD2MUSIC_CACHE to one"
    )
