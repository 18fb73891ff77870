"""Has photos read one at a time of each visitor, from a file that is deleted behind it."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mood2music.errors import InputError
from mood2music.page.run_folders import RunFolders
from mood2music.page.uploads import Uploads

# Photos read at the same time; of one visitor a single one, of one machine all but one, so that
# slow ones do not hold up everybody.
READS = 4


class PhotoTurns:
    """Gives photos of visitors to be read, and knows whose are being read."""

    def __init__(self, folders: RunFolders, uploads: Uploads) -> None:
        """`folders`: for the copies; `uploads`: that came."""
        self._folders, self._uploads = folders, uploads
        self._reading: dict[str, str] = {}
        self._lock = threading.Lock()

    @contextmanager
    def sample(self, portrait: Path) -> Iterator[Path]:
        """Have a copy of a portrait, to be read as a photo is, while the block runs."""
        folder = self._folders.private()
        try:
            yield Path(shutil.copy(portrait, folder / portrait.name))
        finally:
            self._folders.remove(folder)

    @contextmanager
    def photo(self, upload: Path) -> Iterator[Path]:
        """Have an uploaded photo where no address leads while the block runs, and delete it."""
        folder = self._folders.private()
        try:
            yield self._uploads.take(upload, folder)
        finally:
            self._folders.remove(folder)

    @contextmanager
    def reading(self, visitor: str, client: str) -> Iterator[None]:
        """Let a visitor have one photo read at a time, and a machine leave room for others.

        `client`: the machine that the visitor is at. Raises InputError for one photo more.
        """
        with self._lock:
            here = list(self._reading.values())
            if visitor in self._reading or here.count(client) >= READS - 1:
                raise InputError("a photo of yours is still being read: try again when it is done")
            self._reading[visitor] = client
        try:
            yield
        finally:
            with self._lock:
                del self._reading[visitor]
