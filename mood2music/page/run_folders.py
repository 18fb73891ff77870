"""Keeps folders for visitors' files: some the page may serve, each with a name nobody can guess."""

import secrets
import shutil
import tempfile
import threading
import time
from pathlib import Path

# Seconds that an upload may wait for the page's own call that takes it, and how often it is looked.
TAKEN = 600.0
EVERY = 60.0


class RunFolders:
    """Makes and removes folders below a temporary one of its own.

    `served`: where runs lie, whose files the page may serve; `uploads`: where Gradio puts what is
    uploaded; `private` folders have no address. A thread looks once a minute for runs older
    than `keep` seconds and for uploads that nobody took, and removes them; `close` removes all.
    """

    def __init__(self, keep: float) -> None:
        """`keep`: seconds that a run's files can be fetched."""
        self.root = Path(tempfile.mkdtemp(prefix="mood2music-"))
        self.served = self.root / "runs"
        self.uploads = self.root / "uploads"
        self._private = self.root / "private"
        for folder in (self.served, self.uploads, self._private):
            folder.mkdir()
        self._ages = {self.served: keep, self.uploads: TAKEN}
        self._closed = threading.Event()
        threading.Thread(target=self._look, name="sweeping", daemon=True).start()

    def new(self) -> Path:
        """Make an empty folder for a run."""
        return _made(self.served)

    def private(self) -> Path:
        """Make an empty folder that no address leads to; it stays until it is removed."""
        return _made(self._private)

    def sweep(self) -> None:
        """Remove runs whose time is over and uploads that nobody took."""
        for parent, age in self._ages.items():
            for folder in parent.iterdir():
                try:
                    old = time.time() - folder.stat().st_mtime > age
                except FileNotFoundError:  # removed meanwhile
                    continue
                if old:
                    self.remove(folder)

    def remove(self, folder: Path) -> None:
        """Remove one folder, or do nothing when it is gone or none of these."""
        if self.root in folder.parents:
            shutil.rmtree(folder, ignore_errors=True)

    def remove_all(self, *folders: Path | None) -> None:
        """Remove those of these that are one."""
        for folder in folders:
            if folder is not None:
                self.remove(folder)

    def close(self) -> None:
        """Remove them all."""
        self._closed.set()
        shutil.rmtree(self.root, ignore_errors=True)

    def _look(self) -> None:
        while not self._closed.wait(EVERY):
            self.sweep()


def _made(parent: Path) -> Path:
    folder = parent / secrets.token_urlsafe(16)
    folder.mkdir()
    return folder
