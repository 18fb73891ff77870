"""Does what a page asks that is loaded, closed or loaded anew: whose visit it is, what was left."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from mood2music.page.form import photo_of
from mood2music.page.learning import Learner
from mood2music.page.sessions import session_of
from mood2music.page.telling import told
from mood2music.page.visits import Visits


class Returning:
    """The page's functions for who comes and goes, for all visitors."""

    def __init__(self, visits: Visits, learner: Learner) -> None:
        """Take what all visitors share."""
        self.visits, self.learner = visits, learner

    def arrive(self, token: Any, request: gr.Request) -> dict[str, Any]:
        """Let a page that was loaded be of the visit that its tab had, or of a new one.

        Gives the visit's token, and whether something was left there.
        """
        session = session_of(request)
        token = self.visits.sessions.arrive(session, token)
        who = self.visits.visitor(request)
        if who != session:  # the field of a page that was loaded anew shows no file
            self.visits.music.take(who, None)
        return {"token": token, "left": self.visits.left(who) is not None}

    def back(self, request: gr.Request) -> Iterator[list[Any]]:
        """Show who comes back mood and own style, and the run that goes on or the last piece."""
        who = self.visits.visitor(request)
        left = self.visits.left(who)
        if left is None:  # it has become too old since
            yield [gr.skip()] * 7
            return
        plane, ticket, steps = left
        once: list[Any] = [plane, gr.update(visible=self.learner.style(who) is not None)]
        for values in told(steps, self.visits, who, ticket, photo_of(plane)):
            yield [*once, *values]
            once = [gr.skip()] * 2  # the mood may be moved meanwhile

    def leave(self, request: gr.Request) -> None:
        """Let a visit wait for who closed the page, or was cut off."""
        self.visits.sessions.leave(session_of(request))
