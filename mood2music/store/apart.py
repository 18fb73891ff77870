"""Reads a few files of music into a store of their own and leaves nothing of them in the cache."""

from collections.abc import Iterator
from pathlib import Path

from mood2music.errors import DataError, MusicFileError
from mood2music.files import checksum
from mood2music.isolate import Isolated
from mood2music.store.event_store import Store, open_store, write_store
from mood2music.store.piece import Piece, to_piece
from mood2music.store.safely import read_safely
from mood2music.store.sources import MusicSourceSettings, find_sources


def prepare_apart(settings: MusicSourceSettings, folder: Path) -> Store:
    """Write the store of what `settings` name into `folder`, and open it.

    For what is somebody else's, as a visitor's files are, and few: nothing that was read before is
    known. Raises DataError where nothing can be read.
    """
    sources = find_sources(settings)
    with Isolated() as child:

        def pieces() -> Iterator[tuple[str, str, Piece | MusicFileError]]:
            for source in sources:
                path = Path(str(source.path))
                try:
                    notes = read_safely(path, settings.grid, child, settings.timeout)
                except MusicFileError as error:
                    yield source.name, "", error
                    continue
                yield source.name, checksum(path), to_piece(notes, settings.quantize)

        write_store(folder, pieces(), settings.grid, settings.quantize)
    store = open_store(folder)
    if not store.pieces:
        raise DataError(f"no readable music: {store.faults[0][1]}")
    return store
