"""Joins Deezer's published mood set and a folder of Lakh MIDI: songs with both mood and music.

The set is Delbouys et al. 2018, "Music mood detection based on audio and lyrics with deep neural
net" (ISMIR): three CSV files, train, validation and test. Its axes are z-scores (valence -2.2 to
1.6, arousal -2.3 to 2.8), so they are calibrated before they are compared with a face's mood.
"""

import csv
import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mood2music.catalog.calibrate import calibrate
from mood2music.catalog.song import Song
from mood2music.errors import DataError
from mood2music.mood import Mood

log = logging.getLogger(__name__)

COLUMNS = (
    "dzr_sng_id", "MSD_sng_id", "MSD_track_id", "valence", "arousal", "artist_name", "track_name"
)  # fmt: skip
PARTS = ("train.csv", "validation.csv", "test.csv")
GET_CSV = "get it from https://github.com/deezer/deezer_mood_detection_dataset"
GET_MIDI = (
    "get LMD-matched (lmd_matched.tar.gz) from https://colinraffel.com/projects/lmd/ and pass the "
    "unpacked folder as catalog.midi_root="
)
_SHOWN = 5


@dataclass(frozen=True)
class Row:
    """One line of the set; valence and arousal as published (z-scores)."""

    id: str
    track: str
    valence: float
    arousal: float
    artist: str
    title: str


def read_deezer(csv_path: Path, midi_root: Path, method: str = "quantile") -> list[Song]:
    """Read the set and keep the songs whose music lies under `midi_root`.

    Axes are calibrated over the whole set, with or without music, so that a song's place does not
    depend on how much MIDI is at hand. Of several MIDI files for a track the first by name is
    taken. Key and tempo are left open. Logs both counts; raises DataError for a missing or faulty
    set, and when no song at all has music.
    """
    rows = read_rows(csv_path)
    if not midi_root.is_dir():
        raise DataError(f"no folder {midi_root}: Deezer's set has no music, {GET_MIDI}")
    valence = calibrate([row.valence for row in rows], method)
    arousal = calibrate([row.arousal for row in rows], method)
    songs = [
        Song(
            id=row.id,
            title=row.title,
            artist=row.artist,
            style="",
            mood=Mood(float(v), float(a)),
            va_source="deezer",
            music=music,
            raw=(row.valence, row.arousal),
        )
        for row, v, a in zip(rows, valence, arousal, strict=True)
        if (music := _midi(midi_root, row.track))
    ]
    log.info("Deezer: %d songs, %d of them with music in %s", len(rows), len(songs), midi_root)
    if not songs:
        raise DataError(
            f"none of the {len(rows)} songs of {csv_path} has music in {midi_root}: expected "
            f"{_folder(midi_root, rows[0].track)}/*.mid and so on; {GET_MIDI}"
        )
    return songs


def read_rows(path: Path) -> list[Row]:
    """Read one CSV file or a folder with the three; DataError for all faults together."""
    files = [path / name for name in PARTS if (path / name).is_file()] if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise DataError(f"no Deezer mood set at {path}: {GET_CSV} and pass it as catalog.csv=")
    rows: list[Row] = []
    faults: list[str] = []
    for file in files:
        try:
            for number, row in _read(file):
                if isinstance(row, str):
                    faults.append(f"{file.name} line {number}: {row}")
                else:
                    rows.append(row)
        except (csv.Error, OSError) as error:
            raise DataError(f"{file} is not a CSV table: {error}: {GET_CSV}") from error
    if faults or not rows:
        shown = "; ".join(faults[:_SHOWN]) or "no rows"
        raise DataError(f"{len(faults)} faults in {path}: {shown}: {GET_CSV}")
    return rows


def _read(file: Path) -> Iterator[tuple[int, Row | str]]:
    """Give the number of each line, and its Row or the fault."""
    with file.open(newline="", encoding="utf-8-sig", errors="replace") as text:
        reader = csv.DictReader(text)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise DataError(f"{file} lacks the column {', '.join(missing)}: {GET_CSV}")
        for line in reader:
            yield reader.line_num, _row(line)


def _row(line: dict[str, str]) -> Row | str:
    """Make a Row; the fault when it is none."""
    try:
        valence, arousal = float(line["valence"]), float(line["arousal"])
    except (TypeError, ValueError):
        given = ", ".join(f"{name} {str(line[name])[:60]!r}" for name in ("valence", "arousal"))
        return f"{given}, expected two numbers"
    if not (math.isfinite(valence) and math.isfinite(arousal)):
        return "valence or arousal is not finite"
    track = line["MSD_track_id"] or ""
    if len(track) < 5 or not track.isalnum():
        return f"MSD_track_id is {track[:60]!r}, expected for example TRGVJCD128F42623E3"
    if any("\0" in (line[name] or "") for name in COLUMNS):
        return "a cell holds a zero byte"
    return Row(line["dzr_sng_id"], track, valence, arousal, line["artist_name"], line["track_name"])


def _folder(root: Path, track: str) -> Path:
    """LMD-matched's place for a track: TRGVJCD128F42623E3 -> G/V/J/TRGVJCD128F42623E3."""
    return root / track[2] / track[3] / track[4] / track


def _midi(root: Path, track: str) -> str:
    """The track's MIDI file; "" when there is none."""
    folder = _folder(root, track)
    return str(min(folder.glob("*.mid"), default="")) if folder.is_dir() else ""
