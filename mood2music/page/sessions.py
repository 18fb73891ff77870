"""Tells whose visit a browser's session is, and when a visit is over.

A page that is loaded anew, as Gradio does where the connection was cut, is another session; it
names its visit by a token that only its own tab holds. A visit whose page has gone is over when
nobody came back to it for a while.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Seen:
    """A visit: its name, which is its first session's; the session of now; what ends it."""

    name: str
    session: str
    over: threading.Timer | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))


class Sessions:
    """The sessions of all visits."""

    def __init__(self, away: float) -> None:
        """`away`: seconds that a visit waits for who left it."""
        self.away = away
        # What is called with a visit's name when it is over.
        self.ending: list[Callable[[str], object]] = []
        self._visits: dict[str, Seen] = {}
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
                seen = self._visits.get(session) or Seen(session, session)
            if seen.over is not None:
                seen.over.cancel()
            seen.session, seen.over = session, None
            self._visits[session] = seen
            return seen.token

    def leave(self, session: str) -> None:
        """End a visit after a while, unless its page was loaded anew meanwhile."""
        with self._lock:
            seen = self._visits.setdefault(session, Seen(session, session))
            if seen.session != session:
                return
            self._wait(seen)

    def _wait(self, seen: Seen) -> None:
        if seen.over is not None:
            seen.over.cancel()
        seen.over = threading.Timer(self.away, self._end, [seen])
        seen.over.daemon = True
        seen.over.start()

    def _end(self, seen: Seen) -> None:
        with self._lock:
            if seen.over is None:  # who left has come back
                return
            for session in [session for session, one in self._visits.items() if one is seen]:
                del self._visits[session]
        for end in self.ending:
            end(seen.name)


def session_of(request: Any) -> str:
    """Name of the browser's session that a request comes from."""
    return str(request.session_hash)
