"""What a visitor chose comes in; the request that the command line would make goes out."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mood2music.errors import MoodError, SettingsError
from mood2music.generator.form import parse_structure
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.mood import Mood, is_pair
from mood2music.music.read import SUFFIXES
from mood2music.page.settings import PageSettings
from mood2music.request import GenerateSettings
from mood2music.style.settings import StyleSettings

# Recordings that the page offers to take; with ffmpeg the program reads others too.
RECORDINGS = (".mp3", ".wav", ".flac", ".ogg", ".m4a")
KEYS = ["the song's", "C", "G", "D", "A", "E", "B", "F#", "F", "Bb", "Eb", "Ab", "Db", "Gb"]


@dataclass(frozen=True)
class Form:
    """The page's fields.

    song: id of the chosen one, for `mood`; strengths: of each style, 0 to leave it out; sections:
    as on the command line, "A B A2", "" for one; key: one of KEYS; tempo: quarter notes a minute,
    0: the song's.
    """

    song: str | None = None
    mood: tuple[float, float] = (0.0, 0.0)
    model: str = "lstm"
    strengths: dict[str, float] = field(default_factory=dict)
    length: int = 200
    temperature: float = 1.0
    sections: str = ""
    key: str = KEYS[0]
    tempo: float = 0.0
    variants: int = 2
    keep_seed: bool = True
    seed: int = 0


def to_request(form: Form, page: PageSettings, music: str | None = None) -> GenerateSettings:
    """Make the request; `music`: a file, notated or recorded, to start from instead of the song.

    Raises SettingsError for more than the page allows, and when nothing was chosen to start from.
    """
    if music is None and form.song is None:
        raise SettingsError("no song is chosen: take a photo, drag the point, or bring a file")
    for name, asked, most in (
        ("length", form.length, page.app.longest),
        ("n", form.variants, page.app.variants),
    ):
        if asked > most:
            raise SettingsError(f"{name}={asked}: this page writes at most {most}")
    structure = form.sections.replace(",", " ").split()
    if structure:
        parse_structure(structure)
    notated = music is None or Path(music).suffix.lower() in SUFFIXES
    mix = {name: strength for name, strength in form.strengths.items() if strength}
    return GenerateSettings(
        song=form.song if music is None else None,
        mood=list(form.mood) if music is None else None,
        midi=music if notated else None,
        audio=None if notated else music,
        catalog=page.catalog,
        model=form.model,
        style=StyleSettings(mix=mix or None),
        sampler=SamplerSettings(temperature=form.temperature),
        structure=structure,
        length=form.length,
        n=form.variants,
        keep_seed=form.keep_seed,
        key=None if form.key == KEYS[0] else form.key,
        tempo=form.tempo or None,
        seed=form.seed,
    )


def mood_of(plane: dict[str, Any]) -> Mood:
    """Read the mood that the plane shows. Raises MoodError for anything else."""
    given: Any = plane.get("mood")
    if not is_pair(given):
        raise MoodError(f"mood={given}: expected valence and arousal, each -1 to 1")
    return Mood(*given)
