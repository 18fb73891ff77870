"""Makes what a visitor takes home of a variant beside the run's files: WAV, video, card, link."""

import shutil
from typing import Any

import gradio as gr

from mood2music.errors import InputError, Mood2MusicError
from mood2music.page.card import write_card
from mood2music.page.cards import words_of
from mood2music.page.fields import one_of, whole
from mood2music.page.form import SOUND
from mood2music.page.moods import word_of
from mood2music.page.results import address
from mood2music.page.visits import Visits, shown_run

# What can be taken, and how its name ends; a link is to the sound.
TAKEN = {"wav": ".wav", "video": ".mp4", "card": "_card.png", "link": ""}
Values = dict[str, Any]


class Taking:
    """The page's function for what is taken home, for all visitors."""

    def __init__(self, visits: Visits, keep_minutes: float) -> None:
        """`keep_minutes`: how long a link holds."""
        self.visits, self.keep_minutes = visits, keep_minutes

    def take(self, asked: Values, request: gr.Request) -> Values:
        """Make what a visitor takes home of a variant: a WAV file, a video, a card, a link.

        Gives where it lies, its name and the minutes that it does, or in `wrong` why not.
        """
        from mood2music.render.sound import write_sound
        from mood2music.render.video import write_video

        run = shown_run(self.visits, self.visits.visitor(request), asked)
        try:
            if run is None or not run.there:
                raise InputError("that piece is gone: write another")
            variants = sum(len(part.composed.pieces) for part in run.parts)
            number = whole("like", asked.get("like"), 0, variants - 1)
            want = one_of("want", asked.get("want"), list(TAKEN))
            part, own = run.variant(number)
            files, piece = part.written.files(own), part.composed.pieces[own]
            if want == "link":
                sound = next(file for file in files if file.suffix == f".{SOUND}")
                file = self.visits.share(self.visits.visitor(request)) / f"mood2music.{SOUND}"
                shutil.copy(sound, file)
            else:
                file = files[0].with_name(files[0].stem + TAKEN[want])
                if not file.exists() and want == "card":
                    write_card(piece, word_of(part.written.manifest.pieces[own].mood), file)
                elif not file.exists() and want == "video":
                    played = part.composed.played(own)
                    heard = next((f for f in files if f.suffix == f".{SOUND}"), None)
                    write_video(piece.notes, piece.authors, played, file, sound=heard)
                elif not file.exists():
                    write_sound(part.composed.played(own), file)
        except Mood2MusicError as error:
            return {"wrong": words_of(error)}
        return {"href": address(file), "name": file.name, "minutes": self.keep_minutes}
