"""Finds the music to start from: a file, a recording, a named song, or one near a mood."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mood2music.audio.settings import AudioSettings
from mood2music.brief import brief
from mood2music.catalog.open import CatalogSettings
from mood2music.face.named import as_moods
from mood2music.files import facts
from mood2music.flow.photo import Report
from mood2music.mood import Mood
from mood2music.music.notes import Notes

# Of the nearest songs none is taken that lies so much further away than the first: of a library of
# ten pieces the fifth nearest has another mood. In the shipped catalog they lie within .35.
REACH = 0.4

if TYPE_CHECKING:
    from mood2music.catalog.song import Song


@dataclass(frozen=True)
class SongSettings:
    """What the stage is asked.

    midi, audio: a file of notes, or a recording, that is the music; else song: a title or an id in
    the catalog, None for the nearest to the mood; composer: whose name holds this; repeats: played.
    """

    song: str | None = None
    composer: str | None = None
    midi: Path | None = None
    audio: Path | None = None
    repeats: bool = False
    transcription: AudioSettings = field(default_factory=AudioSettings)
    catalog: CatalogSettings = field(default_factory=CatalogSettings)


@brief
@dataclass(frozen=True)
class Start:
    """Music to start from.

    how: how it was come by, for the manifest; mood: what was looked for, None where a song or a
    file was named alone; song: the one taken, None for a file; nearest: the songs it was taken
    from, each with its distance on the plane, nearest first.
    """

    notes: Notes
    title: str
    how: dict[str, Any]
    mood: Mood | None = None
    song: "Song | None" = None
    nearest: "list[tuple[Song, float]]" = field(default_factory=list)


def find_song(
    settings: SongSettings, mood: Mood | None, grid: int, rng: np.random.Generator, report: Report
) -> Start:
    """Give the file itself, the named song, or one of the nearest to `mood`."""
    from mood2music.catalog.listing import by_composer
    from mood2music.catalog.music import read_song
    from mood2music.catalog.nearest import find, nearest
    from mood2music.catalog.open import open_catalog
    from mood2music.judge.song_mood import song_mood
    from mood2music.store.safely import read_safely

    if settings.audio is not None:
        return hear_music(settings.audio, settings.transcription, grid, report)
    if settings.midi is not None:
        notes = read_safely(settings.midi, grid, repeats=settings.repeats)
        report(f"midi   {settings.midi.name}: {len(notes)} notes")
        return Start(notes, notes.title, {"midi": facts(settings.midi)})
    how: dict[str, Any] = {}
    songs = open_catalog(settings.catalog, label=song_mood)
    songs = by_composer(songs, settings.composer)
    ranked: list[tuple[Song, float]] = []
    if settings.song is not None:
        song = find(songs, settings.song)
    else:
        assert mood is not None
        ranked = nearest(songs, mood, settings.catalog.k, rng=rng, richer=settings.catalog.richer)
        within = min(distance for _, distance in ranked) + REACH
        ranked = [(song, distance) for song, distance in ranked if distance <= within]
        song, distance = ranked[int(rng.integers(len(ranked)))]
        how["songs"] = [
            {"id": s.id, "title": str(s), "valence": s.valence, "arousal": s.arousal,
             "voices": s.voices, "distance": round(d, 4)} for s, d in ranked
        ]  # fmt: skip
        report(f"songs  {len(ranked)} nearest of {len(songs)}, this one {distance:.2f} away")
    key = f", {song.key}" if song.key else ""
    report(f"song   {song}{key}, valence {song.valence:+.2f}, arousal {song.arousal:+.2f}")
    how["song"] = {**asdict(song), "music": song.music_name, "mood": asdict(song.mood)}
    return Start(read_song(song, grid, settings.repeats), str(song), how, mood, song, ranked)


def hear_music(path: Path, settings: AudioSettings, grid: int, report: Report) -> Start:
    """Write down the notes of a recording."""
    from mood2music.audio.transcribe import transcribe

    heard = transcribe(path, settings, grid)
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
    return Start(notes, notes.title, {"audio": how})


def take_moods(asked: Any, report: Report) -> list[Mood]:
    """Take the mood that was given, or several. Raises MoodError as `as_moods`."""
    moods = [] if asked is None else as_moods(asked)
    named = f"for {asked.strip()}" if isinstance(asked, str) else "as given"
    for mood in moods:
        report(f"mood   valence {mood.valence:+.2f}, arousal {mood.arousal:+.2f}, {named}")
    return moods
