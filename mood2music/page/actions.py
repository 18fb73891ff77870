"""Does what the page's buttons ask: one function an event, from the page's values to new ones."""

import html
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from mood2music.errors import Mood2MusicError, SettingsError
from mood2music.flow.request import GenerateSettings
from mood2music.page.form import chosen, mood_of, one_of, plane_of, read_form, to_request, whole
from mood2music.page.login import client_of
from mood2music.page.photo import Reader
from mood2music.page.results import address, as_shown
from mood2music.page.settings import PageSettings
from mood2music.page.songs import ANY, CatalogView
from mood2music.page.visits import Visits
from mood2music.page.work import Cancelled, Done, Step

# Seconds of a song that are played before choosing.
HEARD = 30.0
Values = dict[str, Any]

log = logging.getLogger(__name__)


class Actions:
    """The page's functions, for all visitors."""

    def __init__(
        self,
        settings: PageSettings,
        catalog: CatalogView,
        reader: Reader,
        visits: Visits,
        styles: Sequence[str],
        models: Sequence[str],
    ) -> None:
        """Take what all visitors share; `styles`: those that the form has a strength for.

        models: the networks to choose from.
        """
        self.settings, self.catalog, self.reader = settings, catalog, reader
        self.visits, self.styles, self.models = visits, styles, models

    def read_photo(
        self, path: str | None, plane: Values, style: str, by: str, request: gr.Request
    ) -> list[Any]:
        """Read a photo, delete its file, and offer the songs nearest to its mood."""
        if path is None:
            return [gr.skip()] * 7
        try:
            reading = self.visits.reading(visitor(request), self.machine(request))
            with self.visits.photo(Path(path)) as file, reading:
                seen = self.reader.read(file)
        except Mood2MusicError as error:
            return [None, gr.update(visible=False), *[gr.skip()] * 4, self.failed(error)]
        mood = [round(seen.mood.valence, 3), round(seen.mood.arousal, 3)]
        told = f"valence {mood[0]:+.2f}, arousal {mood[1]:+.2f}"
        more = f", the largest of {seen.found} faces" if seen.found > 1 else ""
        picture = (
            f'<figure><img src="{seen.picture}" alt="the photo, its face framed">'
            f"<figcaption>Read from the face: {told}{more}. The photo is deleted already. "
            "Not right? Drag the point.</figcaption></figure>"
        )
        card = gr.update(value=picture, visible=True)
        return [None, card, *self.move({"mood": mood, "photo": mood}, style, by)]

    def correct(
        self, valence: float | None, arousal: float | None, plane: Values, style: str, by: str
    ) -> list[Any]:
        """Take a mood typed in."""
        if valence is None or arousal is None:
            return [gr.skip()] * 5
        photo = plane.get("photo") if isinstance(plane, dict) else None
        return self.move({"mood": [valence, arousal], "photo": photo}, style, by)

    def move(self, plane: Values, style: str, by: str) -> list[Any]:
        """Offer the songs nearest to the plane's mood, the nearest one chosen."""
        try:
            seen = plane_of(plane)
            mood = mood_of(seen)
            style = one_of("style", style, [ANY, *self.catalog.styles()])
            by = one_of("composer", by, [ANY, *self.catalog.composers()])
            near = self.catalog.near(mood, style, by)
        except Mood2MusicError as error:
            return [*[gr.skip()] * 4, self.failed(error)]
        songs = {"songs": near, "chosen": near[0]["id"]}
        return [{**seen, "song": place_of(near[0])}, songs, mood.valence, mood.arousal, ""]

    def composers(self, style: str) -> Any:
        """Offer the composers of a style."""
        style = one_of("style", style, [ANY, *self.catalog.styles()])
        return gr.update(choices=[ANY, *self.catalog.composers(style)], value=ANY)

    def choose(self, plane: Values, songs: Values) -> Values:
        """Mark the chosen song on the plane."""
        seen, name = plane_of(plane), chosen(songs)
        if name is None:
            return seen
        song = self.catalog.find(name)
        at = [round(song.valence, 3), round(song.arousal, 3)]
        return {**seen, "song": {"id": song.id, "at": at}}

    def hear(self, songs: Values, request: gr.Request) -> list[Any]:
        """Play the beginning of a song."""
        from mood2music.catalog.music import read_song
        from mood2music.render.sound import write_sound

        try:
            song = self.catalog.find(chosen(songs, "hear") or "")
            notes = read_song(song).until(HEARD)
            file = self.visits.hearing(visitor(request)) / "song.wav"
            write_sound(notes, file)
        except Mood2MusicError as error:
            return [gr.skip(), self.failed(error)]
        player = (
            f"<p>{html.escape(str(song))}, its first half minute</p>"
            f'<audio controls autoplay src="{address(file)}"></audio>'
        )
        return [gr.update(value=player, visible=True), ""]

    def bring(self, path: str | None, request: gr.Request) -> str:
        """Take a visitor's own music file instead of a song, until it is cleared."""
        try:
            self.visits.take_music(visitor(request), None if path is None else Path(path))
        except Mood2MusicError as error:
            return self.failed(error)
        return "" if path is None else said("Your own file is where the piece starts from.")

    def begin(self, request: gr.Request) -> list[Any]:
        """Take a place in the line; from now on the visitor can cancel."""
        return [self.visits.begin(visitor(request)), said("Waiting."), *buttons(working=True)]

    def write(
        self, ticket: str, plane: Values, songs: Values, request: gr.Request, *fields: Any
    ) -> Iterator[list[Any]]:
        """Write from the chosen song, or the visitor's own file, as the form says."""
        music = self.visits.music(visitor(request))
        try:
            form = read_form(
                fields,
                chosen(songs),
                mood_of(plane),
                self.settings.app,
                self.models,
                self.styles,
            )
            settings = to_request(form, self.settings, None if music is None else str(music))
        except Mood2MusicError as error:
            yield shown(self.failed(error))
            return
        yield from self._run(settings, ticket, visitor(request))

    def again(self, ticket: str, request: gr.Request) -> Iterator[list[Any]]:
        """Write from the same start by the same settings, with the next seed."""
        run = self.visits.last(visitor(request))
        if run is None:
            yield shown(said("That run is gone: write another."))
            return
        settings = replace(run.settings, seed=run.settings.seed + 1)
        yield from self._run(settings, ticket, visitor(request))

    def more(self, ticket: str, results: Values, request: gr.Request) -> Iterator[list[Any]]:
        """Write on from one of the variants: its own events are the seed."""
        run = self.visits.last(visitor(request))
        try:
            like = results.get("like") if isinstance(results, dict) else results
            piece = None if run is None else run.piece(whole("like", like, 0, 99))
        except (IndexError, SettingsError):
            piece = None
        if run is None or piece is None:
            yield shown(said("That piece is gone: write another."))
            return
        seed = run.settings.seed + 1
        settings = replace(
            run.settings, song=None, mood=None, audio=None, midi=str(piece), seed=seed
        )
        yield from self._run(settings, ticket, visitor(request))

    def cancel(self, request: gr.Request) -> list[Any]:
        """End the visitor's run, or its waiting."""
        self.visits.stop(visitor(request))
        return [said("Cancelled."), *buttons(working=False)]

    def leave(self, request: gr.Request) -> None:
        """Forget a visitor who closed the page."""
        self.visits.leave(visitor(request))

    def machine(self, request: gr.Request) -> str:
        """Name the machine that a visitor is at."""
        scope = getattr(request.request, "scope", {"headers": ()})
        return client_of(scope, bool(self.settings.app.hosts))

    def failed(self, error: Mood2MusicError) -> str:
        """Show an error in the words of the command line, without the server's folders."""
        folder = re.escape(str(self.visits.root)) + r"/(?:[^/\s]+/)*"
        words = html.escape(re.sub(folder, "", str(error)))
        return f'<p class="failed" role="alert">error: {words}</p>'

    def _run(self, settings: GenerateSettings, ticket: str, who: str) -> Iterator[list[Any]]:
        try:
            for step in self.visits.compose(who, settings, ticket):
                if isinstance(step, Step):
                    yield shown(working(step), working=True)
                else:
                    run = step.result
                    yield shown(finished(step), as_shown(run.composed, run.written))
        except Cancelled:
            # Steps that were on their way when Cancel was pressed may have come behind its answer.
            current = self.visits.current(who, ticket)
            yield shown(said("Cancelled.")) if current else [gr.skip()] * 4
        except Mood2MusicError as error:
            yield shown(self.failed(error))
        except Exception:
            log.exception("a run of the page failed")
            yield shown(said("Something went wrong that should not; the page's log says what."))


