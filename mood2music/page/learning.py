"""Learns styles from visitors' own files, one at a time; the others wait and are told so."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mood2music.errors import InputError
from mood2music.page.run_folders import RunFolders
from mood2music.page.uploads import Uploads
from mood2music.page.work import Done, Step, Teller, follow
from mood2music.style.learning import Learning
from mood2music.style.own import Learnt, learn_style

# What a visitor's own style is called; styles that wait or are learnt; styles of one visit.
OWN = "your own style"
LINE, MOST = 4, 4


class Learner:
    """The styles of all visits, by the name of the browser's session."""

    def __init__(self, folders: RunFolders, uploads: Uploads, base: Path, how: Learning) -> None:
        """`base`: the file of the network that goes on learning; `how`: and how long at most."""
        self._folders, self._uploads, self._base, self.how = folders, uploads, base, how
        self._pool = ThreadPoolExecutor(1, "learning")
        self._line: list[str] = []
        self._stops: dict[str, threading.Event] = {}
        self._learnt: dict[str, list[tuple[Path, Path]]] = {}
        self._lock = threading.Lock()

    def learn(self, visitor: str, files: Sequence[Path]) -> Iterator[Step | Done[Learnt]]:
        """Learn from uploaded files, or a zip of them, telling the steps.

        Raises InputError for one style more than may wait or than a visit has, Cancelled when it
        was stopped, and what `learn_style` raises.
        """
        folder = self._folders.private()
        music = folder / OWN
        music.mkdir()
        kept = False
        try:
            stop = self._begin(visitor)
            try:
                taken = [
                    self._uploads.take(file, _numbered(music, n)) for n, file in enumerate(files)
                ]
                source = music
                if len(taken) == 1 and taken[0].suffix.lower() == ".zip":
                    source = Path(shutil.move(taken[0], folder / f"{OWN}.zip"))

                def work(teller: Teller) -> Learnt:
                    teller.check()
                    return learn_style(
                        source, self._base, self.how, teller.count, teller.say, folder
                    )

                for step in follow(work, stop, self._pool):
                    if isinstance(step, Done):
                        kept = self._keep(visitor, step.result.path, folder)
                    yield step
            finally:
                with self._lock:
                    self._line.remove(visitor)
        finally:
            if not kept:
                self._folders.remove(folder)

    def ahead(self, visitor: str) -> int:
        """Count the styles that are learnt before the visitor's."""
        with self._lock:
            return self._line.index(visitor) if visitor in self._line else 0

    def style(self, visitor: str) -> Path | None:
        """Give the file of the style that the visitor had learnt last, None where there is none."""
        learnt = self._learnt.get(visitor)
        return learnt[-1][0] if learnt else None

    def stop(self, visitor: str) -> None:
        """End the visitor's learning, or its waiting; without one nothing happens."""
        with self._lock:
            if stop := self._stops.get(visitor):
                stop.set()

    def close(self) -> None:
        """End all learning, and wait until it has."""
        with self._lock:
            for stop in self._stops.values():
                stop.set()
        self._pool.shutdown()

    def leave(self, visitor: str) -> None:
        """Forget a visitor who closed the page, and remove their styles."""
        self.stop(visitor)
        with self._lock:
            learnt = self._learnt.pop(visitor, [])
            self._stops.pop(visitor, None)
        for _, folder in learnt:
            self._folders.remove(folder)

    def _begin(self, visitor: str) -> threading.Event:
        with self._lock:
            if visitor in self._line:
                raise InputError("a style of yours is being learnt already: wait, or stop it")
            if len(self._line) >= LINE:
                raise InputError("many styles wait to be learnt here: try again in a few minutes")
            if len(self._learnt.get(visitor, [])) >= MOST:
                raise InputError(f"{MOST} styles of one visit are enough: reload the page")
            self._line.append(visitor)
            self._stops[visitor] = threading.Event()
            return self._stops[visitor]

    def _keep(self, visitor: str, style: Path, folder: Path) -> bool:
        """Keep a style for a visitor who is still there, and say whether."""
        with self._lock:
            here = visitor in self._stops
            if here:
                self._learnt.setdefault(visitor, []).append((style, folder))
        return here


def _numbered(folder: Path, number: int) -> Path:
    """Make a folder, so that files of one name do not meet."""
    made = folder / f"{number:03d}"
    made.mkdir()
    return made
