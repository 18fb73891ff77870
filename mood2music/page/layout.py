"""Lays out the page: what stands where, and which function each button calls."""

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

from mood2music.page.blocks import Page, asset
from mood2music.page.cards import gone
from mood2music.page.choosing import Choosing
from mood2music.page.form_parts import FormParts, StyleParts, form_part, style_part
from mood2music.page.learning import LINE
from mood2music.page.parts import (
    MoodParts,
    PieceParts,
    SongParts,
    head,
    mood_part,
    piece_part,
    song_part,
)
from mood2music.page.photo_turns import READS
from mood2music.page.returning import Returning
from mood2music.page.settings import PageSettings
from mood2music.page.taking import Taking
from mood2music.page.teaching import Teaching
from mood2music.page.writing import Writing

QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# What the browser does by itself: a mood typed in goes to the plane, the plane's into the numbers.
TYPED = """(...mood) => {
  const is = mood.every(part => typeof part === 'number' && Math.abs(part) <= 1);
  if (is) document.dispatchEvent(new CustomEvent('mood', {detail: mood}));
}"""
MOVED = "plane => plane.mood"
# One event asks for songs, whatever they are asked for by, so that the last answer is the latest.
FILTERED = "() => document.dispatchEvent(new Event('filtered'))"
# Of the shown results what was asked is sent, and not all of their notes.
ASKED = "(...given) => [...given.slice(0, -1), given.at(-1)?.write]"
TAKE = "results => [results?.take]"
TAKEN = "what => document.dispatchEvent(new CustomEvent('taken', {detail: what}))"
# A page keeps the name of its visit, also where Gradio loads it anew behind a cut connection.
KEEP = """visit => {
  sessionStorage.setItem('visit', visit.token);
  if (visit.left) document.dispatchEvent(new Event('left'));
}"""
# A run that found no place in the line, or was cut off: status, both buttons, draft.
CUT_OFF = json.dumps(gone("Your piece could not be begun, or was cut off: try again in a minute."))
REFUSED = f"""() => [{CUT_OFF}, {{__type__: 'update', interactive: true}},
  {{__type__: 'update', interactive: false}}, null]"""


@dataclass(frozen=True)
class Actions:
    """The page's functions."""

    choosing: Choosing
    writing: Writing
    taking: Taking
    teaching: Teaching
    returning: Returning


