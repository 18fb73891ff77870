"""Keeps visitors apart: each with runs, a music file and a way to be stopped of their own."""

import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from mood2music.errors import InputError
from mood2music.flow.composed import Composed
from mood2music.flow.request import GenerateSettings
from mood2music.page.composing import at_strength, composed_all
from mood2music.page.drafts import Drafts
from mood2music.page.photo_turns import PhotoTurns
from mood2music.page.run_folders import RunFolders
from mood2music.page.runs import Part, Run
from mood2music.page.sessions import Sessions, session_of
from mood2music.page.uploads import Uploads
from mood2music.page.work import Cancelled, Done, Going, Step, Teller

# Runs of one visitor whose files are kept, to go back to; each holds about 1 MB a variant.
RUNS = 8
# Links of one visit.
SHARED = 16
# Files of a variant, about: MIDI, MusicXML, piano roll, sound, two pages of score in two formats.
FILES = 8


@dataclass
class Visit:
    """What belongs to one visitor.

    music: a file of their own to start from; bringing: how many were brought, cleared ones too;
    brought: which of them `music` comes from, behind `bringing` while that is read; hearing: folder
    of the song that is heard; ticket: of the run that was begun last; stop: ends it; left: whether
    the visit is over;
    shared: links made for others; going: the run that was begun last; plane: what the plane showed
    then.
    """

    runs: list[Run] = field(default_factory=list)
    music: Path | None = None
    bringing: int = 0
    brought: int = 0
    hearing: Path | None = None
    ticket: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    left: bool = False
    shared: int = 0
    going: Going[Run] | None = None
    plane: Mapping[str, Any] | None = None


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

    def stop_all(self) -> None:
        """End all runs that go on or wait."""
        with self._lock:
            for visit in self._visits.values():
                visit.stop.set()

    def compose(
        self,
        visitor: str,
        settings: GenerateSettings,
        ticket: str,
        title: str = "",
        dial: Sequence[float] = (),
        shape: Mapping[str, Any] | None = None,
        there: Sequence[Composed] = (),
    ) -> Iterator[Step | Done[Run]]:
        """Compose and write, telling the steps; title: of the file that it starts from.

        dial: strengths of the style; at each the last variant is written by the same draw; shape:
        as of Run, None for none; there: what was composed by the same settings before and is played
        and printed anew, one for each strength; () where it is to be composed.

        Raises what `compose` raises, and Cancelled: also when the run was stopped, or another was
        begun, while this one waited for its turn.
        """
        with self._lock:
            visit = self._visits.get(visitor)
            if visit is None or ticket != visit.ticket:
                raise Cancelled
            stop = visit.stop

        def work(teller: Teller) -> Run:
            private, own = self._own(settings, title)
            asked = [at_strength(own, strength) for strength in dial] or [own]
            folders = [self._folders.new() for _ in asked]
            try:
                drafts = Drafts(folders[0], teller.show, asked[0])
                if there:
                    composed = [one.rendered_as(s) for one, s in zip(there, asked, strict=True)]
                    drafts.composed(composed[0].pieces[0])
                else:
                    composed = composed_all(asked, teller, drafts, bool(dial))
                teller.say("files  sound, score and piano roll")
                names, of = count(1), FILES * sum(len(one.pieces) for one in composed)
                teller.wrote(0, of)

                def wrote(file: Path) -> None:
                    teller.wrote(next(names), of)
                    drafts.wrote(file)

                parts = [
                    Part(one, pieces, pieces.write(folder, wrote))
                    for one, pieces, folder in zip(asked, composed, folders, strict=True)
                ]
                run = Run(own, parts, private, dial, shape or {})
                self._finish(visit, run)
            except BaseException:
                self._remove(*folders, private)
                raise
            return run

        # It goes on also where nobody listens any more: who was cut off may come back.
        visit.going = Going(work, stop, self._pool)
        yield from visit.going.steps()

    def remember(self, visitor: str, plane: Mapping[str, Any]) -> None:
        """Remember what the plane shows, for who is cut off and comes back."""
        self._visit(visitor).plane = plane

    def left(
        self, visitor: str
    ) -> tuple[Mapping[str, Any], str, Iterator[Step | Done[Run]]] | None:
        """Give what a visitor left: the plane, the ticket and steps of a run that goes on.

        Or the last one that is there; None without.
        """
        visit = self._visits.get(visitor)
        if visit is None or visit.plane is None:
            return None
        if visit.going is not None and not visit.going.over:
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

    def music(self, visitor: str) -> Path | None:
        """Give the visitor's own music file, None where there is none.

        Raises InputError while it is still read.
        """
        visit = self._visits.get(visitor)
        if visit is not None and visit.brought != visit.bringing:
            raise InputError("your own file is still being read: try again in a moment")
        return visit.music if visit else None

    def take_music(
        self, visitor: str, upload: Path | None, check: Callable[[Path], None] = lambda _: None
    ) -> Path | None:
        """Keep an uploaded music file in place of an earlier one, and give it.

        Raises as Uploads.take and `check`, which is given the file; none is kept then. Raises
        Cancelled where another was brought, or this one cleared, meanwhile.
        """
        visit = self._visit(visitor)
        with self._lock:
            visit.bringing += 1
            turn = visit.bringing
        folder = None if upload is None else self._folders.private()
        kept = None
        try:
            if upload is not None and folder is not None:
                taken = self.uploads.take(upload, folder)
                check(taken)
                kept = taken
        finally:
            with self._lock:
                last = turn == visit.bringing and not visit.left
                old = folder
                if last:
                    visit.brought = turn
                    old, visit.music = visit.music and visit.music.parent, kept
            self._remove(old, None if kept else folder)
            if not last:
                raise Cancelled
        return kept

    def hearing(self, visitor: str) -> Path:
        """Make the folder for a song to be heard, in place of the one before."""
        visit, folder = self._visit(visitor), self._folders.new()
        with self._lock:
            old, visit.hearing = visit.hearing, folder
        self._remove(old)
        return folder

    def leave(self, visitor: str) -> None:
        """Forget a visitor: end the run, remove all files."""
        with self._lock:
            visit = self._visits.pop(visitor, None)
            if visit is None:
                return
            visit.left = True
            visit.stop.set()
        self._remove(visit.music and visit.music.parent, visit.hearing)
        for run in visit.runs:
            self._remove(*run.folders, run.private)

    def _visit(self, visitor: str) -> Visit:
        with self._lock:
            return self._visits.setdefault(visitor, Visit())

    def _own(self, settings: GenerateSettings, title: str) -> tuple[Path | None, GenerateSettings]:
        """Copy the file that a run starts from, so that it stays as long as the run.

        Its name is its title, where one is given.
        """
        file = settings.midi or settings.audio
        if file is None:
            return None, settings
        private = self._folders.private()
        named = "".join(c for c in title if c.isprintable() and c not in "/\\:")[:80].strip(" .")
        name = f"{named}{Path(file).suffix}" if named else Path(file).name
        copy = str(shutil.copy(file, private / name))
        if settings.midi is not None:
            return private, replace(settings, midi=copy)
        return private, replace(settings, audio=copy)

    def _finish(self, visit: Visit, run: Run) -> None:
        """Keep the run, and of the earlier ones the last few. Raises Cancelled for who left."""
        with self._lock:
            if visit.left:
                raise Cancelled
            visit.runs.append(run)
            old, visit.runs[:] = visit.runs[:-RUNS], visit.runs[-RUNS:]
        for gone in old:
            self._remove(*gone.folders, gone.private)

    def _remove(self, *folders: Path | None) -> None:
        for folder in folders:
            if folder is not None:
                self._folders.remove(folder)


def shown_run(visits: Visits, visitor: str, results: Any) -> Run | None:
    """Find the run that a visitor looks at by what the page shows, None where it is gone."""
    name = results.get("run") if isinstance(results, dict) else None
    return visits.run(visitor, str(name))
