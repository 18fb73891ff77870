"""Reads and writes a catalog's CSV table; all faults of a table are reported together."""

import csv
import math
from collections.abc import Iterable
from pathlib import Path

from mood2music.catalog.song import CORPUS, Song
from mood2music.errors import DataError, MoodError
from mood2music.files import atomically
from mood2music.mood import Mood

COLUMNS = (
    "id", "title", "artist", "style", "valence", "arousal", "va_source", "key", "tempo", "music",
    "valence_raw", "arousal_raw", "voices",
)  # fmt: skip
NEEDED = ("id", "title", "valence", "arousal", "music")
_SHOWN = 5
_LONGEST = 60  # letters of a cell in a message


def write_table(path: Path, songs: Iterable[Song]) -> None:
    """Write one row a song, whole or not at all; moods with four digits."""
    with atomically(path) as unfinished, unfinished.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for s in songs:
            mood = [round(v, 4) for v in (s.valence, s.arousal)]
            raw = [round(v, 4) for v in s.raw]
            rows.writerow(
                [s.id, s.title, s.artist, s.style, *mood, s.va_source, s.key, f"{s.tempo:g}",
                 s.music, *raw, f"{s.voices:.2f}" if s.voices else ""]
            )  # fmt: skip


def read_table(path: Path) -> list[Song]:
    """Read a table with at least the columns NEEDED, others empty when missing.

    music is "corpus:<name>" or the path of a file, from the table's own folder on. Raises
    DataError for a missing file or column, and one for all faulty rows together.
    """
    if not path.is_file():
        raise DataError(f"no catalog table at {path}: catalog.csv= takes a CSV file with songs")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or ())
            rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise DataError(f"{path} is not a CSV table in UTF-8: {error}") from error
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise DataError(
            f"{path} lacks the column {', '.join(missing)}: expected {', '.join(COLUMNS)}"
        )
    songs: list[Song] = []
    faults: list[str] = []
    seen: set[str] = set()
    for line, row in rows:
        try:
            song = _song({name: (row.get(name) or "").strip() for name in COLUMNS}, path.parent)
        except (ValueError, MoodError) as error:
            faults.append(f"line {line}: {error}")
            continue
        if song.id in seen:
            faults.append(f'line {line}: id "{_shown(song.id)}" stands there twice')
        seen.add(song.id)
        songs.append(song)
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise DataError(
            f"{len(faults)} faults in {len(rows)} rows of {path}: "
            f"{'; '.join(faults[:_SHOWN])}{more}"
        )
    if not songs:
        raise DataError(f"{path} has no songs below its heading")
    return songs


def _song(row: dict[str, str], folder: Path) -> Song:
    """Make the song of a row. Raises ValueError or MoodError with the row's first fault."""
    for name in NEEDED:
        if not row[name]:
            raise ValueError(f"{name} is empty")
    for name, text in row.items():
        if "\0" in text:
            raise ValueError(f"{name} holds a zero byte")
    number = {}
    for name in ("valence", "arousal", "tempo", "valence_raw", "arousal_raw", "voices"):
        text = row[name] or row[name.removesuffix("_raw")] or "0"
        try:
            number[name] = float(text)
        except ValueError as error:
            raise ValueError(f'{name} is "{_shown(text)}", expected a number') from error
        if name.endswith("_raw") and row[name] and not math.isfinite(number[name]):
            raise ValueError(f"{name} is {number[name]:g}, expected a finite number")
    if not 0.0 <= number["tempo"] < 1000.0:
        raise ValueError(f"tempo is {number['tempo']:g}, expected quarter notes a minute")
    if not 0.0 <= number["voices"] < 128.0:
        raise ValueError(f"voices is {number['voices']:g}, expected pitches that sound at once")
    music = row["music"]
    if not music.startswith(CORPUS):
        music = str(folder / music)
    return Song(
        id=row["id"],
        title=row["title"],
        artist=row["artist"],
        style=row["style"],
        mood=Mood(number["valence"], number["arousal"]),
        va_source=row["va_source"],
        key=row["key"],
        tempo=number["tempo"],
        music=music,
        raw=(number["valence_raw"], number["arousal_raw"]),
        voices=number["voices"],
    )


def _shown(text: str) -> str:
    """A cell as it stands in a message: on one line, cut where it is long."""
    line = "".join(c if c.isprintable() else "?" for c in text)
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "..."
