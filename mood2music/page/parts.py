"""Lays out the page's parts, each with the fields and buttons that its events come from."""

import base64
from dataclasses import dataclass
from typing import Any

import gradio as gr

from mood2music.music.read import SUFFIXES
from mood2music.page.blocks import as_uploaded, asset
from mood2music.page.form import RECORDINGS
from mood2music.page.moods import WORDS
from mood2music.page.songs import ANY, CatalogView
from mood2music.render.colours import as_hex
from mood2music.render.plane import style_colours


def head() -> str:
    """Give the page's heading, with its mark."""
    mark = base64.b64encode(asset("favicon.svg").encode()).decode()
    return asset("head.html").replace("{{MARK}}", mark)


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
            value={"mood": [0.0, 0.0], "photo": None},
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
        height=150,
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


@dataclass(frozen=True)
class PieceParts:
    """The buttons, and what comes of them."""

    write: gr.Button
    cancel: gr.Button
    status: gr.HTML
    draft: Any
    results: Any
    taken: gr.JSON


def piece_part() -> PieceParts:
    """Lay out the buttons and, beneath, the card and the growing roll that become the piece."""
    with gr.Row(elem_id="go"):
        write = gr.Button("Write the music", variant="primary", elem_id="write")
        cancel = gr.Button("Cancel", elem_id="cancel", interactive=False)
    with gr.Column(elem_id="piece"):
        status = gr.HTML("", elem_id="status")
        draft = gr.HTML(
            value=None,
            html_template=asset("draft.html"),
            js_on_load=asset("roll.js") + asset("draft.js"),
            elem_id="draft",
        )
        results = gr.HTML(
            value=None,
            html_template=asset("results.html"),
            js_on_load=asset("roll.js") + asset("results.js"),
            elem_id="results",
        )
        taken = gr.JSON(visible=False)
    return PieceParts(write, cancel, status, draft, results, taken)
