"""Keeps each visitor's own music file, the one that was brought last, until the visit is over."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mood2music.errors import InputError
from mood2music.page.run_folders import RunFolders
from mood2music.page.uploads import Uploads
from mood2music.page.work import Cancelled


@dataclass
class Brought:
    """A visitor's file, None where there is none.

    turns: how many were brought, cleared ones too; read: which of them `file` comes from, behind
    `turns` while that is read; left: whether the visit is over.
    """

    file: Path | None = None
    turns: int = 0
    read: int = 0
    left: bool = False


class OwnMusic:
    """The own files of all visits, by their names."""

    def __init__(self, folders: RunFolders, uploads: Uploads) -> None:
        """`folders`: where they lie; `uploads`: that came."""
        self._folders, self._uploads = folders, uploads
        self._brought: dict[str, Brought] = {}
        self._lock = threading.Lock()

    def file(self, visitor: str) -> Path | None:
        """Give the visitor's file, None where there is none.

        Raises InputError while it is still read.
        """
        own = self._brought.get(visitor)
        if own is not None and own.read != own.turns:
            raise InputError("your own file is still being read: try again in a moment")
        return own.file if own else None

    def take(
        self, visitor: str, upload: Path | None, check: Callable[[Path], None] = lambda _: None
    ) -> Path | None:
        """Keep an uploaded file in place of an earlier one, and give it; None clears that.

        Raises as Uploads.take and `check`, which is given the file; none is kept then. Raises
        Cancelled where another was brought, or this one cleared, meanwhile.
        """
        with self._lock:
            own = self._brought.setdefault(visitor, Brought())
            own.turns += 1
            turn = own.turns
        folder = None if upload is None else self._folders.private()
        kept = None
        try:
            if upload is not None and folder is not None:
                taken = self._uploads.take(upload, folder)
                check(taken)
                kept = taken
        finally:
            with self._lock:
                last = turn == own.turns and not own.left
                old = folder
                if last:
                    own.read = turn
                    old, own.file = own.file and own.file.parent, kept
            self._folders.remove_all(old, None if kept else folder)
            if not last:
                raise Cancelled
        return kept

    def leave(self, visitor: str) -> None:
        """Forget a visitor, and remove the file."""
        with self._lock:
            own = self._brought.pop(visitor, None)
            if own is None:
                return
            own.left = True
        self._folders.remove_all(own.file and own.file.parent)
