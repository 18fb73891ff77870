"""Reads the pieces of a folder, real or written, once each."""

from collections.abc import Iterator
from pathlib import Path

from mood2music.music.notes import Notes
from mood2music.music.quantize import quantize
from mood2music.music.read import SUFFIXES
from mood2music.store.safely import read_safely


def pieces_in(folder: Path) -> Iterator[Notes]:
    """Every piece below `folder`, on the grid; a run's piece.mid and piece.musicxml are one."""
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    for file in {file.with_suffix(""): file for file in found}.values():
        yield quantize(read_safely(file))
