"""The settings' one source comes in; music to start from goes out, with how it was come by."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mood2music.brief import brief
from mood2music.face.named import as_mood
from mood2music.files import facts
from mood2music.flow.portrait import Pictures
from mood2music.flow.request import GenerateSettings
from mood2music.mood import Mood
from mood2music.music.notes import Notes

if TYPE_CHECKING:
    from mood2music.catalog.song import Song

Report = Callable[[str], None]


def silent(line: str) -> None:
    """Tell nobody."""


@brief
@dataclass(frozen=True)
class Start:
    """Music to start from.

    how: how it was come by, for the manifest; pictures: by file name what writes each; mood: what
    was looked for, None where a song or a file was named; song: the one taken, None for a file;
    nearest: the songs it was taken from, each with its distance on the plane, nearest first.
    """

    notes: Notes
    title: str
    how: dict[str, Any]
    pictures: Pictures
    mood: Mood | None = None
    song: "Song | None" = None
    nearest: "list[tuple[Song, float]]" = field(default_factory=list)


def find_music(
    settings: GenerateSettings, grid: int, rng: np.random.Generator, report: Report
) -> Start:
    """From the settings' one source to music: the file itself, the named song, or the nearest."""
    from mood2music.catalog.listing import by_composer
    from mood2music.catalog.music import read_song
    from mood2music.catalog.nearest import find, nearest
    from mood2music.catalog.open import open_catalog
    from mood2music.judge.mood import formula_mood
    from mood2music.store.safely import read_safely

    if settings.audio is not None:
        return hear_music(settings, grid, report)
    if settings.midi is not None:
        notes = read_safely(Path(settings.midi), grid, repeats=settings.repeats)
        report(f"midi   {Path(settings.midi).name}: {len(notes)} notes")
        return Start(notes, notes.title, {"midi": facts(Path(settings.midi))}, {})
    mood: Mood | None = None
    how: dict[str, Any] = {}
    pictures: Pictures = {}
    if settings.song is None or settings.mood is not None:
        mood, how, pictures = find_mood(settings, report)
    songs = open_catalog(settings.catalog, label=formula_mood)
    songs = by_composer(songs, settings.composer)
    ranked: list[tuple[Song, float]] = []
    if settings.song is not None:
        song = find(songs, settings.song)
    else:
        assert mood is not None
        ranked = nearest(songs, mood, settings.catalog.k, rng=rng)
        song, distance = ranked[int(rng.integers(len(ranked)))]
        how["songs"] = [
            {"id": s.id, "title": str(s), "valence": s.valence, "arousal": s.arousal,
             "distance": round(d, 4)} for s, d in ranked
        ]  # fmt: skip
        report(f"songs  {len(ranked)} nearest of {len(songs)}, this one {distance:.2f} away")
    key = f", {song.key}" if song.key else ""
    report(f"song   {song}{key}, valence {song.valence:+.2f}, arousal {song.arousal:+.2f}")
    how["song"] = {**asdict(song), "music": song.music_name, "mood": asdict(song.mood)}
    return Start(
        read_song(song, grid, settings.repeats), str(song), how, pictures, mood, song, ranked
    )


def hear_music(settings: GenerateSettings, grid: int, report: Report) -> Start:
    """Write down the notes of the recording that the settings name."""
    from mood2music.audio.transcribe import transcribe

    path = Path(str(settings.audio))
    heard = transcribe(path, settings.transcription, grid)
    notes, removed = heard.notes, sum(heard.removed.values())
    cleaned = f", {removed} cleaned away" if heard.removed else ""
    report(
        f"audio  {path.name}: {heard.heard} notes heard in {heard.seconds:.0f} s{cleaned}, "
        f"{notes.tempo:.0f} quarter notes a minute"
    )
    how = {
        **facts(path),
        "seconds": heard.seconds,
        "heard": heard.heard,
        "removed": heard.removed,
        "notes": len(notes),
        "tempo": round(notes.tempo, 2),
    }
    return Start(notes, notes.title, {"audio": how}, {})


def find_mood(settings: GenerateSettings, report: Report) -> tuple[Mood, dict[str, Any], Pictures]:
    """Read the mood that was given, or that of the face in the photo."""
    if settings.mood is not None:
        mood = as_mood(settings.mood)
        named = f"for {settings.mood.strip()}" if isinstance(settings.mood, str) else "as given"
        report(f"mood   valence {mood.valence:+.2f}, arousal {mood.arousal:+.2f}, {named}")
        return mood, {"mood": {"from": "given", **asdict(mood)}}, {}
    from mood2music.flow.portrait import read_portrait

    portrait = read_portrait(settings, report)
    return portrait.mood, portrait.how, portrait.pictures
