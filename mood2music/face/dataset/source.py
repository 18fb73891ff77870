"""Opens a directory or a zip: the names inside it and the bytes of each."""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from mood2music.errors import DataError, said_by
from mood2music.face.picture.kinds import is_picture

TABLES = (".csv", ".parquet")
# Bytes of one file in a zip: a few of them may stand for gigabytes there.
MOST_BYTES = 100_000_000
_PIECE = 1 << 20  # bytes that are unpacked at once
_HIDDEN, _PARENT = (".", "__MACOSX"), ".."


class Source:
    """One root of pictures, open for reading: `names` inside it, with / between folders."""

    def __init__(self, root: Path, archive: zipfile.ZipFile | None) -> None:
        """List the names under `root`, or in the open `archive` that stands there."""
        self.root = root
        self._overlapping: set[str] = set()
        self._archive = archive
        if archive is not None:
            found = [i.filename for i in archive.infolist() if not i.is_dir()]
            self._overlapping = _overlapping(archive)
        else:
            files = (p for p in root.rglob("*") if p.is_file())
            found = [p.relative_to(root).as_posix() for p in files]
        self.names = sorted({n for n in found if not _hidden(n)})

    def read(self, name: str) -> bytes:
        """Give the bytes of one file. Raises DataError, one line, when it cannot be read."""
        try:
            if self._archive is not None:
                if name in self._overlapping:
                    raise zipfile.BadZipFile("its bytes are another file's as well")
                return _unpacked(self._archive, name)
            return (self.root / name).read_bytes()
        except DataError:
            raise
        # zipfile raises RuntimeError for a password, NotImplementedError for a method, and lets
        # through what each decompressor raises.
        except Exception as error:
            raise DataError(f"{printable(name)} cannot be read: {_reason(error)}") from error

    def pictures(self) -> list[str]:
        """Names that end like a picture's, one that is read or one that is not."""
        return [n for n in self.names if is_picture(n)]

    def fingerprint(self) -> str:
        """SHA-256 of names, sizes and times of change: another value means other files."""
        digest = hashlib.sha256(str(self.root.resolve()).encode(errors="surrogateescape"))
        if self._archive is not None:
            stat = self.root.stat()
            digest.update(f"{stat.st_size} {stat.st_mtime_ns}".encode())
        else:
            for name in self.names:
                stat = (self.root / name).stat()
                told = f"{name} {stat.st_size} {stat.st_mtime_ns}\n"
                digest.update(told.encode(errors="surrogateescape"))
        return digest.hexdigest()


@contextmanager
def open_source(root: Path, get: str, setting: str = "data.root") -> Iterator[Source]:
    """Open a directory or zip. Raises DataError when there is none, or it is damaged.

    Its text names the `setting` that led here and says with `get` how to get the data.
    """
    if root.is_dir():
        yield Source(root, None)
    elif root.is_file() and zipfile.is_zipfile(root):
        try:
            archive = zipfile.ZipFile(root)
            source = Source(root, archive)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise DataError(
                f"{setting}={root} is a damaged zip ({_reason(error)}): {get}"
            ) from error
        with archive:
            yield source
    elif root.exists():
        raise DataError(f"{setting}={root} is neither a directory nor a zip: {get}")
    else:
        raise DataError(f"no data at {setting}={root}: {get}")


def printable(name: str) -> str:
    r"""Write a file's name so that it stands on one line of any terminal.

    >>> printable("a\nb")
    'a\\nb'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(_HIDDEN) for part in parts if part != _PARENT)


def _overlapping(archive: zipfile.ZipFile) -> set[str]:
    """Names of files whose bytes another one shares: so a small zip unpacks without end."""
    files = sorted(archive.infolist(), key=lambda info: info.header_offset)
    found, end = set(), 0
    for info in files:
        if info.header_offset < end:
            found.add(info.filename)
        end = max(end, info.header_offset + info.compress_size)
    return found


def _unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack one file piece by piece, never more of it than its entry says and MOST_BYTES."""
    told = archive.getinfo(name)
    if told.file_size > MOST_BYTES:
        raise DataError(
            f"{printable(name)} takes {told.file_size:,} bytes unpacked, expected at most "
            f"{MOST_BYTES:,}: unpack the zip and pass its folder"
        )
    pieces = bytearray()
    with archive.open(told) as file:
        while piece := file.read(_PIECE):
            pieces += piece
    return bytes(pieces)


def _reason(error: Exception) -> str:
    if isinstance(error, RuntimeError) and "encrypted" in str(error):
        return "it is encrypted, expected a zip without a password"
    if isinstance(error, NotImplementedError):
        return f"{error}, expected a zip of method stored or deflated"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return said_by(error)
