"""Makes from what a visitor chose the request that the command line would make."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mood2music.command.wishes import sections_of
from mood2music.errors import MoodError, SettingsError
from mood2music.flow.request import GenerateSettings
from mood2music.flow.request_checks import MOST_BARS
from mood2music.generator.form import parse_structure
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.mood import Mood, is_pair
from mood2music.music.read import SUFFIXES
from mood2music.page.fields import field_of, number, one_of, truth, whole, words
from mood2music.page.players import INSTRUMENTS, PATTERNS, SCORES
from mood2music.page.settings import AppSettings, PageSettings
from mood2music.render.settings import RenderSettings
from mood2music.style.settings import StyleSettings

# Recordings that the page offers to take; with ffmpeg the program reads others too.
RECORDINGS = (".mp3", ".wav", ".flac", ".ogg", ".m4a")
SHORTEST, SLOWEST, FASTEST = 20, 10, 400
# What a length is counted in, and the least of each.
UNITS = {"seconds": 5, "bars": 2, "events": SHORTEST}
TEMPERATURE, STRENGTH = (0.5, 1.5), (0.0, 1.5)
# What the page plays, .8 MB a minute: every browser takes it.
SOUND = "mp3"
# Where a piece leads from the mood, and variants to pick the nearest from.
GOALS = {"Stay with the mood": "match", "Lift it": "lift", "Calm it": "calm"}
CANDIDATES = 8
KEYS = ["the song's", "C", "G", "D", "A", "E", "B", "F#", "F", "Bb", "Eb", "Ab", "Db", "Gb"]


@dataclass(frozen=True)
class Form:
    """The page's fields.

    song: id of the chosen one, for `mood`; strengths: of each style, 0 to leave it out; sections:
    as on the command line, "A B A2", "" for one; key: one of KEYS; tempo: quarter notes a minute,
    0: the mood's; length: in `unit`, one of UNITS; goal: one of GOALS' values; pick: whether to
    write CANDIDATES variants and keep the one nearest to the mood; theme: how much of the song
    comes back, 0 to 1; accompany, instrument, score: one of PATTERNS', INSTRUMENTS' and SCORES'
    values.
    """

    song: str | None = None
    mood: tuple[float, float] = (0.0, 0.0)
    model: str = "lstm"
    strengths: dict[str, float] = field(default_factory=dict)
    length: int = 200
    unit: str = "events"
    temperature: float = 0.85
    sections: str = ""
    key: str = KEYS[0]
    tempo: float = 0.0
    variants: int = 2
    keep_seed: bool = True
    goal: str = "match"
    pick: bool = False
    theme: float = 0.5
    accompany: str | bool | None = None
    instrument: str = "piano"
    score: str = "piano"
    cadence: bool = True
    seed: int = 0


def read_form(
    fields: Sequence[Any],
    song: str | None,
    mood: Mood,
    most: AppSettings,
    models: Sequence[str],
    styles: Sequence[str],
) -> Form:
    """Read the fields that shape a piece as they were sent, in the page's order.

    Raises SettingsError that names the first that has a value it cannot have.
    """
    if len(fields) != 16 + len(styles):
        raise SettingsError(f"the form has {16 + len(styles)} fields, not {len(fields)}")
    model, length, unit, temperature, sections, key, tempo, variants, keep_seed = fields[:9]
    goal, pick, theme, pattern, instrument, score, cadence, *strengths = fields[9:]
    return Form(
        song=song,
        mood=(mood.valence, mood.arousal),
        model=one_of("model", model, models),
        strengths={
            style: number(f"style.mix.{style}", strength, *STRENGTH)
            for style, strength in zip(styles, strengths, strict=True)
        },
        length=length_of(length, one_of("unit", unit, list(UNITS)), most),
        unit=unit,
        temperature=number("temperature", temperature, *TEMPERATURE),
        sections=words("structure", "" if sections is None else sections),
        key=one_of("key", key, KEYS),
        tempo=number("tempo", 0 if tempo is None else tempo, 0, FASTEST),
        variants=whole("n", variants, 1, most.variants),
        keep_seed=truth("keep_seed", keep_seed),
        goal=GOALS[one_of("goal", goal, list(GOALS))],
        pick=truth("pick", pick),
        theme=number("theme", theme, 0, 1),
        accompany=PATTERNS[one_of("accompany", pattern, list(PATTERNS))],
        instrument=INSTRUMENTS[one_of("instrument", instrument, list(INSTRUMENTS))],
        score=SCORES[one_of("score_kind", score, list(SCORES))],
        cadence=truth("cadence", cadence),
    )


def with_own_style(
    settings: GenerateSettings, name: str, file: Path | None, strength: float, base: str
) -> GenerateSettings:
    """Blend a style of the visitor's own in; file: of its network, which fits `base` alone.

    Raises SettingsError for another network, or without a file. At strength 0 all is as it was.
    """
    if not strength:
        return settings
    if file is None:
        raise SettingsError(
            "your own style is no longer here: learn it again, or turn it down to 0 until then"
        )
    if settings.model != base:
        raise SettingsError(
            f"model={settings.model}: your own style was learnt by the network {base}, choose that "
            "one, or turn your own style down to 0"
        )
    mix = {**(settings.styled.mix or {}), name: strength}
    style = replace(settings.styled, mix=mix, checkpoints={name: str(file)})
    return replace(settings, style=style)


def length_of(given: Any, unit: str, most: AppSettings) -> int:
    """Read how long a piece is, in `unit`. Raises SettingsError for more than the page writes."""
    longest = most.lengths()[unit]
    return whole("length" if unit == "events" else unit, given, min(UNITS[unit], longest), longest)


def check_shape(sections: Any, tempo: Any, length: Any, unit: Any, most: AppSettings) -> None:
    """Raise SettingsError for the first of these that cannot be: what a visitor types freely."""
    structure = sections_of(words("structure", "" if sections is None else sections))
    if structure:
        parse_structure(structure)
    beats = number("tempo", 0 if tempo is None else tempo, 0, FASTEST)
    if beats and beats < SLOWEST:
        raise SettingsError(f"tempo={beats:g}: expected {SLOWEST} to {FASTEST}")
    length_of(length, one_of("unit", unit, list(UNITS)), most)


def to_request(form: Form, page: PageSettings, music: str | None = None) -> GenerateSettings:
    """Make the request; `music`: a file, notated or recorded, to start from instead of the song.

    Raises SettingsError for more than the page allows, and when nothing was chosen to start from.
    """
    if music is None and form.song is None:
        raise SettingsError("no song is chosen: take a photo, drag the point, or bring a file")
    for name, asked, most in (
        (
            "length" if form.unit == "events" else form.unit,
            form.length,
            page.app.lengths()[form.unit],
        ),
        ("n", form.variants, page.app.variants),
    ):
        if asked > most:
            raise SettingsError(f"{name}={asked}: this page writes at most {most}")
    structure = sections_of(form.sections)
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
        length=form.length if form.unit == "events" else GenerateSettings.length,
        seconds=float(form.length) if form.unit == "seconds" else None,
        bars=form.length if form.unit == "bars" else None,
        n=CANDIDATES if form.pick else form.variants,
        pick="mood" if form.pick else None,
        goal=form.goal,
        keep_seed=form.keep_seed,
        theme=form.theme,
        accompany=form.accompany,
        cadence=form.cadence,
        render=RenderSettings(
            score=["svg", "png"],
            roll=True,
            sound=SOUND,
            program=form.instrument,
            score_kind=form.score,
        ),
        key=None if form.key == KEYS[0] else form.key,
        tempo=form.tempo or None,
        seed=form.seed,
    )


def mood_of(plane: Any) -> Mood:
    """Read the mood that the plane shows. Raises MoodError for anything else."""
    given: Any = plane.get("mood") if isinstance(plane, dict) else plane
    try:
        if is_pair(given) and not any(isinstance(part, bool) for part in given):
            return Mood(*given)
    except (MoodError, OverflowError):
        pass
    raise MoodError(str(field_of("mood", given, "valence and arousal, each -1 to 1")))


def photo_of(given: Any) -> Mood | None:
    """Read the mood of the photo that the plane shows, None without one."""
    photo = plane_of(given)["photo"]
    return None if photo is None else mood_of({"mood": photo})


def plane_of(given: Any) -> dict[str, Any]:
    """Read what the plane shows, all else left out. Raises MoodError for a mood that is none."""
    mood = mood_of(given)
    photo = given.get("photo") if isinstance(given, dict) else None
    return {
        "mood": [mood.valence, mood.arousal],
        "photo": photo if photo is not None and is_pair(photo) else None,
    }


def bars_of(results: Any, most: int) -> list[int]:
    """Read the first and the last bar that are to be written anew, `most` at most.

    Raises SettingsError for anything else.
    """
    given = results.get("bars") if isinstance(results, dict) else None
    if not isinstance(given, list) or len(given) != 2:
        raise field_of("rewrite", given, "the first and the last bar")
    first = whole("rewrite", given[0], 2, MOST_BARS)
    return [first, whole("rewrite", given[1], first, first + most - 1)]


def chosen(songs: Any, which: str = "chosen") -> str | None:
    """Read which song of the list is chosen, or heard. Raises SettingsError for what is no list."""
    name = songs.get(which) if isinstance(songs, dict) else songs
    if isinstance(songs, dict) and name is None:
        return None
    return words("song", name)


def rendered_as(settings: GenerateSettings, asked: Any) -> GenerateSettings:
    """Give the same request, to be played and printed as `asked`: {instrument, score}.

    Raises SettingsError for an instrument or a score that is none.
    """
    given = asked if isinstance(asked, dict) else {}
    instrument = one_of("instrument", given.get("instrument"), list(INSTRUMENTS))
    score = one_of("score_kind", given.get("score"), list(SCORES))
    render = replace(settings.render, program=INSTRUMENTS[instrument], score_kind=SCORES[score])
    return replace(settings, render=render)
