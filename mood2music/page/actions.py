"""Does what the page's buttons ask: one function an event, from the page's values to new ones."""

import html
import logging
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from mood2music.errors import InputError, Mood2MusicError, MusicFileError, SettingsError
from mood2music.face.picture.image import sample_portrait
from mood2music.flow.request import GenerateSettings
from mood2music.isolate import Crashed, Isolated, TimedOut
from mood2music.mood import Mood
from mood2music.music.read import SUFFIXES, read
from mood2music.page.card import write_card
from mood2music.page.form import (
    SOUND,
    bars_of,
    check_shape,
    chosen,
    mood_of,
    one_of,
    photo_of,
    plane_of,
    read_form,
    to_request,
    whole,
)
from mood2music.page.login import client_of
from mood2music.page.moods import guesses, word_of
from mood2music.page.photo import PhotoMood, Reader
from mood2music.page.results import address, as_shown
from mood2music.page.settings import PageSettings
from mood2music.page.songs import ANY, CatalogView
from mood2music.page.visits import Run, Visits
from mood2music.page.words import in_words
from mood2music.page.work import Cancelled, Done, Step

# Seconds of a song that are played before choosing.
HEARD = 30.0
# What can be taken home beside the run's files, and how its name ends; a link is to the sound.
TAKEN = {"wav": ".wav", "card": "_card.png", "link": ""}
# Seconds that a recording may take to decode.
DECODING = 60.0
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
            return [gr.skip()] * 8
        try:
            reading = self.visits.reading(visitor(request), self.machine(request))
            with self.visits.photo(Path(path)) as file, reading:
                seen = self.reader.read(file)
        except Mood2MusicError as error:
            return [None, gr.update(visible=False), *[gr.skip()] * 5, failed(error)]
        return self._seen(seen, "The photo is deleted already.", style, by)

    def read_sample(self, plane: Values, style: str, by: str, request: gr.Request) -> list[Any]:
        """Read the sample portrait as if it had been sent."""
        try:
            reading = self.visits.reading(visitor(request), self.machine(request))
            with self.visits.sample(sample_portrait()) as file, reading:
                seen = self.reader.read(file)
        except Mood2MusicError as error:
            return [None, gr.update(visible=False), *[gr.skip()] * 5, failed(error)]
        return self._seen(seen, "Eileen Collins, photographed by NASA.", style, by)

    def _seen(self, seen: PhotoMood, kept: str, style: str, by: str) -> list[Any]:
        mood = [round(seen.mood.valence, 3), round(seen.mood.arousal, 3)]
        picture = portrait(seen, kept)
        card = gr.update(value=picture, visible=True)
        return [None, card, *self.move({"mood": mood, "photo": mood}, style, by), ""]

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
            return [*[gr.skip()] * 4, failed(error)]
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
            file = self.visits.hearing(visitor(request)) / f"song.{SOUND}"
            write_sound(notes, file)
        except Mood2MusicError as error:
            return [gr.skip(), failed(error)]
        player = (
            f"<p>{html.escape(str(song))}, its first half minute</p>"
            f'<audio controls autoplay aria-label="{html.escape(song.title)}" '
            f'src="{address(file)}"></audio>'
        )
        return [gr.update(value=player, visible=True), ""]

    def bring(self, path: str | None, request: gr.Request) -> list[Any]:
        """Take a visitor's own music file instead of a song, until it is cleared.

        One that cannot be read is refused at once.
        """
        try:
            file = self.visits.take_music(
                visitor(request), None if path is None else Path(path), check_music
            )
        except Mood2MusicError as error:
            return [None, failed(error)]
        if file is None:
            return [gr.skip(), ""]
        name = html.escape(file.name)
        told = f'<p role="status" data-file="{name}">The piece begins with your own file.</p>'
        return [gr.skip(), told]

    def check(self, sections: Any, tempo: Any, length: Any, unit: Any) -> str:
        """Say at once what of the form cannot be."""
        try:
            check_shape(sections, tempo, length, unit, self.settings.app)
        except Mood2MusicError as error:
            return failed(error)
        return ""

    def begin(self, request: gr.Request) -> list[Any]:
        """Take a place in the line; from now on the visitor can cancel."""
        return [
            self.visits.begin(visitor(request)),
            card("working", "Waiting for a place in the line"),
            *buttons(working=True),
        ]

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
            yield shown(failed(error, card=True))
            return
        yield from self._run(settings, ticket, visitor(request), photo_of(plane))

    def again(
        self, ticket: str, plane: Values, results: Values, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Write from the same start by the same settings, with the next seed."""
        run = self._shown_run(results, request)
        if run is None:
            yield shown(gone("That run is gone: write another."))
            return
        settings = replace(run.settings, seed=run.settings.seed + 1)
        yield from self._run(settings, ticket, visitor(request), photo_of(plane))

    def more(
        self, ticket: str, plane: Values, results: Values, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Write others like one of the variants, which is then the song."""
        yield from self._behind(ticket, plane, results, request, rewrite=None)

    def rewrite(
        self, ticket: str, plane: Values, results: Values, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Write some bars of a variant anew and keep all others, or go on behind its last bar."""
        most = self.settings.app
        try:
            bars = bars_of(results, most.bars)
        except SettingsError as error:
            yield shown(failed(error, card=True))
            return
        kept = dict.fromkeys(("bars", "seconds", "key", "tempo"))
        yield from self._behind(ticket, plane, results, request, rewrite=bars, structure=[], **kept)

    def _shown_run(self, results: Values, request: gr.Request) -> Run | None:
        """The run that the visitor looks at, None where it is gone."""
        name = results.get("run") if isinstance(results, dict) else None
        return self.visits.run(visitor(request), str(name))

    def _behind(
        self, ticket: str, plane: Values, results: Values, request: gr.Request, **changed: Any
    ) -> Iterator[list[Any]]:
        """Write from a variant of the run that is looked at, by its settings but for `changed`."""
        run = self._shown_run(results, request)
        try:
            piece = None if run is None else run.piece(whole("like", results.get("like"), 0, 99))
        except (IndexError, SettingsError):
            piece = None
        if run is None or piece is None:
            yield shown(gone("That piece is gone: write another."))
            return
        before = run.settings
        variants = min(before.n, self.settings.app.variants) if before.pick is None else 2
        own: dict[str, Any] = {"midi": str(piece), "song": None, "mood": None, "audio": None}
        settings = replace(
            before, **own, n=variants, pick=None, goal="match", seed=before.seed + 1, **changed
        )
        title = run.composed.pieces[0].notes.title
        if (
            settings.rewrite is None
        ):  # what comes is after the song again, not after what was after it
            title = title.partition(" after ")[2]
        yield from self._run(settings, ticket, visitor(request), photo_of(plane), title)

    def take(self, results: Values, request: gr.Request) -> str:
        """Make what a visitor takes home of a variant: a WAV file, a card, a link for others."""
        from mood2music.render.sound import write_sound

        run = self._shown_run(results, request)
        try:
            if run is None:
                raise InputError("that piece is gone: write another")
            number = whole("like", results.get("like"), 0, len(run.composed.pieces) - 1)
            want = one_of("want", results.get("want"), list(TAKEN))
            files, piece = run.written.files(number), run.composed.pieces[number]
            if want == "link":
                sound = next(file for file in files if file.suffix == f".{SOUND}")
                file = self.visits.share(visitor(request)) / f"mood2music.{SOUND}"
                shutil.copy(sound, file)
            else:
                file = files[0].with_name(files[0].stem + TAKEN[want])
                if not file.exists() and want == "card":
                    write_card(piece, word_of(run.written.manifest.pieces[number].mood), file)
                elif not file.exists():
                    write_sound(run.composed.played(number), file)
        except Mood2MusicError as error:
            return failed(error)
        # Another answer each time, so that the page sees that it is one.
        return (
            f'<a data-want="{want}" data-minutes="{self.settings.app.keep_minutes:g}" '
            f'data-once="{secrets.token_hex(4)}" href="{address(file)}" '
            f'download="{html.escape(file.name)}">{want}</a>'
        )

    def cancel(self, request: gr.Request) -> list[Any]:
        """End the visitor's run, or its waiting."""
        self.visits.stop(visitor(request))
        return [card("cancelled", "Cancelled"), *buttons(working=False)]

    def leave(self, request: gr.Request) -> None:
        """Forget a visitor who closed the page."""
        self.visits.leave(visitor(request))

    def machine(self, request: gr.Request) -> str:
        """Name the machine that a visitor is at."""
        scope = getattr(request.request, "scope", {"headers": ()})
        return client_of(scope, bool(self.settings.app.hosts))

    def _run(
        self, settings: GenerateSettings, ticket: str, who: str, photo: Mood | None, title: str = ""
    ) -> Iterator[list[Any]]:
        try:
            for step in self.visits.compose(who, settings, ticket, title):
                if isinstance(step, Step):
                    yield shown(working(step), working=True)
                else:
                    run = step.result
                    yield shown(finished(step), as_shown(run.composed, run.written, photo))
        except Cancelled:
            # Steps that were on their way when Cancel was pressed may have come behind its answer.
            current = self.visits.current(who, ticket)
            yield shown(card("cancelled", "Cancelled")) if current else [gr.skip()] * 4
        except Mood2MusicError as error:
            yield shown(failed(error, card=True))
        except Exception:
            log.exception("a run of the page failed")
            yield shown(gone("Something went wrong that should not; the page's log says what."))


def visitor(request: gr.Request) -> str:
    """Name of the browser's session."""
    return str(request.session_hash)


def buttons(working: bool) -> list[Any]:
    """Write and Cancel: one of them can be pressed."""
    return [gr.update(interactive=not working), gr.update(interactive=working)]


def shown(status: str, results: Any = None, working: bool = False) -> list[Any]:
    """Give the values of a run's outputs: status, results (None: as they are), both buttons."""
    return [status, gr.skip() if results is None else results, *buttons(working)]


def portrait(seen: PhotoMood, kept: str) -> str:
    """Show a photo's face with the mood that it gave, and ask where the networks are not sure."""
    # Rounded as the plane's mood is, so that both show the same figures.
    mood = Mood(round(seen.mood.valence, 3), round(seen.mood.arousal, 3))
    told = f"{word_of(mood)} (valence {mood.valence:+.2f}, arousal {mood.arousal:+.2f})"
    more = f", the largest of {seen.found} faces" if seen.found > 1 else ""
    picture = f'<img src="{seen.picture}" alt="the photo, its face framed">'
    if seen.sure:
        return (
            f"<figure>{picture}<figcaption>Read from the face: {told}{more}. {kept} "
            "Not right? Drag the point.</figcaption></figure>"
        )
    why = ", ".join(seen.hindered_by) or "people would differ about this face"
    choices = "".join(
        f'<button type="button" data-mood="[{at.valence},{at.arousal}]">{word}</button>'
        for word, at, _ in guesses(seen.expressions)
    )
    return (
        f"<figure>{picture}<figcaption>Not sure: {html.escape(why)}. It may be {told}{more}. {kept}"
        f'</figcaption></figure><p class="ask" role="group" aria-label="which mood is it?">'
        f"<b>Which is it?</b> {choices}</p>"
    )


def place_of(song: Values) -> Values:
    """Where a listed song stands on the plane."""
    return {"id": song["id"], "at": [song["valence"], song["arousal"]]}


def failed(error: Mood2MusicError, card: bool = False) -> str:
    """Say what went wrong beside what caused it, or (card) where a piece would have come."""
    # An error may name a folder of the server: of a path its last part is told.
    words = re.sub(r"/(?:[^/\s]+/)+", "", in_words(error))
    return gone(words) if card else f'<p class="failed" role="alert">{html.escape(words)}</p>'


def gone(words: str) -> str:
    """Show the card of a run that came to nothing."""
    text = html.escape(words)
    return (
        f'<div class="card failed" role="alert" data-state="failed"><h2>That did not work</h2>'
        f"<p>{text}</p></div>"
    )


def card(state: str, title: str, share: float = 0.0, say: str = "", inside: str = "") -> str:
    """Show how a run is; state, share, say: for page.js, which tells title and screen readers."""
    percent = round(100 * share)
    bar = (
        f'<progress max="100" value="{percent}" aria-label="progress"></progress>'
        if state == "working"
        else ""
    )
    return (
        f'<div class="card" data-state="{state}" data-share="{percent}" '
        f'data-say="{html.escape(say or title)}"><h2>{html.escape(title)}</h2>{bar}{inside}</div>'
    )


def working(step: Step) -> str:
    """Show the steps of a run: those done, the one that goes on, those to come."""
    song = next((line for line in step.lines if line.startswith(("song ", "midi ", "audio "))), "")
    name = song.partition(" ")[2]
    begins = (
        f"Begins with {name.strip().split(' · ')[0].split(',')[0]}" if name else "Finding the music"
    )
    of = "events" if step.rough else f"of {step.total} events"
    writing = f"Writing the notes: {step.done} {of}" if step.done else "Writing the notes"
    stages = [begins, writing, "Engraving the score, making the sound"]
    now = 2 if step.of else 1 if step.total else 0
    marks = ["done" if i < now else "now" if i == now else "next" for i in range(3)]
    listed = "".join(
        f'<li class="{mark}"{" aria-current=step" * (mark == "now")}>{html.escape(stage)}</li>'
        for mark, stage in zip(marks, stages, strict=True)
    )
    inside = f'<ol class="steps">{listed}</ol>{how(step.lines)}'
    return card("working", "Writing your piece", step.share, stages[now].split(":")[0], inside)


def finished(done: Done[Any]) -> str:
    """Show what was said on the way."""
    return f'<div data-state="done" data-say="Your piece is ready">{how(done.lines)}</div>'


def how(lines: tuple[str, ...]) -> str:
    """Show the lines that the command line would print, behind a heading to open."""
    if not lines:
        return ""
    text = html.escape("\n".join(lines))
    return f'<details><summary>How it is made</summary><pre tabindex="0">{text}</pre></details>'


def check_music(file: Path) -> None:
    """Raise MusicFileError for a file that cannot be read as music."""
    if file.suffix.lower() in SUFFIXES:
        read(file)
        return
    from mood2music.audio.sound import read_sound

    with Isolated() as child:
        try:
            child.call(read_sound, file, timeout=DECODING)
        except (Crashed, TimedOut) as error:
            raise MusicFileError(f"{file.name} cannot be read as sound") from error
