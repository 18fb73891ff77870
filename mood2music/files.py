"""Knows where things stand, and writes files whole or not at all."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent
PRETRAINED = PACKAGE / "pretrained"

# In a wheel the configs lie inside the package; in a checkout, beside it.
CONFIGS = PACKAGE / "configs" if (PACKAGE / "configs").is_dir() else PACKAGE.parent / "configs"


def cache_folder() -> Path:
    """Folder for what can be made again (event stores); MOOD2MUSIC_CACHE moves it."""
    named = os.environ.get("MOOD2MUSIC_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("mood2music"))


@contextmanager
def atomically(path: Path) -> Iterator[Path]:
    """Give the path to write to; `path` takes its place when the block ends without an error.

    Makes the folder. After an error what was written is removed and `path` is as it was; what the
    system refused names `path`. The name keeps the suffix, by which writers choose a format.

    >>> with atomically(Path("piece.mid")) as unfinished:
    ...     unfinished.write_bytes(b"...")
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        yield unfinished
        unfinished.replace(path)
    except OSError as error:
        raise _of(error, unfinished, path) from error
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def together(folder: Path, last: str = "") -> Iterator[Path]:
    """Give a folder to write files to; they move into `folder` when the block ends without error.

    last: the file that moves as the last, a manifest: where it is, all are. After an error, or when
    nothing more fits the disk, what was written is removed and `folder` is as it was.

    >>> with together(Path("out"), last="run.json") as unfinished:
    ...     (unfinished / "piece.mid").write_bytes(b"...")
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".unfinished-{os.getpid()}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        yield unfinished
        for file in sorted(unfinished.iterdir(), key=lambda file: (file.name == last, file.name)):
            file.replace(folder / file.name)
    except OSError as error:
        raise _of(error, unfinished, folder) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _of(error: OSError, unfinished: Path, path: Path) -> OSError:
    """The same error with the name that the file was to have; a full disk names none."""
    if error.errno is None:
        return error
    named = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    if named is None:
        return OSError(error.errno, error.strerror, str(path))
    if named.is_relative_to(unfinished):
        return OSError(error.errno, error.strerror, str(path / named.relative_to(unfinished)))
    return error


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def facts(path: Path) -> dict[str, str]:
    """Name and SHA-256 of a file, for a manifest: never the folder, which may tell who ran it."""
    return {"name": path.name, "sha256": checksum(path)}
