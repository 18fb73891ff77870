"""Makes an event store once from a folder of music, or composers of music21's corpus."""

import hashlib
import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from mood2music.errors import DataError, MusicFileError
from mood2music.files import cache_folder
from mood2music.store.event_store import FORMAT, Store, open_store, write_store
from mood2music.store.parallel import ParallelSettings
from mood2music.store.piece import Piece, unpack
from mood2music.store.piece_cache import PieceCache
from mood2music.store.read_new import fault_of, read_new
from mood2music.store.sources import (
    MusicSourceSettings,
    Source,
    find_sources,
    find_store,
    reading_of,
)

__all__ = ["MusicSourceSettings", "prepare"]

log = logging.getLogger(__name__)


def prepare(
    settings: MusicSourceSettings,
    progress: bool = True,
    parallel: ParallelSettings | None = None,
) -> Store:
    """Open the event store of these settings, making it first when it is missing or outdated.

    Files that were read before, for whatever store, are not read again. Killed at any moment, the
    next run goes on; several may run at once. Raises DataError when there is nothing to read,
    SettingsError for a setting out of range.
    """
    spread_by = parallel or ParallelSettings()
    spread_by.check()
    if settings.store is not None:
        return _given(settings)
    sources = find_sources(settings)
    folder = cache_folder() / "events" / _name(settings, sources)
    store = _opened(folder) or _made(settings, sources, folder, spread_by, progress)
    if store.faults:
        log.warning(
            "%d of %d files left out, reasons in %s; the first: %s: %s",
            len(store.faults), len(sources), folder / "faults.csv", *store.faults[0],
        )  # fmt: skip
    if not store.pieces:
        raise DataError(f"no readable music in {settings.root or settings.composers}")
    return store


def _given(settings: MusicSourceSettings) -> Store:
    """Open the store that the settings name. Raises DataError where it is of other settings."""
    settings.check()
    store = open_store(find_store(settings))
    wanted = {"grid": settings.grid, "quantize": list(settings.quantize)}
    for name, value in wanted.items():
        if store.about[name] != value:
            raise DataError(
                f"data.store={settings.store} was prepared with data.{name}={store.about[name]}, "
                f"not {value}"
            )
    return store


def _name(settings: MusicSourceSettings, sources: Sequence[Source]) -> str:
    """Name a store after how it was read and its files' names, sizes and times."""
    digest = hashlib.sha256(repr([FORMAT, reading_of(settings), settings.timeout]).encode())
    for source in sources:
        digest.update(repr([source.name, source.size, source.changed]).encode())
    return digest.hexdigest()[:20]


def _opened(folder: Path) -> Store | None:
    if not folder.exists():
        return None
    try:
        return open_store(folder)
    except DataError as error:
        log.warning("%s", error)
        shutil.rmtree(folder, ignore_errors=True)
        return None


def _made(
    settings: MusicSourceSettings,
    sources: Sequence[Source],
    folder: Path,
    parallel: ParallelSettings,
    progress: bool,
) -> Store:
    log.info("preparing %d pieces in %s", len(sources), folder)
    database = cache_folder() / "pieces" / f"{FORMAT}-{reading_of(settings)}.sqlite"
    with closing(PieceCache(database)) as cache:
        contents = read_new(cache, sources, settings, parallel, progress)
        bar = tqdm(
            zip(sources, contents, strict=True), "writing", len(sources),
            unit="piece", disable=None if progress else True,
        )  # fmt: skip
        write_store(folder, _from_cache(cache, bar), settings.grid, settings.quantize)
    return open_store(folder)


def _from_cache(
    cache: PieceCache, contents: Iterator[tuple[Source, str | MusicFileError]]
) -> Iterator[tuple[str, str, Piece | MusicFileError]]:
    """Yield (source, sha256, piece or the fault), in the order of `contents`."""
    for source, content in contents:
        if isinstance(content, MusicFileError):
            yield source.name, "", content
            continue
        found = cache.get(content)
        if found is None or found.data is None:
            fault = fault_of(found, source.name) if found else MusicFileError("was taken away")
            yield source.name, "", fault
            continue
        piece = unpack(found.data)
        title = piece.title or Path(source.name).stem
        yield source.name, content.partition(":")[0], replace(piece, title=title)
