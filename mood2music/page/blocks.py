"""Makes of Gradio's blocks a page whose values the actions judge, in the page's own words."""

import html
import logging
from pathlib import Path
from typing import Any

import gradio as gr

from mood2music.errors import Mood2MusicError

FAILED = "that did not work: reload the page, then try again; the page's log says what failed"
ASSETS = Path(__file__).parent / "assets"
# What a visitor fills in.
FIELDS = gr.Number | gr.Slider | gr.Dropdown | gr.Textbox | gr.Checkbox | gr.Radio

log = logging.getLogger(__name__)


def as_uploaded(field: gr.Image | gr.File) -> Any:
    """Let a field's value be where a file lies as it was uploaded, neither opened nor copied.

    Of several it is a list. What it holds is then judged by the program's own loaders, in their
    words. (A subclass would be taken for a component with a front end of its own.)
    """

    def as_sent(payload: Any) -> Any:
        if payload is None:
            return None
        several = getattr(payload, "root", None)
        return payload.path if several is None else [file.path for file in several]

    setattr(field, "preprocess", as_sent)  # noqa: B010
    return field


class Page(gr.Blocks):
    """Gradio's page, whose values are judged by the actions and whose failures are said plainly."""

    def as_sent(self) -> None:
        """Let every field's value be what was sent: `form` says what it may be, in its words."""
        for field in self.blocks.values():
            if isinstance(field, FIELDS):
                setattr(field, "preprocess", lambda payload: payload)  # noqa: B010

    async def process_api(self, *given: Any, **named: Any) -> dict[str, Any]:
        """Call a function; what it raises is a sentence for the visitor."""
        try:
            answer: dict[str, Any] = await super().process_api(*given, **named)
        except Mood2MusicError as error:
            raise gr.Error(html.escape(str(error)), print_exception=False) from error
        except Exception as error:
            log.exception("a call of the page failed")
            raise gr.Error(FAILED, print_exception=False) from error
        return answer


def asset(name: str) -> str:
    """Read a file of the page's own scripts and styles."""
    return (ASSETS / name).read_text(encoding="utf-8")


def files_of(page: gr.Blocks) -> dict[int, list[int]]:
    """Give each function's number, and how many files its values hold: 0, 1, or 2 for several."""
    return {
        number: [
            isinstance(field, gr.Image | gr.File)
            + (getattr(field, "file_count", "single") == "multiple")
            for field in function.inputs
        ]
        for number, function in page.fns.items()
    }
