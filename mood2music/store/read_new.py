"""Reads what a cache does not know of sources, spread over processes, each file for itself."""

import hashlib
import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tqdm import tqdm

from mood2music.errors import MusicFileError
from mood2music.files import checksum
from mood2music.isolate import Crashed, Isolated, TimedOut
from mood2music.music.read import NOTATION
from mood2music.store.parallel import ParallelSettings, spread
from mood2music.store.piece_cache import Found, PieceCache
from mood2music.store.read_piece import read_packed
from mood2music.store.sources import MusicSourceSettings, Source

log = logging.getLogger(__name__)

# Files that go to a worker together: most take milliseconds, MEI a second.
TOGETHER = 32
# Not the file's fault, or not for ever: tried again by the next run.
_PASSING = (ImportError, MemoryError, OSError)
# Path or work, grid, divisors and whether repeats are played to a packed piece.
Reader = Callable[[Path | str, int, Sequence[int], bool], bytes]
# Stands for the file's name in a fault, which several files of one content may have.
_NAME = "\0"


@dataclass(frozen=True, slots=True)
class Job:
    """One content to read: a file, or without a path a work of the corpus."""

    content: str
    name: str
    path: str | None


def read_new(
    cache: PieceCache,
    sources: Sequence[Source],
    settings: MusicSourceSettings,
    parallel: ParallelSettings,
    progress: bool = True,
    reader: Reader = read_packed,
) -> list[str | MusicFileError]:
    """Read into `cache` what it does not know; give each source's content, or why it has none.

    Every batch that is read is kept at once, so a run that is killed goes on where it was. A
    content that ends its reader's process, or takes longer than `settings.timeout`, is a fault.
    """
    contents, jobs = _unknown(cache, sources, settings)
    began = time.monotonic()
    hidden = None if progress else True
    with tqdm(total=len(jobs), desc="reading", unit="piece", disable=hidden) as bar:
        read_them = partial(_read_batch, settings, reader)
        for found in spread(read_them, _batches(jobs), parallel, settings.jobs):
            cache.add(found)
            bar.update(len(found))
    _reader.close()
    seconds = time.monotonic() - began
    log.info(
        "%d of %d pieces were new, read in %.1f s (%.0f a second)",
        len(jobs), len(sources), seconds, len(jobs) / max(seconds, 1e-9),
    )  # fmt: skip
    return contents


def fault_of(found: Found, name: str) -> MusicFileError:
    """Say what is wrong with a content, for the file called `name`."""
    return MusicFileError((found.fault or "").replace(_NAME, Path(name).name))


def _unknown(
    cache: PieceCache, sources: Sequence[Source], settings: MusicSourceSettings
) -> tuple[list[str | MusicFileError], list[Job]]:
    """Each source's content by its hash, and a job for every content that the cache lacks."""
    contents: list[str | MusicFileError] = []
    jobs: dict[str, Job] = {}
    sums = []
    for source in sources:
        try:
            known = cache.checksum(source)
            sha256 = known or _checksum(source)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            contents.append(MusicFileError(f"{source.name} cannot be read: {reason}"))
            continue
        if not known:
            sums.append((source, sha256))
        content = f"{sha256}{_reader_of(source)}"
        contents.append(content)
        if content not in jobs and not cache.has(content, settings.timeout):
            jobs[content] = Job(content, source.name, source.path)
    cache.remember(sums)
    return contents, list(jobs.values())


def _checksum(source: Source) -> str:
    if source.path is None:
        return hashlib.sha256(source.name.encode()).hexdigest()
    return checksum(Path(source.path))


def _reader_of(source: Source) -> str:
    """What a content is read as: the same bytes are other music as kern than as ABC."""
    if source.path is None:
        return ":corpus"
    suffix = Path(source.path).suffix.lower()
    return f":{suffix}" if suffix in NOTATION else ":midi"


def _batches(jobs: Sequence[Job]) -> list[list[Job]]:
    slow = [job for job in jobs if _is_slow(job)]
    fast = [job for job in jobs if not _is_slow(job)]
    together = [fast[i : i + TOGETHER] for i in range(0, len(fast), TOGETHER)]
    return [[job] for job in slow] + together  # the long ones first


def _is_slow(job: Job) -> bool:
    """Whether it may take a second: MEI, and works of the corpus that music21 reads."""
    return job.content.endswith((":.mei", ":corpus"))


class _Reader(threading.local):
    """One process beside each thread that reads, kept from batch to batch."""

    def __init__(self) -> None:
        self.child = Isolated()

    def close(self) -> None:
        self.child.close()


_reader = _Reader()


def _read_batch(settings: MusicSourceSettings, reader: Reader, batch: Sequence[Job]) -> list[Found]:
    """Read the jobs one by one in a process beside this one; workers of any backend run this."""
    return [_read_guarded(settings, reader, job) for job in batch]


def _read_guarded(settings: MusicSourceSettings, reader: Reader, job: Job) -> Found:
    source = Path(job.path) if job.path else job.name
    arguments = (source, settings.grid, tuple(settings.quantize), settings.repeats)
    try:
        data = _reader.child.call(reader, *arguments, timeout=settings.timeout)
        return Found(job.content, data)
    except MusicFileError as error:
        reason, until = str(error), math.inf
    except TimedOut:
        reason = f"{_NAME} took longer than {settings.timeout:g} s: raise data.timeout"
        until = settings.timeout
    except Crashed as error:
        reason = f"{_NAME}: the parser crashed ({error})"
        until = 0.0 if error.from_outside else math.inf
    except Exception as error:  # parsers raise whatever a damaged file led them to
        reason = f"{_NAME} cannot be read: {error!r}"
        until = 0.0 if isinstance(error, _PASSING) else math.inf
    return Found(job.content, None, reason.replace(Path(job.name).name, _NAME), until)