def visitor(request: gr.Request) -> str:
    """Name of the browser's session."""
    return str(request.session_hash)


def buttons(working: bool) -> list[Any]:
    """Write and Cancel: one of them can be pressed."""
    return [gr.update(interactive=not working), gr.update(interactive=working)]


def shown(status: str, results: Any = None, working: bool = False) -> list[Any]:
    """Give the values of a run's outputs: status, results (None: as they are), both buttons."""
    return [status, gr.skip() if results is None else results, *buttons(working)]


def place_of(song: Values) -> Values:
    """Where a listed song stands on the plane."""
    return {"id": song["id"], "at": [song["valence"], song["arousal"]]}


def said(text: str) -> str:
    """Show a plain sentence."""
    return f'<p role="status">{html.escape(text)}</p>'


def working(step: Step) -> str:
    """Show what was said so far and how much is written."""
    value = f'value="{step.done}" max="{step.total}"' if step.total else ""
    count = f"{step.done} of {step.total} events" if step.total else "beginning"
    return f'<div role="status"><progress {value}></progress> {count}{_lines(step.lines)}</div>'


def finished(done: Done[Any]) -> str:
    """Show what was said on the way."""
    return f"<details><summary>How it was made</summary>{_lines(done.lines)}</details>"


def _lines(lines: tuple[str, ...]) -> str:
    return "<pre>" + html.escape("\n".join(lines)) + "</pre>" if lines else ""
