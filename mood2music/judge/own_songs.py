"""Finds the song each written piece is after, and whether that has more of its motifs."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mood2music.errors import DataError, MusicFileError
from mood2music.files import checksum
from mood2music.isolate import Isolated
from mood2music.judge.motifs import motifs, motifs_shared
from mood2music.judge.runs import manifests
from mood2music.music.notes import Notes, make_notes
from mood2music.music.quantize import quantize
from mood2music.music.read import read_corpus
from mood2music.store.safely import read_safely
from mood2music.study.intervals import Estimate, bootstrap

# What names a piece of music21's own corpus, as the catalog does.
CORPUS = "corpus:"
SONGS = "songs.csv"


@dataclass(frozen=True)
class OwnSong:
    """The song of a piece: its name, the file it lies in (None for the corpus), and where the
    piece's kept seed ends, in quarter notes.
    """

    name: str
    path: Path | None
    seed_end: float


def own_songs(folder: Path, others: Sequence[Path] = ()) -> dict[str, OwnSong]:
    """Find the songs of the pieces below `folder`: path of the piece from there -> its song.

    Told by songs.csv in the folder (columns path and song: a file, from the folder, or
    "corpus:name"), or by the run.json that `generate` wrote beside the piece. That names a corpus
    piece or the checksum of a file, which is looked for among `others`. Pieces of which neither
    tells, or whose song is not there, are left out. Raises DataError for a songs.csv without the
    two columns.
    """
    found = dict(_from_runs(folder, others))
    table = folder / SONGS
    if table.is_file():
        with table.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        if rows and not {"path", "song"} <= set(rows[0]):
            raise DataError(f"{table} has columns {', '.join(rows[0])}: expected path and song")
        for row in rows:
            song = row["song"]
            path = None if song.startswith(CORPUS) else folder / song
            if path is None or path.is_file():
                found[row["path"]] = OwnSong(song, path, 0.0)
    return found


def read_songs(songs: Mapping[str, OwnSong], child: Isolated) -> dict[str, Notes]:
    """Read each song once, on the grid, by its name; those that cannot be read are left out."""
    read: dict[str, Notes] = {}
    for song in {song.name: song for song in songs.values()}.values():
        try:
            if song.path is None:
                notes = read_corpus(song.name.removeprefix(CORPUS))
            else:
                notes = read_safely(song.path, child=child)
        except MusicFileError:
            continue
        read[song.name] = quantize(notes)
    return read


def own_over_others(
    pieces: Mapping[str, Notes],
    songs: Mapping[str, OwnSong],
    read: Mapping[str, Notes],
    rhythm: bool,
) -> tuple[float, float, Estimate] | None:
    """Share of a piece's motifs in its own song, in the others, and the one over the other.

    The mean over pieces of `motifs_shared(piece, its song)`, over the mean over the same pieces of
    the mean over the other pieces' songs: 1 is chance, for what all music of a kind has is in both.
    What begins before a kept seed's end is not counted. `read`: the songs, by name. None with fewer
    than two songs, or where pieces share nothing with other songs.
    """
    own = {name: songs[name].name for name in pieces if name in songs and songs[name].name in read}
    known = {song: motifs(read[song], rhythm) for song in sorted(set(own.values()))}
    if len(known) < 2:
        return None
    rows = []
    for name, song in own.items():
        notes = pieces[name]
        written = motifs(_behind(notes, songs[name].seed_end), rhythm)
        shares = {other: motifs_shared(written, rows_) for other, rows_ in known.items()}
        if shares[song] is not None:
            rows.append((shares[song], np.mean([v for k, v in shares.items() if k != song])))
    table = np.array(rows, np.float64)
    if not len(table) or not table[:, 1].any():
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = bootstrap(table, lambda means: means[:, 0] / means[:, 1])
    return float(table[:, 0].mean()), float(table[:, 1].mean()), ratio


def _behind(notes: Notes, quarters: float) -> Notes:
    here = notes.onset >= quarters * notes.grid
    return make_notes(notes.onset[here], notes.duration[here], notes.pitch[here],
                      notes.velocity[here], notes.tempo, notes.grid)  # fmt: skip


def _from_runs(folder: Path, others: Sequence[Path]) -> Iterator[tuple[str, OwnSong]]:
    """Read each run's manifest below `folder`: (path of a piece, its song)."""
    by_content: dict[str, Path] | None = None
    for run, told in manifests(folder):
        song, midi = told.get("song"), told.get("midi")
        path: Path | None = None
        if isinstance(song, dict) and str(song.get("music", "")).startswith(CORPUS):
            name = str(song["music"])
        elif isinstance(midi, dict):
            if by_content is None:
                by_content = {checksum(other): other for other in others}
            name = str(midi.get("sha256", ""))
            path = by_content.get(name)
            if path is None:
                continue
        else:
            continue
        for piece in told["pieces"]:
            at = (run / piece["files"][0]).relative_to(folder).as_posix()
            yield at, OwnSong(name, path, piece["seed_end"] / piece["grid"])
