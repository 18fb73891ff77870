"""Reads the notes of a song of the catalog."""

from dataclasses import replace
from pathlib import Path

from mood2music.catalog.song import CORPUS, Song
from mood2music.errors import DataError
from mood2music.music.notes import GRID, Notes
from mood2music.music.read import read_corpus
from mood2music.store.safely import read_safely


def read_song(song: Song, grid: int = GRID, repeats: bool = False) -> Notes:
    """Read a song's music, at the catalog's tempo when it has one, under the catalog's title.

    A table may name any file, so files are read in a process beside this one. The mood in the table
    belongs to its tempo: many scores of the corpus leave theirs open. The key is the table's, which
    was found from the notes, whatever the file states.
    Raises DataError for a song without music, MusicFileError for music that cannot be read.
    """
    if not song.playable:
        raise DataError(f"the catalog has no music for {song} ({song.id}): choose another song")
    if song.music.startswith(CORPUS):
        notes = read_corpus(song.music.removeprefix(CORPUS), grid, repeats)
    else:
        notes = read_safely(Path(song.music), grid, repeats=repeats)
    return replace(notes, title=song.title, tempo=song.tempo or notes.tempo, stated_key=None)
