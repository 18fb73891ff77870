"""Lays out the page: what stands where, and which function each button calls."""

import html
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from mood2music.errors import Mood2MusicError
from mood2music.music.read import SUFFIXES
from mood2music.page.actions import Actions
from mood2music.page.form import (
    FASTEST,
    KEYS,
    RECORDINGS,
    SHORTEST,
    STRENGTH,
    TEMPERATURE,
)
from mood2music.page.settings import AppSettings, PageSettings
from mood2music.page.songs import ANY, CatalogView
from mood2music.page.visits import READS
from mood2music.render.colours import as_hex
from mood2music.render.plane import style_colours

FAILED = "that did not work: reload the page, then try again; the page's log says what failed"
log = logging.getLogger(__name__)

ASSETS = Path(__file__).parent / "assets"
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def as_uploaded(field: gr.Image | gr.File) -> Any:
    """Let a field's value be the path of the file as it was uploaded, neither opened nor copied.

    What it holds is then judged by the program's own loaders, in their words. (A subclass would be
    taken for a component with a front end of its own.)
    """
    setattr(field, "preprocess", lambda payload: None if payload is None else payload.path)  # noqa: B010
    return field


class Page(gr.Blocks):
    """Gradio's page, whose values are judged by the actions and whose failures are said plainly."""

    def as_sent(self) -> None:
        """Let every field's value be what was sent: `form` says what it may be, in its words."""
        for field in self.blocks.values():
            if isinstance(field, gr.Number | gr.Slider | gr.Dropdown | gr.Textbox | gr.Checkbox):
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


def theme() -> gr.themes.Base:
    """Give the look: the machine's own fonts, so that none is fetched."""
    sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
    plain = {
        "block_label_background_fill": "transparent",
        "block_label_border_width": "0px",
        "block_label_shadow": "none",
        "block_label_text_color": "*body_text_color",
        "block_title_background_fill": "transparent",
        "block_title_padding": "0px",
        "block_title_text_color": "*body_text_color",
        "block_title_text_weight": "500",
    }
    dark = {f"{name}_dark": value for name, value in plain.items() if "color" in name}
    return gr.themes.Soft(
        primary_hue="orange",
        neutral_hue="stone",
        radius_size="sm",
        font=sans,
        font_mono=["ui-monospace", "Consolas", "monospace"],
    ).set(**plain, **dark, block_label_background_fill_dark="transparent")


@dataclass(frozen=True)
class MoodParts:
    """The first column: where a mood comes from."""

    photo: Any
    portrait: gr.HTML
    plane: Any
    valence: gr.Number
    arousal: gr.Number


@dataclass(frozen=True)
class SongParts:
    """The second column: the songs that have it."""

    style: gr.Dropdown
    composer: gr.Dropdown
    songs: Any
    heard: gr.HTML
    own: Any


@dataclass(frozen=True)
class FormParts:
    """The third column; fields: in the order that Actions.write takes them."""

    fields: list[Any]
    write: gr.Button
    cancel: gr.Button


def mood_column(catalog: CatalogView) -> MoodParts:
    """Lay out photo, plane and numbers."""
    colours = style_colours(catalog.styles())
    gr.Markdown("## 1 · A mood")
    photo = gr.Image(
        label="Photo of a face",
        sources=["upload", "webcam"],
        type="filepath",
        height=230,
        buttons=[],
        elem_id="photo",
    )
    portrait = gr.HTML("", elem_id="portrait", visible=False)
    plane = gr.HTML(
        value={"mood": [0.0, 0.0], "photo": None, "song": None},
        html_template=asset("plane.html"),
        js_on_load=asset("plane.js"),
        songs=catalog.dots(),
        styles=[[kind, as_hex(colours[kind])] for kind in catalog.styles()],
        elem_id="plane",
    )
    with gr.Row():
        valence, arousal = (
            gr.Number(
                0.0,
                label=axis.capitalize(),
                minimum=-1,
                maximum=1,
                step=0.05,
                min_width=110,
                elem_id=axis,
            )
            for axis in ("valence", "arousal")
        )
    return MoodParts(as_uploaded(photo), portrait, plane, valence, arousal)


def song_column(catalog: CatalogView) -> SongParts:
    """Lay out filters, the list, and the field for a file of one's own."""
    gr.Markdown("## 2 · A song that has it")
    with gr.Row():
        style = gr.Dropdown([ANY, *catalog.styles()], value=ANY, label="Style", min_width=120)
        composer = gr.Dropdown(
            [ANY, *catalog.composers()], value=ANY, label="Composer", min_width=160
        )
    songs = gr.HTML(
        value={"songs": [], "chosen": None},
        html_template=asset("songs.html"),
        js_on_load=asset("songs.js"),
        elem_id="songs",
    )
    heard = gr.HTML("", elem_id="heard", visible=False)
    own = gr.File(
        label="Or a music file of your own",
        file_types=[*SUFFIXES, *RECORDINGS],
        type="filepath",
        height=165,
        elem_id="own",
    )
    return SongParts(style, composer, songs, heard, as_uploaded(own))


