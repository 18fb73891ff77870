"""Lays out the page: what stands where, and which function each button calls."""

import base64
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
    CANDIDATES,
    FASTEST,
    GOALS,
    KEYS,
    RECORDINGS,
    STRENGTH,
    TEMPERATURE,
    UNITS,
)
from mood2music.page.moods import WORDS
from mood2music.page.settings import AppSettings, PageSettings
from mood2music.page.songs import ANY, CatalogView
from mood2music.page.visits import READS
from mood2music.render.colours import as_hex
from mood2music.render.plane import style_colours

FAILED = "that did not work: reload the page, then try again; the page's log says what failed"
log = logging.getLogger(__name__)

# Seconds that a piece is asked to last unless a visitor says otherwise.
LENGTH = 30

ASSETS = Path(__file__).parent / "assets"
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def as_uploaded(field: gr.Image | gr.File) -> Any:
    """Let a field's value be the path of the file as it was uploaded, neither opened nor copied.

    What it holds is then judged by the program's own loaders, in their words. (A subclass would be
    taken for a component with a front end of its own.)
    """
    setattr(field, "preprocess", lambda payload: None if payload is None else payload.path)  # noqa: B010
    return field


# What a visitor fills in.
FIELDS = gr.Number | gr.Slider | gr.Dropdown | gr.Textbox | gr.Checkbox | gr.Radio


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


def head() -> str:
    """Give the page's heading, with its mark."""
    mark = base64.b64encode(asset("favicon.svg").encode()).decode()
    return asset("head.html").replace("{{MARK}}", mark)


def theme() -> gr.themes.Base:
    """Give the look: fonts of the machine, so that none is fetched; contrasts of 4.5:1 or more."""
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
        "link_text_color": "#005f99",
        "link_text_color_hover": "#004a77",
        "link_text_color_visited": "#005f99",
        "link_text_color_active": "#004a77",
    }
    light_links = [name for name in plain if name.startswith("link")]
    dark = {f"{name}_dark": plain[name] for name in plain if "color" in name}
    dark |= {f"{name}_dark": "#7cc7f5" for name in light_links}
    both = {
        "button_primary_background_fill": "*primary_700",
        "button_primary_background_fill_hover": "*primary_800",
        "button_primary_text_color": "white",
        "button_primary_text_color_hover": "white",
        "checkbox_label_background_fill_selected": "*primary_700",
        "checkbox_label_text_color_selected": "white",
        "checkbox_background_color_selected": "*primary_700",
        "checkbox_border_color": "*neutral_500",
    }
    return gr.themes.Soft(
        primary_hue="orange",
        neutral_hue="stone",
        radius_size="sm",
        font=sans,
        font_mono=["ui-monospace", "Consolas", "monospace"],
    ).set(
        **plain,
        **dark,
        **both,
        **{f"{name}_dark": value for name, value in both.items()},
        block_label_background_fill_dark="transparent",
        button_secondary_background_fill_hover_dark="*neutral_700",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
    )


@dataclass(frozen=True)
class MoodParts:
    """Where a mood comes from: a photo, a word, the plane, two numbers."""

    photo: Any
    sample: gr.Button
    portrait: gr.HTML
    told: gr.HTML
    plane: Any


@dataclass(frozen=True)
class SongParts:
    """The songs that have it, and the numbers that are asked for."""

    valence: gr.Number
    arousal: gr.Number
    style: gr.Dropdown
    composer: gr.Dropdown
    songs: Any
    told: gr.HTML
    own: Any
    own_told: gr.HTML


@dataclass(frozen=True)
class FormParts:
    """How the piece is shaped; fields: in the order that Actions.write takes them.

    typed: the fields whose values can be wrong; told: where that is said.
    """

    fields: list[Any]
    typed: list[Any]
    told: gr.HTML


