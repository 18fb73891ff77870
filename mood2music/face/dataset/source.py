"""A directory or a zip comes in; the names inside it and the bytes of each go out."""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from mood2music.errors import DataError

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".pgm", ".ppm")

TABLES = (".csv", ".parquet")


class Source:
    """One root of pictures, open for reading: `names` inside it, with / between folders."""

    def __init__(self, root: Path, archive: zipfile.ZipFile | None) -> None:
        """List the names under `root`, or in the open `archive` that stands there."""
        self.root = root
        self._archive = archive
        if archive is not None:
            found = [i.filename for i in archive.infolist() if not i.is_dir()]
        else:
            files = (p for p in root.rglob("*") if p.is_file())
            found = [p.relative_to(root).as_posix() for p in files]
        hidden = (".", "__MACOSX")
        self.names = sorted(
            n for n in found if not any(p.startswith(hidden) for p in PurePosixPath(n).parts)
        )

    def read(self, name: str) -> bytes:
        """Give the bytes of one file; OSError, KeyError or BadZipFile when it cannot be read."""
        if self._archive is not None:
            return self._archive.read(name)
        return (self.root / name).read_bytes()

    def pictures(self) -> list[str]:
        """Names that end like a picture's."""
        return [n for n in self.names if n.lower().endswith(PICTURES)]

    def fingerprint(self) -> str:
        """SHA-256 of names, sizes and times of change: another value means other files."""
        digest = hashlib.sha256(str(self.root.resolve()).encode())
        if self._archive is not None:
            stat = self.root.stat()
            digest.update(f"{stat.st_size} {stat.st_mtime_ns}".encode())
        else:
            for name in self.names:
                stat = (self.root / name).stat()
                digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
        return digest.hexdigest()


@contextmanager
def open_source(root: Path, get: str, setting: str = "data.root") -> Iterator[Source]:
    """Open a directory or zip. Raises DataError when there is none.

    Its text names the `setting` that led here and says with `get` how to get the data.
    """
    if root.is_dir():
        yield Source(root, None)
    elif zipfile.is_zipfile(root):
        with zipfile.ZipFile(root) as archive:
            yield Source(root, archive)
    elif root.exists():
        raise DataError(f"{setting}={root} is neither a directory nor a zip: {get}")
    else:
        raise DataError(f"no data at {setting}={root}: {get}")
