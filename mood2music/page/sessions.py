"""Tells whose visit a browser's session is, and when a visit is over.

A page that is loaded anew, as Gradio does where the connection was cut, is another session; it
names its visit by a token that only its own tab holds. A visit that no page is open of is over when
nobody came back to it for a while.
"""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Seen:
    """A visit: its name, which is its first session's; sessions whose page is open; its token.

    over: when it ends, in seconds of `time.monotonic`; None while a page is open.
    """

    name: str
    here: set[str] = field(default_factory=set)
    over: float | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))


class Sessions:
    """The sessions of all visits."""

    def __init__(self, away: float) -> None:
        """`away`: seconds that a visit waits for who left it."""
        self.away = away
        # What is called with a visit's name when it is over.
        self.ending: list[Callable[[str], object]] = []
        self._visits: dict[str, Seen] = {}
        # One for all visits that were left: it rings when the first of them ends.
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def name(self, session: str) -> str:
        """Give the name of a session's visit. One that had been left waits as long once more."""
        with self._lock:
            seen = self._visits.get(session)
            if seen is None:
                return session
            if seen.over is not None:
                self._wait(seen)
            return seen.name

    def arrive(self, session: str, token: Any) -> str:
        """Let a session be of the visit that has this token, or of a new one; give its token."""
        with self._lock:
            seen = next((one for one in self._visits.values() if one.token == token), None)
            if seen is None:
                seen = self._visits.get(session) or Seen(session)
            seen.here.add(session)
            seen.over = None
            self._visits[session] = seen
            return seen.token

    def leave(self, session: str) -> None:
        """End a visit after a while, unless a page of it is open, or loaded anew meanwhile."""
        with self._lock:
            seen = self._visits.setdefault(session, Seen(session))
            seen.here.discard(session)
            if not seen.here:
                self._wait(seen)

    def _wait(self, seen: Seen) -> None:
        seen.over = time.monotonic() + self.away
        if self._timer is None:
            self._ring(self.away)

    def _ring(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def _end(self) -> None:
        """End the visits whose time has come, and ring again for the next one."""
        with self._lock:
            now = time.monotonic()
            left = {seen: seen.over for seen in self._visits.values() if seen.over is not None}
            ended = {seen for seen, over in left.items() if over <= now}
            self._visits = {one: seen for one, seen in self._visits.items() if seen not in ended}
            self._timer = None
            if later := [over for seen, over in left.items() if seen not in ended]:
                self._ring(min(later) - now)
        for seen in ended:
            for end in self.ending:
                end(seen.name)


def session_of(request: Any) -> str:
    """Name of the browser's session that a request comes from."""
    return str(request.session_hash)
