"""Keeps visitors apart: each with runs, a music file and a way to be stopped of their own."""

import secrets
import shutil
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mood2music.errors import InputError
from mood2music.page.composing import Asked, made
from mood2music.page.own_music import OwnMusic
from mood2music.page.photo_turns import PhotoTurns
from mood2music.page.run_folders import RunFolders
from mood2music.page.runs import Run
from mood2music.page.sessions import Sessions, session_of
from mood2music.page.uploads import Uploads
from mood2music.page.work import Cancelled, Done, Going, Step, Teller

# Runs of one visitor whose files are kept, to go back to; each holds about 1 MB a variant.
RUNS = 8
# Links of one visit.
SHARED = 16


@dataclass
class Visit:
    """What belongs to one visitor.

    hearing: folder of the song that is heard; ticket: of the run that was begun last; stop: ends
    it; going: that run; plane: what the plane showed then; left: whether the visit is over; shared:
    links made for others.
    """

    runs: list[Run] = field(default_factory=list)
    hearing: Path | None = None
    ticket: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    going: Going[Run] | None = None
    plane: Mapping[str, Any] | None = None
    left: bool = False
    shared: int = 0


class Visits:
    """All visits, by their names."""

    def __init__(
        self, folders: RunFolders, uploads: Uploads, workers: int, away: float = 0.0
    ) -> None:
        """`folders`: for files; `uploads`: that came; `workers`: runs at the same time.

        away: seconds that a visit is kept for who left it and may come back.
        """
        self.sessions = Sessions(away)
        self.sessions.ending.append(self.leave)
        self._folders, self.uploads, self.root = folders, uploads, folders.root
        self.photos = PhotoTurns(folders, uploads)
        self.music = OwnMusic(folders, uploads)
        # Threads that stay: what verovio and the allocator keep for a thread is kept once.
        self._pool = ThreadPoolExecutor(workers, "composing")
        self._visits: dict[str, Visit] = {}
        self._lock = threading.Lock()

    def visitor(self, request: Any) -> str:
        """Name the visit that a request belongs to."""
        return self.sessions.name(session_of(request))

    def begin(self, visitor: str) -> str:
        """End a run of the visitor that goes on or waits, and give the ticket of the next one."""
        with self._lock:
            visit = self._visits.setdefault(visitor, Visit())
            visit.stop.set()
            visit.stop, visit.ticket = threading.Event(), secrets.token_hex(8)
            return visit.ticket

    def current(self, visitor: str, ticket: str) -> bool:
        """Whether no other run was begun since this ticket was given."""
        visit = self._visits.get(visitor)
        return visit is not None and visit.ticket == ticket

    def stop(self, visitor: str) -> bool:
        """End the run that goes on or waits, and say whether there is one."""
        with self._lock:
            visit = self._visits.get(visitor)
            going = visit is not None and not visit.stop.is_set()
            if visit is not None:
                visit.stop.set()
        return going

    def close(self) -> None:
        """End all runs that go on or wait, and wait until they have."""
        with self._lock:
            for visit in self._visits.values():
                visit.stop.set()
        self._pool.shutdown()

    def compose(self, visitor: str, asked: Asked, ticket: str) -> Iterator[Step | Done[Run]]:
        """Compose and write, telling the steps.

        It goes on also where nobody listens any more: who was cut off may come back. Raises what
        `made` raises, InputError where the file that it starts from is gone, and Cancelled: also
        when the run was stopped, or another was begun, while this one waited for its turn.
        """
        # At once: the file may be cleared, or go with its run, while this one waits for a thread.
        private, own = self._own(asked)

        def work(teller: Teller) -> Run:
            folders = [self._folders.new() for _ in own.requests]
            try:
                teller.check()
                parts = made(own, folders, teller)
                run = Run(own.settings, parts, private, own.dial, own.shape)
                self._finish(visit, run)
            except BaseException:
                self._folders.remove_all(*folders, private)
                raise
            return run

        with self._lock:
            visit = self._visits.get(visitor, Visit())
            current = bool(ticket) and ticket == visit.ticket
            if current:
                visit.going = going = Going(work, visit.stop, self._pool)
        if not current:
            self._folders.remove_all(private)
            raise Cancelled
        try:
            yield from going.steps()
        except Cancelled:
            self._folders.remove_all(private)  # of one that never began, too
            raise

    def remember(self, visitor: str, plane: Mapping[str, Any]) -> None:
        """Remember what the plane shows, for who is cut off and comes back."""
        self._visit(visitor).plane = plane

    def left(
        self, visitor: str
    ) -> tuple[Mapping[str, Any], str, Iterator[Step | Done[Run]]] | None:
        """Give what a visitor left: the plane, the ticket and steps of a run that goes on.

        Or of one that failed while nobody listened, or the last one that is there; None without.
        """
        visit = self._visits.get(visitor)
        if visit is None or visit.plane is None:
            return None
        if visit.going is not None and visit.going.untold:
            return visit.plane, visit.ticket, visit.going.steps()
        last = [run for run in visit.runs[-1:] if run.there]
        return (visit.plane, visit.ticket, iter([Done(last[0], ())])) if last else None

    def run(self, visitor: str, name: str) -> Run | None:
        """Give a finished run of the visitor by its folder's name, None where it is gone."""
        visit = self._visits.get(visitor)
        runs = visit.runs if visit else []
        return next((run for run in runs if run.name == name), None)

    def share(self, visitor: str) -> Path:
        """Make a folder for what others may fetch, also when the visitor has left, until it is old.

        Raises InputError for one more than a visit may have.
        """
        visit = self._visit(visitor)
        with self._lock:
            if visit.shared >= SHARED:
                raise InputError(f"{SHARED} links of one visit are enough: reload the page")
            visit.shared += 1
        return self._folders.new()

    def hearing(self, visitor: str) -> Path:
        """Make the folder for a song to be heard, in place of the one before."""
        visit, folder = self._visit(visitor), self._folders.new()
        with self._lock:
            old, visit.hearing = visit.hearing, folder
        self._folders.remove_all(old)
        return folder

    def leave(self, visitor: str) -> None:
        """Forget a visitor: end the run, remove all files."""
        self.music.leave(visitor)
        with self._lock:
            visit = self._visits.pop(visitor, None)
            if visit is None:
                return
            visit.left = True
            visit.stop.set()
        self._folders.remove_all(visit.hearing)
        for run in visit.runs:
            self._folders.remove_all(*run.folders, run.private)

    def _visit(self, visitor: str) -> Visit:
        with self._lock:
            return self._visits.setdefault(visitor, Visit())

    def _own(self, asked: Asked) -> tuple[Path | None, Asked]:
        """Copy the file that a run starts from, so that it stays as long as the run.

        Its name is its title, where one is given. Raises InputError where it is gone.
        """
        settings, title = asked.settings, asked.title
        file = settings.midi or settings.audio
        if file is None:
            return None, asked
        private = self._folders.private()
        named = "".join(c for c in title if c.isprintable() and c not in "/\\:")[:80].strip(" .")
        name = f"{named}{Path(file).suffix}" if named else Path(file).name
        try:
            copy = str(shutil.copy(file, private / name))
        except FileNotFoundError:
            self._folders.remove_all(private)
            raise InputError(f"{Path(file).name} is no longer here: send it again") from None
        if settings.midi is not None:
            return private, replace(asked, settings=replace(settings, midi=copy))
        return private, replace(asked, settings=replace(settings, audio=copy))

    def _finish(self, visit: Visit, run: Run) -> None:
        """Keep the run, and of the earlier ones the last few. Raises Cancelled for who left."""
        with self._lock:
            if visit.left:
                raise Cancelled
            visit.runs.append(run)
            old, visit.runs[:] = visit.runs[:-RUNS], visit.runs[-RUNS:]
        for gone in old:
            self._folders.remove_all(*gone.folders, gone.private)


def shown_run(visits: Visits, visitor: str, results: Any) -> Run | None:
    """Find the run that a visitor looks at by what the page shows, None where it is gone."""
    name = results.get("run") if isinstance(results, dict) else None
    return visits.run(visitor, str(name))
