"""Shows the steps of a run and what came of it, as the values of the page's outputs."""

import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr

from mood2music.errors import Mood2MusicError
from mood2music.mood import Mood
from mood2music.page.cards import card, failed, finished, gone, working
from mood2music.page.results import as_shown
from mood2music.page.runs import Run
from mood2music.page.visits import Visits
from mood2music.page.work import Cancelled, Done, Step

log = logging.getLogger(__name__)


def told(
    steps: Iterator[Step | Done[Run]], visits: Visits, who: str, ticket: str, photo: Mood | None
) -> Iterator[list[Any]]:
    """Show the steps of a visitor's run, the one with this ticket, and what came of it."""
    try:
        for step in steps:
            if isinstance(step, Step):
                draft = None if step.shown is None else step.shown.as_dict()
                yield shown(working(step), working=True, draft=draft)
            else:
                run = step.result
                parts = [(part.composed, part.written) for part in run.parts]
                yield shown(finished(step), as_shown(parts, photo, run.dial))
    except Cancelled:
        # Steps that were on their way when Cancel was pressed may have come behind its answer.
        current = visits.current(who, ticket)
        yield shown(card("cancelled", "Cancelled")) if current else [gr.skip()] * 5
    except Mood2MusicError as error:
        yield shown(failed(error, card=True))
    except Exception:
        log.exception("a run of the page failed")
        yield shown(gone("Something went wrong that should not; the page's log says what."))


def buttons(working: bool) -> list[Any]:
    """Write and Cancel: one of them can be pressed."""
    return [gr.update(interactive=not working), gr.update(interactive=working)]


def shown(status: str, results: Any = None, working: bool = False, draft: Any = None) -> list[Any]:
    """Give the values of a run's outputs: status, results (None: as they are), buttons, draft."""
    return [status, gr.skip() if results is None else results, *buttons(working), draft]
