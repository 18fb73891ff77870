"""Refuses a request whose values cannot be used, or not together; no file is looked at."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mood2music.command.ranges import at_least, check_seed, one_of, within
from mood2music.command.settings import plain, shown
from mood2music.errors import SettingsError
from mood2music.face.named import as_moods
from mood2music.face.picture.clip import is_clip
from mood2music.flow.manifest import figures
from mood2music.generator.form import check_length, parse_structure
from mood2music.generator.sampling.constraints import MOST_PITCHES
from mood2music.music.key import parse_key
from mood2music.music.patterns import PLAYERS

if TYPE_CHECKING:
    from mood2music.flow.request import GenerateSettings

# More than a night's work or a machine's memory; a piece of 400 events lasts a minute or two.
MOST_EVENTS = 100_000
MOST_VARIANTS = 1000
MOST_BARS = 2000
MOST_SECONDS = 3600
# Beyond that little but a triad is left.
MOST_HOLD = 10

EXPRESSIONS = ("mood", "song")
PICKS = (None, "mood")
GOALS = ("match", "lift", "calm")


def check_request(settings: "GenerateSettings") -> None:
    """Raise SettingsError, MoodError or UnknownNameError for a value that cannot be used.

    Where files are is asked by `request_files`.
    """
    at_least(settings, "", seed_len=1)
    within(settings, "", 1, MOST_EVENTS, "length")
    within(settings, "", 1, MOST_VARIANTS, "n")
    check_seed(settings.seed)
    within(settings, "", 0, 1, "theme")
    within(settings, "", 0, MOST_HOLD, "hold_mode")
    one_of(settings, "", expression=EXPRESSIONS, pick=PICKS, goal=GOALS)
    if settings.pick is not None and settings.n == 1:
        raise SettingsError(f"pick={settings.pick} with n=1: expected more to pick from, n=32")
    _check_extent(settings)
    if settings.tempo is not None and not 10 <= settings.tempo <= 400:
        raise SettingsError(f"tempo={settings.tempo:g}: expected 10 to 400 quarter notes a minute")
    if settings.mood is not None:
        way = as_moods(settings.mood)
        if len(way) > 1 and settings.goal != "match":
            raise SettingsError(
                f"goal={settings.goal} with {len(way)} moods: the way is given, expected one mood"
            )
    if settings.key is not None:
        parse_key(settings.key)
    if settings.range is not None:
        _check_range(settings.range)
    if settings.rewrite is not None:
        _check_rewrite(settings)
    if isinstance(settings.accompany, str):
        one_of(settings, "", accompany=(True, False, *PLAYERS))
        if settings.polyphony == 1:
            raise SettingsError(
                f"accompany={settings.accompany} with polyphony=1: expected one of the two, "
                "chords are more than one pitch"
            )
    if settings.polyphony is not None and not 1 <= settings.polyphony <= MOST_PITCHES:
        raise SettingsError(
            f"polyphony={settings.polyphony}: expected 1 to {MOST_PITCHES} pitches at once"
        )
    if settings.midi is not None and settings.audio is not None:
        raise SettingsError(
            f"midi={settings.midi} with audio={settings.audio}: expected one, each is the music"
        )
    for name in ("midi", "audio"):
        if settings.composer is not None and getattr(settings, name) is not None:
            raise SettingsError(
                f"composer={settings.composer} with {name}={getattr(settings, name)}: no song is "
                f"looked for, expected one of the two"
            )
    settings.transcription.check()
    _check_photo(settings)
    face = settings.face_settings
    if settings.reads_photo:
        face.check_detector()
    settings.sampler.check()
    settings.render.check()
    settings.styled.check()
    settings.catalog.check()
    settings.logger.check()
    settings.report.check()
    known = figures()
    if settings.metric is not None:
        one_of(settings, "", metric=known)
    sections = parse_structure(settings.structure)
    if settings.bars is not None:
        check_length(settings.bars, sections, "bars")
    elif settings.seconds is None:
        check_length(settings.length, sections)


def _check_extent(settings: "GenerateSettings") -> None:
    """Raise SettingsError for a length in bars or seconds that cannot be written."""
    if settings.bars is not None and settings.seconds is not None:
        raise SettingsError(
            f"bars={settings.bars} with seconds={settings.seconds:g}: expected one, each is the "
            "length"
        )
    if settings.bars is not None:
        within(settings, "", 2, MOST_BARS, "bars")
    if settings.seconds is not None and not 1 <= settings.seconds <= MOST_SECONDS:
        raise SettingsError(f"seconds={settings.seconds:g}: expected 1 to {MOST_SECONDS}")


def _check_rewrite(settings: "GenerateSettings") -> None:
    """Raise SettingsError for anything but two bars, or with what only a new piece has."""
    bars = plain(settings.rewrite)
    numbers = [plain(bar) for bar in bars] if isinstance(bars, list | tuple) else []
    whole = len(numbers) == 2 and all(type(bar) is int for bar in numbers)
    if not whole or not 2 <= numbers[0] <= numbers[1] <= MOST_BARS:
        raise SettingsError(
            f"rewrite={shown(bars)}: expected the first and the last bar to write anew, from "
            "the second bar on, for example rewrite=[5,8]"
        )
    for name in ("structure", "bars", "seconds"):
        if getattr(settings, name) not in (None, []):
            raise SettingsError(
                f"rewrite={shown(bars)} with {name}={shown(plain(getattr(settings, name)))}: "
                "expected one, the kept bars give the form"
            )


def _check_photo(settings: "GenerateSettings") -> None:
    """Raise SettingsError for what is no photo, or a picture of the face asked for of none."""
    several = isinstance(settings.photo, list | tuple)
    many = settings.photo if several else [settings.photo]
    if not many or not all(isinstance(p, str | Path | None) for p in many):
        raise SettingsError(
            f"photo={shown(settings.photo)}: expected a picture, webcam, or [a.jpg,b.jpg]"
        )
    if several and ("webcam" in many or None in many or any(map(is_clip, many))):
        raise SettingsError(
            f"photo={shown(settings.photo)}: expected pictures alone, or one film, or webcam"
        )
    if settings.explain and settings.photo is not None and (several or is_clip(settings.photo)):
        raise SettingsError(
            f"explain=true with photo={shown(settings.photo)}: expected one picture to explain"
        )
    asked = [name for name in ("explain", "save_face") if getattr(settings, name)]
    given = [
        name for name in ("mood", "song", "midi", "audio") if getattr(settings, name) is not None
    ]
    if asked and given:
        raise SettingsError(
            f"{asked[0]}=true with {given[0]}={getattr(settings, given[0])}: no photo is read, "
            f"pass photo=me.jpg alone or {asked[0]}=false"
        )


def _check_range(pitches: Any) -> None:
    """Raise SettingsError for anything but two MIDI numbers, an octave apart or more."""
    given, pitches = shown(plain(pitches)), plain(pitches)
    numbers = [plain(pitch) for pitch in pitches] if isinstance(pitches, list | tuple) else []
    if len(numbers) != 2 or not all(isinstance(p, int) and 0 <= p < 128 for p in numbers):
        raise SettingsError(
            f"range={given}: expected the lowest and the highest pitch, MIDI numbers 0 to 127, "
            "for example range=[48,84]"
        )
    low, high = numbers
    if high < low:
        raise SettingsError(f"range={given} is upside down: expected range=[{high},{low}]")
    if high - low < 12:
        raise SettingsError(f"range={given} is narrow: expected an octave, 12 semitones, or more")