def build_page(settings: PageSettings, actions: Actions, models: list[str]) -> Page:
    """Lay out the page; `models`: the networks to choose from."""
    most = settings.app
    page: Page
    with Page(title="mood2music", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(head(), js_on_load=asset("page.js"), elem_id="head")
        mood = mood_part(actions.choosing.catalog)
        gr.HTML(asset("from.html"), elem_id="from")
        heard = gr.HTML("", elem_id="heard", visible=False)
        # No accordion: Gradio makes what is inside of one only when it is opened.
        with gr.Row(elem_id="shapes"):
            with gr.Column(min_width=300):
                song = song_part(actions.choosing.catalog)
            with gr.Column(min_width=300):
                form = form_part(most, actions.writing.styles, models)
            with gr.Column(min_width=300):
                own = style_part()
        piece = piece_part()
        choosing(page, actions.choosing, mood, song, heard)
        for field in form.typed:
            field.change(actions.choosing.check, form.typed, [form.told], **QUIET)
        running(actions, mood, song, form, piece, most.workers)
        teaching(actions.teaching, own, [form.own, *form.strengths])
        returning(page, actions.returning, mood, form, piece)
        page.unload(actions.returning.leave)
    page.as_sent()
    page.queue(max_size=most.waiting, default_concurrency_limit=most.workers)
    return page


def choosing(
    page: gr.Blocks, actions: Choosing, mood: MoodParts, song: SongParts, heard: gr.HTML
) -> None:
    """Join mood and songs: each change of the mood or a filter offers other songs.

    The plane alone holds the mood. What is typed is put there, and what is there into the numbers,
    in the browser, and an answer that comes late changes neither: a visitor may be faster than the
    line. What is asked meanwhile is asked once the answer is there (`always_last`).
    """
    reading(actions, mood)
    numbers = [song.valence, song.arousal]
    typed = [number.input for number in numbers]
    gr.on(typed, None, numbers, None, js=TYPED, api_visibility="private")
    gr.on(typed, actions.correct, numbers, [song.told], trigger_mode="always_last", **QUIET)
    mood.plane.moved(None, [mood.plane], numbers, js=MOVED, api_visibility="private")
    asked, offered = [mood.plane, song.style, song.composer], [song.songs, song.told]
    mood.plane.moved(actions.move, asked, offered, trigger_mode="always_last", **QUIET)
    song.style.input(
        actions.composers, [song.style], [song.composer], trigger_mode="always_last", **QUIET
    ).then(None, None, None, js=FILTERED, api_visibility="private")
    for filtered in (song.composer.input, page.load):
        filtered(None, None, None, js=FILTERED, api_visibility="private")
    starting(actions, song, heard)


def reading(actions: Choosing, mood: MoodParts) -> None:
    """Join what gives a photo to what reads it."""
    seen = [mood.photo, mood.portrait, mood.plane, mood.told]
    for listen, call, inputs in (
        (mood.photo.input, actions.read_photo, [mood.photo]),
        (mood.sample.click, actions.read_sample, []),
    ):
        listen(
            call,
            inputs,
            seen,
            trigger_mode="multiple",
            concurrency_limit=READS,
            concurrency_id="reading",
            api_visibility="private",
            show_progress="minimal",
            show_progress_on=[mood.photo],
        )


def starting(actions: Choosing, song: SongParts, heard: gr.HTML) -> None:
    """Join the music to start from: a song of the list is heard, a file of one's own taken."""
    song.songs.hear(
        actions.hear,
        [song.songs],
        [heard, song.told],
        trigger_mode="always_last",
        api_visibility="private",
        show_progress="minimal",
        show_progress_on=[heard],
    )
    # Each is told at once: the last one counts, however long one before it is still read.
    gr.on(
        [song.own.upload, song.own.clear],
        actions.bring,
        [song.own],
        [song.own, song.own_told],
        trigger_mode="multiple",
        **QUIET,
    )


def teaching(actions: Teaching, own: StyleParts, strengths: list[Any]) -> None:
    """Join the buttons by which a style is learnt; the line of those who wait is the learner's.

    strengths: of one's own style, then of all others.
    """
    own.learn.click(
        actions.learn,
        [own.files],
        [own.told, own.learn, own.stop, own.files, *strengths],
        concurrency_id="learning",
        concurrency_limit=2 * LINE,
        **QUIET,
    )
    # There are other files now than those that it was said of.
    given = [own.files.upload, own.files.clear, own.files.delete]
    gr.on(given, None, None, [own.told], js="() => ''", api_visibility="private")
    own.stop.click(actions.stop, None, None, queue=False, **QUIET)


def returning(
    page: gr.Blocks, actions: Returning, mood: MoodParts, form: FormParts, piece: PieceParts
) -> None:
    """Show a page that is loaded anew what it had left."""
    visit = gr.JSON(visible=False)
    page.load(actions.arrive, [visit], [visit], js=asset("visit.js"), queue=False, **QUIET).then(
        None, [visit], None, js=KEEP, api_visibility="private"
    )
    run = [piece.status, piece.results, piece.write, piece.cancel, piece.draft]
    shown = [mood.plane, form.own, *run]
    piece.results.back(actions.back, None, shown, concurrency_limit=None, **QUIET)


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
    write, ended = actions.writing, [status, *both, piece.draft]
    begins = [mood.plane, song.songs, song.style, song.composer, song.own]
    for listen, call, inputs, js in (
        (piece.write.click, write.write, [*begins, *form.fields], None),
        (results.again, write.again, [mood.plane, results], ASKED),
        (results.more, write.more, [mood.plane, results], ASKED),
        (results.dial, write.dial, [mood.plane, results], ASKED),
        (results.rewrite, write.rewrite, [mood.plane, results], ASKED),
        (results.anew, write.anew, [mood.plane, results], ASKED),
    ):
        listen(write.begin, None, [ticket, *ended], queue=False, **QUIET).then(
            call,
            [ticket, *inputs],
            [status, results, *both, piece.draft],
            js=js,
            concurrency_id="writing",
            concurrency_limit=workers,
            # A cancelled run ends at its next step; the next one need not wait for that.
            trigger_mode="multiple",
            api_visibility="private",
            show_progress="hidden",
        ).failure(None, None, ended, js=REFUSED, api_visibility="private")
    taking = results.take(
        actions.taking.take, [results], [piece.taken], js=TAKE, trigger_mode="always_last", **QUIET
    )
    taking.success(None, [piece.taken], None, js=TAKEN, api_visibility="private")
    taking.failure(None, None, None, js=TAKEN, api_visibility="private")
    piece.cancel.click(write.cancel, None, ended, queue=False, **QUIET)