def mood_part(catalog: CatalogView) -> MoodParts:
    """Lay out photo, words and plane."""
    colours = style_colours(catalog.styles())
    with gr.Row(elem_id="start"):
        with gr.Column(elem_id="face", min_width=280):
            photo = gr.Image(
                label="Photo of a face",
                sources=["upload", "webcam"],
                type="filepath",
                height=210,
                buttons=[],
                elem_id="photo",
            )
            told = gr.HTML("", elem_id="photo-said")
            sample = gr.Button("Try the sample portrait", size="sm", elem_id="sample")
            portrait = gr.HTML("", elem_id="portrait", visible=False)
        plane = gr.HTML(
            value={"mood": [0.0, 0.0], "photo": None, "song": None},
            html_template=asset("plane.html"),
            js_on_load=asset("plane.js"),
            songs=catalog.dots(),
            styles=[[kind, as_hex(colours[kind])] for kind in catalog.styles()],
            words=[[word, [mood.valence, mood.arousal]] for word, mood in WORDS.items()],
            elem_id="plane",
        )
    return MoodParts(as_uploaded(photo), sample, portrait, told, plane)


def song_part(catalog: CatalogView) -> SongParts:
    """Lay out the mood's numbers, filters, the list, and the field for a file of one's own."""
    gr.Markdown("## The song it begins with")
    with gr.Row():
        style = gr.Dropdown([ANY, *catalog.styles()], value=ANY, label="Style", min_width=120)
        composer = gr.Dropdown(
            [ANY, *catalog.composers()], value=ANY, label="Composer", min_width=160
        )
    told = gr.HTML("", elem_id="songs-said")
    songs = gr.HTML(
        value={"songs": [], "chosen": None},
        html_template=asset("songs.html"),
        js_on_load=asset("songs.js"),
        elem_id="songs",
    )
    own = gr.File(
        label="Or a music file of your own",
        file_types=[*SUFFIXES, *RECORDINGS],
        type="filepath",
        height=120,
        elem_id="own",
    )
    own_told = gr.HTML("", elem_id="own-said")
    gr.Markdown("## The mood in numbers")
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
    return SongParts(valence, arousal, style, composer, songs, told, as_uploaded(own), own_told)


def form_part(most: AppSettings, styles: Sequence[str], models: list[str]) -> FormParts:
    """Lay out what is asked of the piece."""
    gr.Markdown("## The style")
    strengths = [
        gr.Slider(*STRENGTH, value=float(name == "jazz"), step=0.1, label=name.capitalize())
        for name in styles
    ]
    gr.Markdown("## Where it leads")
    goal = gr.Radio(
        list(GOALS), value=next(iter(GOALS)), show_label=False, label="Goal", elem_id="goal"
    )
    gr.Markdown("## The form")
    with gr.Row():
        length = gr.Number(
            min(LENGTH, most.seconds), label="Length", step=1, min_width=110, elem_id="length"
        )
        unit = gr.Dropdown(
            list(UNITS), value=next(iter(UNITS)), label="in", min_width=110, elem_id="unit"
        )
    with gr.Row():
        sections = gr.Textbox(
            "", label="Sections", placeholder="A B A2 C A3", min_width=120,
            elem_id="sections",
        )  # fmt: skip
        variants = gr.Slider(
            1, most.variants, value=min(2, most.variants), step=1, label="Variants", min_width=120,
            elem_id="variants",
        )  # fmt: skip
    with gr.Row():
        key = gr.Dropdown(KEYS, value=KEYS[0], label="Key signature", min_width=120)
        tempo = gr.Number(
            0, label="Tempo in bpm, 0: the song's", minimum=0, maximum=FASTEST, min_width=120,
            elem_id="tempo",
        )  # fmt: skip
    told = gr.HTML("", elem_id="form-said")
    with gr.Row():
        heat = gr.Slider(
            *TEMPERATURE, value=0.85, step=0.05, label="Temperature: safe to bold", min_width=120
        )
        model = gr.Dropdown(models, value=models[0], label="Network", min_width=120)
    keep_seed = gr.Checkbox(
        True, label="Open with the song's notes", min_width=120, elem_id="keep-seed"
    )
    pick = gr.Checkbox(
        False,
        label=f"Write {CANDIDATES}, keep the one nearest to the mood",
        min_width=120,
        elem_id="pick",
    )
    fields = [
        model, length, unit, heat, sections, key, tempo, variants, keep_seed, goal, pick, *strengths
    ]  # fmt: skip
    return FormParts(fields, [sections, tempo, length, unit], told)


@dataclass(frozen=True)
class PieceParts:
    """The buttons, and what comes of them."""

    write: gr.Button
    cancel: gr.Button
    status: gr.HTML
    results: Any
    taken: gr.HTML


