"""Draws a catalog from music21's corpus: pieces are read and labelled, their axes calibrated."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mood2music.catalog.calibrate import calibrate
from mood2music.catalog.corpus import PARTS, CorpusPart, Piece, pieces, written_pitches
from mood2music.catalog.song import CORPUS, Song
from mood2music.catalog.titles import tune_title
from mood2music.errors import MusicFileError
from mood2music.mood import Mood
from mood2music.music.events import to_events
from mood2music.music.key import find_key
from mood2music.music.notes import Notes
from mood2music.music.read import read_corpus

# Enough for a long seed with room to choose its place.
LEAST_EVENTS = 100


@dataclass(frozen=True)
class Built:
    """The songs, why pieces were passed over (reason: count), the slowest read (CPU seconds)."""

    songs: list[Song]
    skipped: Counter[str]
    slowest: float


def draw_catalog(
    label: Callable[[Notes], Mood],
    va_source: str,
    *,
    rng: np.random.Generator,
    parts: tuple[CorpusPart, ...] = PARTS,
    method: str = "quantile",
    progress: bool = True,
) -> Built:
    """Draw each part's number of pieces at random and label them; repeatable by `rng`.

    A piece has LEAST_EVENTS events or more, at most `part.most` notes (in MusicXML tied ones count
    apart), and a title that no other has. `label` gives the raw mood; `method` calibrates both
    axes over all songs drawn.
    """
    from tqdm import tqdm

    songs: dict[str, Song] = {}
    skipped: Counter[str] = Counter()
    slowest = 0.0
    for part in parts:
        listed = pieces(part)
        order = rng.permutation(len(listed))
        taken = 0
        with tqdm(total=min(part.take, len(listed)), desc=part.prefix, disable=not progress) as bar:
            for i in order:
                if taken == part.take:
                    break
                start = time.process_time()
                song = _song(listed[i], part.most, label, va_source)
                seconds = time.process_time() - start
                if isinstance(song, str):
                    skipped[song] += 1
                elif song.title.casefold() in songs:
                    skipped["a title that is there already"] += 1
                else:
                    songs[song.title.casefold()] = song
                    slowest = max(slowest, seconds)
                    taken += 1
                    bar.update()
    return Built(_calibrated(sorted(songs.values(), key=lambda s: s.id), method), skipped, slowest)


def _song(piece: Piece, most: int, label: Callable[[Notes], Mood], va_source: str) -> Song | str:
    """Read and label a piece; the reason when it cannot be taken."""
    # A string quartet takes music21 half a minute: look before reading.
    if written_pitches(piece.name) > most:
        return f"more than {most} notes"
    try:
        notes = read_corpus(piece.name)
    except MusicFileError:
        return "unreadable"
    events = to_events(notes)
    if len(events) < LEAST_EVENTS:
        return f"fewer than {LEAST_EVENTS} events"
    if len(notes) > most:
        return f"more than {most} notes"
    if piece.tempo:
        notes = notes.with_tempo(piece.tempo)
    mood = label(notes)
    return Song(
        id=_id(piece.name),
        title=piece.title or tune_title(notes.title),
        artist=piece.artist,
        style=piece.style,
        mood=mood,
        va_source=va_source,
        key=find_key(notes).name,
        tempo=round(notes.tempo, 2),
        music=CORPUS + piece.name,
        raw=(round(mood.valence, 4), round(mood.arousal, 4)),
        voices=round(events.voices(), 2),
    )


def _calibrated(songs: list[Song], method: str) -> list[Song]:
    valence = calibrate([song.raw[0] for song in songs], method)
    arousal = calibrate([song.raw[1] for song in songs], method)
    return [
        replace(song, mood=Mood(float(v), float(a)))
        for song, v, a in zip(songs, valence, arousal, strict=True)
    ]


def _id(name: str) -> str:
    """A piece's name without its suffix: "airdsAirs/book1.abc#12" -> "airdsAirs/book1#12"."""
    work, mark, number = name.partition("#")
    folder, slash, stem = work.rpartition("/")
    return f"{folder}{slash}{stem.rpartition('.')[0]}{mark}{number}"