def form_column(most: AppSettings, styles: Sequence[str], models: list[str]) -> FormParts:
    """Lay out what is asked of the piece, and the two buttons."""
    gr.Markdown("## 3 · A style and a form")
    strengths = [
        gr.Slider(*STRENGTH, value=float(name == "jazz"), step=0.1, label=name.capitalize())
        for name in styles
    ]
    with gr.Row():
        length = gr.Slider(
            min(SHORTEST, most.longest),
            most.longest,
            value=min(200, most.longest),
            step=10,
            label="Events to write",
            elem_id="length",
        )
        heat = gr.Slider(*TEMPERATURE, value=0.85, step=0.05, label="Temperature: safe to bold")
    with gr.Row():
        variants = gr.Slider(
            1, most.variants, value=min(2, most.variants), step=1, label="Variants"
        )
        sections = gr.Textbox(
            "", label="Sections", placeholder="one, or A B A2 C A3", elem_id="sections"
        )
    with gr.Row():
        key = gr.Dropdown(KEYS, value=KEYS[0], label="Key signature", min_width=120)
        tempo = gr.Number(
            0, label="Tempo, 0: the song's", minimum=0, maximum=FASTEST, min_width=120
        )
    with gr.Row():
        model = gr.Dropdown(models, value=models[0], label="Network", min_width=120)
        keep_seed = gr.Checkbox(True, label="Open with the song's notes", min_width=120)
    with gr.Row(elem_id="go"):
        write = gr.Button("Write the music", variant="primary", elem_id="write")
        cancel = gr.Button("Cancel", elem_id="cancel", interactive=False)
    fields = [model, length, heat, sections, key, tempo, variants, keep_seed, *strengths]
    return FormParts(fields, write, cancel)


def build_page(settings: PageSettings, actions: Actions, models: list[str]) -> Page:
    """Lay out the page; `models`: the networks to choose from."""
    most = settings.app
    page: Page
    with Page(title="mood2music", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(asset("head.html"), elem_id="head")
        with gr.Row(elem_id="choose"):
            with gr.Column(min_width=320):
                mood = mood_column(actions.catalog)
            with gr.Column(min_width=320):
                song = song_column(actions.catalog)
            with gr.Column(min_width=320):
                form = form_column(most, actions.styles, models)
        status = gr.HTML("", elem_id="status")
        results = gr.HTML(
            value=None,
            html_template=asset("results.html"),
            js_on_load=asset("results.js"),
            elem_id="results",
        )
        choosing(page, actions, mood, song, status)
        running(actions, mood, song, form, status, results, most.workers)
        page.unload(actions.leave)
    page.as_sent()
    page.queue(max_size=most.waiting, default_concurrency_limit=most.workers)
    return page


def files_of(page: gr.Blocks) -> dict[int, list[bool]]:
    """Give each function's number, and which of its values are files."""
    return {
        number: [isinstance(field, gr.Image | gr.File) for field in function.inputs]
        for number, function in page.fns.items()
    }


def choosing(
    page: gr.Blocks, actions: Actions, mood: MoodParts, song: SongParts, status: gr.HTML
) -> None:
    """Join mood and songs: each change of the mood or a filter offers other songs."""
    filters = [song.style, song.composer]
    asked = [mood.plane, *filters]
    offered = [mood.plane, song.songs, mood.valence, mood.arousal, status]
    mood.photo.input(
        actions.read_photo,
        [mood.photo, *asked],
        [mood.photo, mood.portrait, *offered],
        concurrency_limit=READS,
        api_visibility="private",
        show_progress="minimal",
    )
    for number in (mood.valence, mood.arousal):
        number.input(actions.correct, [mood.valence, mood.arousal, *asked], offered, **QUIET)
    song.style.input(actions.composers, [song.style], [song.composer], **QUIET).then(
        actions.move, asked, offered, **QUIET
    )
    for listen in (mood.plane.moved, song.composer.input, page.load):
        listen(actions.move, asked, offered, **QUIET)
    song.songs.chosen(actions.choose, [mood.plane, song.songs], [mood.plane], **QUIET)
    song.songs.hear(
        actions.hear,
        [song.songs],
        [song.heard, status],
        api_visibility="private",
        show_progress="minimal",
        show_progress_on=[status],
    )
    for brought in (song.own.upload, song.own.clear):
        brought(actions.bring, [song.own], [status], **QUIET)


def running(
    actions: Actions,
    mood: MoodParts,
    song: SongParts,
    form: FormParts,
    status: gr.HTML,
    results: Any,
    workers: int,
) -> None:
    """Join the buttons to what they begin: first a ticket at once, then a place in the line."""
    ticket = gr.Textbox(visible=False)
    both = [form.write, form.cancel]
    for listen, call, inputs in (
        (form.write.click, actions.write, [mood.plane, song.songs, *form.fields]),
        (results.again, actions.again, []),
        (results.more, actions.more, [results]),
    ):
        listen(actions.begin, None, [ticket, status, *both], queue=False, **QUIET).then(
            call,
            [ticket, *inputs],
            [status, results, *both],
            concurrency_id="writing",
            concurrency_limit=workers,
            # A cancelled run ends at its next step; the next one need not wait for that.
            trigger_mode="multiple",
            api_visibility="private",
            show_progress="minimal",
            show_progress_on=[status],
        )
    form.cancel.click(actions.cancel, None, [status, *both], queue=False, **QUIET)
