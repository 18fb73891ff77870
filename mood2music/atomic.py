"""A path to a file that is there whole or not at all: written beside it, then renamed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomically(path: Path) -> Iterator[Path]:
    """Give the path to write to; `path` takes its place when the block ends without an error.

    Makes the folder. After an error what was written is removed and `path` is as it was. The
    name keeps the suffix, by which writers choose a format.

    >>> with atomically(Path("piece.mid")) as unfinished:
    ...     unfinished.write_bytes(b"...")
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
