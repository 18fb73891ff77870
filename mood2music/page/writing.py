"""Does what the buttons that write ask: a new piece, another take, bars anew, and an end to it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from mood2music.errors import InputError, Mood2MusicError, SettingsError
from mood2music.page.cards import card, failed, gone
from mood2music.page.composing import Asked
from mood2music.page.fields import number, whole
from mood2music.page.form import (
    STRENGTH,
    bars_of,
    mood_of,
    photo_of,
    plane_of,
    read_form,
    rendered_as,
    to_request,
    with_own_style,
)
from mood2music.page.learning import OWN, Learner
from mood2music.page.runs import Part, Run
from mood2music.page.settings import PageSettings
from mood2music.page.songs import CatalogView
from mood2music.page.telling import buttons, shown, told
from mood2music.page.visits import Visits, shown_run

Values = dict[str, Any]

# Strengths of a style at which one piece is written, to be turned up while it plays.
DIAL = (0.0, 0.5, 1.0, 1.5)
# What only a new piece has, as settings for bars that are written anew.
NO_SHAPE: Values = {
    "structure": [],
    "goal": "match",
    **dict.fromkeys(("bars", "seconds", "key", "tempo")),
}


class Writing:
    """The page's functions that begin and end runs, for all visitors."""

    def __init__(
        self,
        settings: PageSettings,
        catalog: CatalogView,
        visits: Visits,
        learner: Learner,
        styles: Sequence[str],
        models: Sequence[str],
    ) -> None:
        """Take what all visitors share; `styles`: those that the form has a strength for.

        learner: has styles of their own, learnt by the first of `models`, the networks to choose
        from.
        """
        self.settings, self.catalog, self.visits = settings, catalog, visits
        self.learner = learner
        self.styles, self.models = styles, models

    def begin(self, request: gr.Request) -> list[Any]:
        """Take a place in the line; from now on the visitor can cancel."""
        return [
            self.visits.begin(self.visits.visitor(request)),
            card("working", "Waiting for a place in the line"),
            *buttons(working=True),
            None,
        ]

    def write(
        self,
        ticket: str,
        plane: Values,
        songs: Values,
        style: str,
        composer: str,
        brought: str | None,
        request: gr.Request,
        *fields: Any,
    ) -> Iterator[list[Any]]:
        """Write from the chosen song, or the visitor's own file, as the form says.

        style, composer: that songs are asked by; brought: where the own file was uploaded to.
        """
        shape, own = fields[:-1], fields[-1]
        who = self.visits.visitor(request)
        try:
            music, mood = self.visits.music.file(who), mood_of(plane)
            if music is None and brought is not None:
                raise InputError(f"{Path(brought).name} is no longer here: send it again")
            song = None if music else self.catalog.chosen(songs, mood, style, composer)
            form = read_form(shape, song, mood, self.settings.app, self.models, self.styles)
            settings = to_request(form, self.settings, None if music is None else str(music))
            strength = number("style", own, *STRENGTH)
            learnt = self.learner.style(who)
            settings = with_own_style(settings, OWN, learnt, strength, self.models[0])
        except Mood2MusicError as error:
            yield shown(failed(error, card=True))
            return
        yield from self._run(Asked(settings), ticket, plane, request)

    def again(
        self, ticket: str, plane: Values, results: Values, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Write from the same start by the same settings, with the next seed."""
        run = self._shown_run(results, request)
        if run is None:
            yield shown(gone("That run is gone: write another."))
            return
        settings = replace(run.settings, seed=run.settings.seed + 1)
        asked = Asked(settings, dial=run.dial, shape=run.shape)
        yield from self._run(asked, ticket, plane, request)

    def dial(
        self, ticket: str, plane: Values, results: Values, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Write a variant by the same draw without its style, with half of it, all, and more."""
        found = self._shown_variant(results, request)
        if found is None:
            yield shown(gone("That piece is gone: write another."))
            return
        run, part, place = found
        if not any(part.settings.styled.strengths().values()):
            yield shown(gone("That piece has no style to turn up: choose one under “Shape it”."))
            return
        picked = part.composed.manifest.picked
        count = 1 + (place if picked is None else picked.variant)
        settings = replace(part.settings, n=count, pick=None)
        asked = Asked(settings, dial=DIAL, shape=run.shape)
        yield from self._run(asked, ticket, plane, request)

    def anew(
        self, ticket: str, plane: Values, results: Values, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Play and print the same notes anew: by another instrument, as another score."""
        run = self._shown_run(results, request)
        if run is None:
            yield shown(gone("That piece is gone: write another."))
            return
        try:
            settings = rendered_as(run.settings, results)
        except SettingsError as error:
            yield shown(failed(error, card=True))
            return
        there = [part.composed for part in run.parts]
        asked = Asked(settings, dial=run.dial, shape=run.shape, there=there)
        yield from self._run(asked, ticket, plane, request)

    def more(
        self, ticket: str, plane: Values, results: Values, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Write others like one of the variants, which is then the song.

        They are as long, and have the form, that was asked for before bars were written anew.
        """
        yield from self._behind(ticket, plane, results, request, None)

    def rewrite(
        self, ticket: str, plane: Values, results: Values, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Write some bars of a variant anew and keep all others, or go on behind its last bar."""
        try:
            bars = bars_of(results, self.settings.app.bars)
        except SettingsError as error:
            yield shown(failed(error, card=True))
            return
        yield from self._behind(ticket, plane, results, request, bars)

    def _shown_run(self, results: Values, request: gr.Request) -> Run | None:
        """The run that the visitor looks at, None where it is gone."""
        return shown_run(self.visits, self.visits.visitor(request), results)

    def _shown_variant(self, results: Values, request: gr.Request) -> tuple[Run, Part, int] | None:
        """The variant that a button was pressed of, in its run, None where it is gone."""
        run = self._shown_run(results, request)
        if run is None or not run.there:
            return None
        try:
            return run, *run.variant(whole("like", results.get("like"), 0, 99))
        except (IndexError, SettingsError):
            return None

    def _behind(
        self,
        ticket: str,
        plane: Values,
        results: Values,
        request: gr.Request,
        bars: list[int] | None,
    ) -> Iterator[list[Any]]:
        """Write from a variant of the run that is looked at: `bars` anew, None for a new piece."""
        found = self._shown_variant(results, request)
        if found is None:
            yield shown(gone("That piece is gone: write another."))
            return
        run, part, place = found
        piece, before = part.written.files(place)[0], part.settings
        shape = run.shape or {name: getattr(before, name) for name in NO_SHAPE}
        variants = min(before.n, self.settings.app.variants) if before.pick is None else 2
        own: Values = {"midi": str(piece), "song": None, "mood": None, "audio": None}
        own |= shape if bars is None else NO_SHAPE
        settings = replace(before, **own, rewrite=bars, n=variants, pick=None, seed=before.seed + 1)
        title = part.composed.pieces[0].notes.title
        if bars is None:  # what comes is after the song again, not after what was after it
            title = title.partition(" after ")[2]
        asked = Asked(settings, title, shape={} if bars is None else shape)
        yield from self._run(asked, ticket, plane, request)

    def cancel(self, request: gr.Request) -> list[Any]:
        """End the visitor's run, or its waiting."""
        if not self.visits.stop(self.visits.visitor(request)):  # the piece is there already
            return [gr.skip()] * 4
        return [card("cancelled", "Cancelled"), *buttons(working=False), None]

    def _run(
        self, asked: Asked, ticket: str, plane: Values, request: gr.Request
    ) -> Iterator[list[Any]]:
        """Make what is asked for, and show how far it is and what came of it."""
        who = self.visits.visitor(request)
        self.visits.remember(who, plane_of(plane))
        steps = self.visits.compose(who, asked, ticket)
        yield from told(steps, self.visits, who, ticket, photo_of(plane))
