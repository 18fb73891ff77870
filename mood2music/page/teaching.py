"""Does what the page's part for one's own style asks: learns it, says how far it is, stops it."""

import html
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from mood2music.errors import Mood2MusicError
from mood2music.page.cards import failed
from mood2music.page.learning import Learner
from mood2music.page.sessions import session_of
from mood2music.page.work import Cancelled, Done, Step
from mood2music.style.own import Learnt


class Teaching:
    """The page's functions for one's own style, for all visitors."""

    def __init__(
        self, learner: Learner, strengths: int, visitor: Callable[[Any], str] = session_of
    ) -> None:
        """`strengths`: how many styles the form has, which are turned down for one's own.

        visitor: names the visit that a request belongs to.
        """
        self.learner, self.strengths, self.visitor = learner, strengths, visitor

    def learn(self, paths: list[str] | None, request: gr.Request) -> Iterator[list[Any]]:
        """Learn from what was uploaded, and let the style be chosen."""
        who = self.visitor(request)
        if not paths:
            yield self._shown('<p class="failed" role="alert">Choose a few files first.</p>')
            return
        files = [Path(path) for path in paths]
        try:
            for step in self.learner.learn(who, files):
                if isinstance(step, Done):
                    yield self._shown(learnt_words(step.result), files, learnt=True)
                else:
                    words = going_on(step, self.learner.ahead(who), self.learner.how.minutes)
                    yield self._shown(words, files, working=True)
                    files = []
        except Cancelled:
            yield self._shown('<p role="status">Stopped. Nothing was learnt.</p>', files)
        except Mood2MusicError as error:
            yield self._shown(failed(error), files)

    def stop(self, request: gr.Request) -> None:
        """End the learning."""
        self.learner.stop(self.visitor(request))

    def _shown(
        self, words: str, files: Sequence[Path] = (), working: bool = False, learnt: bool = False
    ) -> list[Any]:
        """Give what is said, both buttons, the field, the own style's strength, the others'.

        files: that the field shows; those that were taken are shown no more, nor sent again.
        """
        field = gr.skip() if all(file.is_file() for file in files) else None
        own = gr.update(visible=True, value=1.0) if learnt else gr.skip()
        # One update each: Gradio takes the value out of the one that it is given.
        others = [gr.update(value=0.0) if learnt else gr.skip() for _ in range(self.strengths)]
        buttons = [gr.update(interactive=not working), gr.update(visible=working)]
        return [words, *buttons, field, own, *others]


def going_on(step: Step, ahead: int, minutes: float) -> str:
    """Say how far the learning is; ahead: styles that are learnt before."""
    if ahead:
        words = f"{ahead} before you: yours is learnt then"
    elif not step.lines:
        words = "Reading your files"
    else:
        words = f"Learning, at most {minutes:g} minutes; write other pieces meanwhile"
    percent = round(100 * step.done / step.total) if step.total else 0
    return (
        f'<p role="status">{words}</p>'
        f'<progress max="100" value="{percent}" aria-label="how much is learnt"></progress>'
    )


def learnt_words(learnt: Learnt) -> str:
    """Say what was learnt, and whether it is worth anything."""
    better = learnt.after < learnt.before
    how = (
        "It is part of the list now, for this visit and for you alone."
        if better
        else "They were too few or too different for the style to be heard clearly: more help."
    )
    whole = learnt.pieces + learnt.held_out
    return (
        f'<p role="status" data-learnt="{whole}">Learnt from {whole} pieces in '
        f"{learnt.seconds:.0f} seconds. {html.escape(how)}</p>"
    )
