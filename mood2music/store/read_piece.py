"""Reads a music file, or a work of music21's corpus, to a piece's bytes: what workers run."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mood2music.music.read import read, read_corpus
from mood2music.store.piece import pack, to_piece


def read_packed(
    source: Path | str, grid: int, divisors: Sequence[int], repeats: bool = False
) -> bytes:
    """Read a file, or a work of music21's corpus by its name, to the bytes of a `Piece`.

    Raises MusicFileError for what cannot be read.
    """
    reading = read if isinstance(source, Path) else read_corpus
    notes = reading(source, grid, repeats)  # type: ignore[arg-type]  # each takes its own kind
    # A name that the music does not say itself is no part of its content.
    title = "" if notes.title == Path(source).stem else notes.title
    return pack(to_piece(replace(notes, title=title), divisors))
