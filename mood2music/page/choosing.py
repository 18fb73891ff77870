"""Does what comes before a piece is written: a photo, a mood, a song, a file of one's own."""

import html
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import gradio as gr

from mood2music.errors import Mood2MusicError, MusicFileError
from mood2music.face.picture.image import sample_portrait
from mood2music.isolate import Crashed, Isolated, TimedOut
from mood2music.music.read import SUFFIXES, read
from mood2music.page.cards import failed
from mood2music.page.fields import one_of
from mood2music.page.form import SOUND, check_shape, chosen, mood_of
from mood2music.page.login import machine_of
from mood2music.page.photo import PhotoMood, Reader
from mood2music.page.portrait import portrait
from mood2music.page.results import address
from mood2music.page.settings import AppSettings
from mood2music.page.songs import ANY, CatalogView
from mood2music.page.visits import Visits
from mood2music.page.work import Cancelled

# Seconds of a song that are played before choosing.
HEARD = 30.0
# Seconds that a recording may take to decode.
DECODING = 60.0
# What is said of a photo's file.
PHOTO_KEPT = "The photo is deleted already."
SAMPLE_KEPT = "Eileen Collins, photographed by NASA."
Values = dict[str, Any]


class Choosing:
    """The page's functions for mood and song, for all visitors."""

    def __init__(
        self, most: AppSettings, catalog: CatalogView, reader: Reader, visits: Visits
    ) -> None:
        """Take what all visitors share; `most`: what one may ask for."""
        self.most, self.catalog, self.reader, self.visits = most, catalog, reader, visits

    def read_photo(self, path: str | None, request: gr.Request) -> list[Any]:
        """Read a photo, delete its file, and put its mood on the plane."""
        if path is None:
            return [gr.skip()] * 4
        return self._read(self.visits.photos.photo(Path(path)), request, PHOTO_KEPT)

    def read_sample(self, request: gr.Request) -> list[Any]:
        """Read the sample portrait as if it had been sent."""
        return self._read(self.visits.photos.sample(sample_portrait()), request, SAMPLE_KEPT)

    def _read(
        self, photo: AbstractContextManager[Path], request: gr.Request, kept: str
    ) -> list[Any]:
        """Read a photo in the visitor's turn; kept: what is said of its file."""
        machine = machine_of(request, bool(self.most.hosts))
        try:
            turn = self.visits.photos.reading(self.visits.visitor(request), machine)
            with photo as file, turn:
                seen = self.reader.read(file)
        except Cancelled:  # a newer one is read instead
            return [gr.skip()] * 4
        except Mood2MusicError as error:
            return [None, gr.update(visible=False), gr.skip(), failed(error)]
        return _shown(seen, kept)

    def correct(self, valence: float | None, arousal: float | None) -> str:
        """Say what is wrong with a mood typed in; one that can be is on the plane already."""
        if valence is None or arousal is None:
            return ""
        try:
            mood_of([valence, arousal])
        except Mood2MusicError as error:
            return failed(error)
        return ""

    def move(self, plane: Values, style: str, by: str) -> list[Any]:
        """Offer the songs nearest to the plane's mood, the nearest one chosen."""
        try:
            return [self.catalog.offered(mood_of(plane), style, by), ""]
        except Mood2MusicError as error:
            return [gr.skip(), failed(error)]

    def composers(self, style: str) -> Any:
        """Offer the composers of a style."""
        style = one_of("style", style, [ANY, *self.catalog.styles()])
        return gr.update(choices=[ANY, *self.catalog.composers(style)], value=ANY)

    def hear(self, songs: Values, request: gr.Request) -> list[Any]:
        """Play the beginning of a song."""
        from mood2music.catalog.music import read_song
        from mood2music.render.sound import write_sound

        try:
            song = self.catalog.find(chosen(songs, "hear") or "")
            notes = read_song(song).until(HEARD)
            file = self.visits.hearing(self.visits.visitor(request)) / f"song.{SOUND}"
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
            file = self.visits.music.take(
                self.visits.visitor(request), None if path is None else Path(path), check_music
            )
        except Cancelled:  # the answer to what came since tells how it is
            return [gr.skip(), gr.skip()]
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
            check_shape(sections, tempo, length, unit, self.most)
        except Mood2MusicError as error:
            return failed(error)
        return ""


def _shown(seen: PhotoMood, kept: str) -> list[Any]:
    mood = [round(seen.mood.valence, 3), round(seen.mood.arousal, 3)]
    card = gr.update(value=portrait(seen, kept), visible=True)
    return [None, card, {"mood": mood, "photo": mood}, ""]


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