def piece_part() -> PieceParts:
    """Lay out the buttons and, beneath, the card that becomes the piece."""
    with gr.Row(elem_id="go"):
        write = gr.Button("Write the music", variant="primary", elem_id="write")
        cancel = gr.Button("Cancel", elem_id="cancel", interactive=False)
    with gr.Column(elem_id="piece"):
        status = gr.HTML("", elem_id="status")
        results = gr.HTML(
            value=None,
            html_template=asset("results.html"),
            js_on_load=asset("results.js"),
            elem_id="results",
        )
        taken = gr.HTML("", elem_id="taken")
    return PieceParts(write, cancel, status, results, taken)


def build_page(settings: PageSettings, actions: Actions, models: list[str]) -> Page:
    """Lay out the page; `models`: the networks to choose from."""
    most = settings.app
    page: Page
    with Page(title="mood2music", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(head(), js_on_load=asset("page.js"), elem_id="head")
        mood = mood_part(actions.catalog)
        gr.HTML(asset("from.html"), elem_id="from")
        heard = gr.HTML("", elem_id="heard", visible=False)
        # No accordion: Gradio makes what is inside of one only when it is opened.
        with gr.Row(elem_id="shapes"):
            with gr.Column(min_width=300):
                song = song_part(actions.catalog)
            with gr.Column(min_width=300):
                form = form_part(most, actions.styles, models)
        piece = piece_part()
        choosing(page, actions, mood, song, heard)
        for field in form.typed:
            field.change(actions.check, form.typed, [form.told], **QUIET)
        running(actions, mood, song, form, piece, most.workers)
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
    page: gr.Blocks, actions: Actions, mood: MoodParts, song: SongParts, heard: gr.HTML
) -> None:
    """Join mood and songs: each change of the mood or a filter offers other songs."""
    filters = [song.style, song.composer]
    asked = [mood.plane, *filters]
    offered = [mood.plane, song.songs, song.valence, song.arousal, song.told]
    seen = [mood.photo, mood.portrait, *offered, mood.told]
    for listen, call, inputs in (
        (mood.photo.input, actions.read_photo, [mood.photo, *asked]),
        (mood.sample.click, actions.read_sample, asked),
    ):
        listen(
            call,
            inputs,
            seen,
            concurrency_limit=READS,
            concurrency_id="reading",
            api_visibility="private",
            show_progress="minimal",
            show_progress_on=[mood.photo],
        )
    for number in (song.valence, song.arousal):
        number.input(actions.correct, [song.valence, song.arousal, *asked], offered, **QUIET)
    song.style.input(actions.composers, [song.style], [song.composer], **QUIET).then(
        actions.move, asked, offered, **QUIET
    )
    for listen in (mood.plane.moved, song.composer.input, page.load):
        listen(actions.move, asked, offered, **QUIET)
    song.songs.chosen(actions.choose, [mood.plane, song.songs], [mood.plane], **QUIET)
    song.songs.hear(
        actions.hear,
        [song.songs],
        [heard, song.told],
        api_visibility="private",
        show_progress="minimal",
        show_progress_on=[heard],
    )
    for brought in (song.own.upload, song.own.clear):
        brought(actions.bring, [song.own], [song.own, song.own_told], **QUIET)


def running(
    actions: Actions,
    mood: MoodParts,
    song: SongParts,
    form: FormParts,
    piece: PieceParts,
    workers: int,
) -> None:
    """Join the buttons to what they begin: first a ticket at once, then a place in the line."""
    ticket = gr.Textbox(visible=False)
    both, status, results = [piece.write, piece.cancel], piece.status, piece.results
    for listen, call, inputs in (
        (piece.write.click, actions.write, [mood.plane, song.songs, *form.fields]),
        (results.again, actions.again, [mood.plane, results]),
        (results.more, actions.more, [mood.plane, results]),
        (results.rewrite, actions.rewrite, [mood.plane, results]),
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
            show_progress="hidden",
        )
    results.take(
        actions.take, [results], [piece.taken], api_visibility="private", show_progress="hidden"
    )
    piece.cancel.click(actions.cancel, None, [status, *both], queue=False, **QUIET)
