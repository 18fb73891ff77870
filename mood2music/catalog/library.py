"""Reads any folder of music files as songs with moods; what was read once is not read again."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mood2music.catalog.calibrate import calibrate
from mood2music.catalog.song import Song
from mood2music.errors import DataError, MusicFileError
from mood2music.files import atomically, cache_folder, checksum
from mood2music.isolate import Isolated
from mood2music.mood import Mood
from mood2music.music.events import to_events
from mood2music.music.key import find_key
from mood2music.music.notes import Notes
from mood2music.music.read import SUFFIXES, reader
from mood2music.store.safely import read_safely

log = logging.getLogger(__name__)

_SHOWN = 10


@dataclass(frozen=True)
class Library:
    """The songs of a folder, and the files that could not be read with the reason of each."""

    songs: list[Song]
    bad: dict[str, str]


@dataclass(frozen=True)
class _Heard:
    """What is remembered of a content; title: "" where the music itself names none."""

    title: str
    key: str
    tempo: float
    voices: float
    valence: float
    arousal: float


def read_library(
    root: Path,
    label: Callable[[Notes], Mood],
    va_source: str,
    method: str = "quantile",
    progress: bool = True,
) -> Library:
    """Read every music file below `root` (MIDI, MusicXML, kern, ABC, MEI) and label it.

    A song's id is its path from `root`, its style the first folder of that path ("" for none).
    The cache goes by a file's content, `va_source` and what reads it, so a moved file is known, and
    a changed one read again. Bad files are skipped, counted and listed in the log.
    Parsers run in a process beside this one: one that crashes or hangs costs its file. Raises
    DataError for a missing folder and for one without readable music.
    """
    if not root.is_dir():
        raise DataError(
            f"no folder {root}: pass a folder of MIDI, MusicXML, kern, ABC or MEI as catalog.root="
        )
    files = sorted(p for p in root.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
    store = _store(va_source)
    known = _load(store)
    heard: dict[Path, _Heard] = {}
    bad: dict[str, str] = {}
    new = 0
    child = Isolated()  # started by the first file that is new
    try:
        for path in _bar(files, progress):
            try:
                content = checksum(path)
                if content not in known:
                    known[content] = _hear(path, label, child)
                    new += 1
                heard[path] = known[content]
            except MusicFileError as error:
                bad[path.relative_to(root).as_posix()] = str(error)
            except OSError as error:
                bad[path.relative_to(root).as_posix()] = error.strerror or type(error).__name__
    finally:
        child.close()
        # What was heard before an interruption stays heard.
        if new:
            _save(store, known)
    log.info("library %s: %d songs, %d bad files", root, len(heard), len(bad))
    for name, reason in list(bad.items())[:_SHOWN]:
        log.warning("skipped %s: %s", name, reason)
    if len(bad) > _SHOWN:
        log.warning("skipped %d more", len(bad) - _SHOWN)
    if not heard:
        first = f", the first: {next(iter(bad.values()))}" if bad else ""
        raise DataError(
            f"no readable music in {root} ({len(bad)} bad files{first}): "
            f"expected {', '.join(SUFFIXES)}"
        )
    return Library(_songs(root, heard, va_source, method), bad)


def _hear(path: Path, label: Callable[[Notes], Mood], child: Isolated) -> _Heard:
    notes = read_safely(path, child=child)
    mood = label(notes)
    return _Heard(
        "" if notes.title == path.stem else " ".join(notes.title.split()),
        find_key(notes).name,
        round(notes.tempo, 2),
        round(to_events(notes).voices(), 2),
        mood.valence,
        mood.arousal,
    )


def _songs(root: Path, heard: dict[Path, _Heard], va_source: str, method: str) -> list[Song]:
    valence = calibrate([h.valence for h in heard.values()], method)
    arousal = calibrate([h.arousal for h in heard.values()], method)
    songs = []
    for (path, h), v, a in zip(heard.items(), valence, arousal, strict=True):
        place = path.relative_to(root)
        songs.append(
            Song(
                id=place.as_posix(),
                title=h.title or path.stem,
                artist="",
                style=place.parts[0] if len(place.parts) > 1 else "",
                mood=Mood(float(v), float(a)),
                va_source=va_source,
                key=h.key,
                tempo=h.tempo,
                music=str(path),
                raw=(h.valence, h.arousal),
                voices=h.voices,
            )
        )
    return songs


def _store(va_source: str) -> Path:
    return cache_folder() / "library" / f"{va_source}-{reader()}.json"


def _load(store: Path) -> dict[str, _Heard]:
    try:
        rows = json.loads(store.read_text(encoding="utf-8"))
        return {content: _Heard(**row) for content, row in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # nothing heard yet, or a damaged cache: hear again


def _save(store: Path, known: dict[str, _Heard]) -> None:
    text = json.dumps({c: vars(h) for c, h in known.items()})
    try:
        with atomically(store) as unfinished:
            unfinished.write_text(text, encoding="utf-8")
    except OSError as error:  # the songs are heard, and can be heard again
        log.warning("what was heard is not kept: %s: %s", error.filename, error.strerror)


def _bar(files: list[Path], progress: bool) -> list[Path]:
    if not progress:
        return files
    from tqdm import tqdm

    bar: list[Path] = tqdm(files, desc="library", unit="file")
    return bar
