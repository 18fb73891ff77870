"""Has photos read one at a time of each visitor, from a file that is deleted behind it."""

import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mood2music.errors import InputError
from mood2music.page.run_folders import RunFolders
from mood2music.page.uploads import Uploads
from mood2music.page.work import Cancelled

# Photos read at the same time; of one visitor a single one, of one machine all but one, so that
# slow ones do not hold up everybody.
READS = 4


class PhotoTurns:
    """Gives photos of visitors to be read, and knows whose are being read."""

    def __init__(self, folders: RunFolders, uploads: Uploads) -> None:
        """`folders`: for the copies; `uploads`: that came."""
        self._folders, self._uploads = folders, uploads
        self._machines: Counter[str] = Counter()
        self._newest: dict[str, object] = {}
        self._reading: set[str] = set()
        self._changed = threading.Condition()

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

        `client`: the machine that the visitor is at. One photo more waits for the one before.
        Raises Cancelled when yet another comes meanwhile, InputError for more than a machine may
        have read or waiting.
        """
        turn = object()
        with self._changed:
            if self._machines[client] >= READS - 1:
                raise InputError("photos of yours are still being read: try again in a moment")
            self._machines[client] += 1
            self._newest[visitor] = turn
            self._changed.notify_all()
        try:
            with self._changed:
                self._changed.wait_for(
                    lambda: visitor not in self._reading or self._newest.get(visitor) is not turn
                )
                if self._newest.get(visitor) is not turn:
                    raise Cancelled
                self._reading.add(visitor)
            try:
                yield
            finally:
                with self._changed:
                    self._reading.remove(visitor)
        finally:
            with self._changed:
                self._machines -= Counter([client])
                if self._newest.get(visitor) is turn:
                    del self._newest[visitor]
                self._changed.notify_all()
