"""Reads music files into notes: looks what a file is, and hands it to the reader of that format.

    MIDI                    midi.py, by the bytes
    MusicXML, .mxl          musicxml.py
    kern                    kern.py
    ABC                     abc.py, by abc2midi
    MEI                     mei.py
    others of the corpus    stream.py, by music21

docs/music_in.md says why each is read by what reads it. Every reader gives each note its pitch,
onset and duration, or refuses the file in one line.
"""

import codecs
import hashlib
import re
import warnings
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from mood2music.errors import MusicFileError
from mood2music.music.aligned import on_its_beats
from mood2music.music.downbeat import on_its_downbeat
from mood2music.music.formats.abc import decode, read_abc
from mood2music.music.formats.kern import parse_kern
from mood2music.music.formats.mei import read_mei
from mood2music.music.formats.midi import parse_midi
from mood2music.music.formats.midi_tracks import is_midi
from mood2music.music.formats.musicxml import parse_musicxml
from mood2music.music.formats.mxl import unpack_mxl
from mood2music.music.meter_finder import WEIGHTS, with_meter
from mood2music.music.notes import GRID, Notes
from mood2music.music.written import place

MIDI = (".mid", ".midi", ".kar", ".rmi")
NOTATION = (".musicxml", ".mxl", ".xml", ".krn", ".abc", ".mei")
SUFFIXES = MIDI + NOTATION
LONGEST_SECONDS = 3600.0
# Bytes of a file. A symphony is some 20 MB of MusicXML; a kilobyte of zip can claim gigabytes.
LARGEST = 64 << 20


def read(path: Path, grid: int = GRID, repeats: bool = False) -> Notes:
    """Read one file to notes on a grid of `grid` steps a quarter note; drums are left out.

    repeats: play repeats, endings and jumps where the format has them; else a bar is read once,
    as it stands. Raises MusicFileError, one line, for a file that is missing, empty, damaged,
    without pitched notes or longer than an hour. Where the file states no meter it is found.
    """
    if path.is_dir():
        raise MusicFileError(f"{path} is a folder: expected a file, {', '.join(SUFFIXES)}")
    if not path.is_file():
        raise MusicFileError(f"no music file at {path}: expected one of {', '.join(SUFFIXES)}")
    notes = read_bytes(_content(path), path.name, grid, repeats)
    return notes if notes.title else replace(notes, title=path.stem)


def read_bytes(content: bytes, name: str, grid: int = GRID, repeats: bool = False) -> Notes:
    """Read the bytes of a music file called `name` as `read` does.

    What it is say its bytes where they begin as one of the formats does, else its suffix.
    """
    try:
        notes = _read_format(_format(content, name), content, name, grid, repeats)
        return _checked(notes, name)
    except (OverflowError, RecursionError) as error:
        raise MusicFileError(f"{name} cannot be read: {error}") from error


def read_corpus(name: str, grid: int = GRID, repeats: bool = False) -> Notes:
    """Read a piece of music21's own corpus, "bach/bwv66.6" or "essenFolksong/altdeu10.abc#3".

    A number behind "#" picks one tune of a collection. Formats that have a reader here are read by
    it, without loading music21. Raises MusicFileError when there is no such piece.
    """
    work, _, number = name.partition("#")
    path = _corpus_path(work)
    if path is not None and path.suffix == ".abc":
        tune = int(number) if number.isdigit() else None
        notes = read_abc(_content(path), path.name, grid, repeats, tune)
        return _checked(notes if notes.title else replace(notes, title=path.stem), path.name)
    if path is not None:
        return read(path, grid, repeats)
    return _read_by_music21(name, work, number, grid)


def _content(path: Path) -> bytes:
    size = path.stat().st_size
    if size == 0:
        raise MusicFileError(f"{path.name} is empty (0 bytes)")
    if size > LARGEST:
        raise MusicFileError(
            f"{path.name} holds {size >> 20} MB: expected at most {LARGEST >> 20} MB"
        )
    return path.read_bytes()


@cache
def reader() -> str:
    """Name what reads music here: a hash of this room's code and of its libraries' versions.

    What was read is kept under this name, so that a mended reader reads a known library anew.
    """
    digest = hashlib.sha256()
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.read_bytes())
    digest.update(WEIGHTS.read_bytes())
    for library in ("symusic", "music21"):
        digest.update(f"{library} {version(library)}".encode())
    return digest.hexdigest()[:16]


def _read_format(kind: str, content: bytes, name: str, grid: int, repeats: bool) -> Notes:
    if kind in MIDI:
        return on_its_downbeat(on_its_beats(parse_midi(content, name, grid)))
    if kind == ".abc":
        return read_abc(content, name, grid, repeats)
    if kind == ".mei":
        return read_mei(content, name, grid, repeats)
    if kind == ".krn":
        return place(parse_kern(decode(content), name), name, grid, repeats)
    if kind == ".mxl":
        content = unpack_mxl(content, name, LARGEST)
    return place(parse_musicxml(content, name), name, grid, repeats)


def _format(content: bytes, name: str) -> str:
    """Suffix of the format that a file is read as: what its bytes say, else its own suffix."""
    suffix = Path(name).suffix.lower()
    if told := _told(content):
        return told
    if suffix in SUFFIXES:
        return suffix
    ends = f"ends in {Path(name).suffix}" if suffix else "has no suffix"
    raise MusicFileError(
        f"{name} {ends} and is no music that is known: expected one of {', '.join(SUFFIXES)}"
    )


def _told(content: bytes) -> str:
    """Suffix of the format that a file begins as; "" where its beginning says nothing."""
    if is_midi(content[:12]):
        return ".mid"
    if content[:4] == b"PK\x03\x04":
        return ".mxl"
    head = content[:4096]
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        head = head.decode("utf-16", "ignore").encode()
    head = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] == b"<":
        if re.search(rb"<score-(part|time)wise\b", head):
            return ".musicxml"
        return ".mei" if b"music-encoding.org/ns/mei" in head else ""
    if re.search(rb"^\*\*kern\b|^[^\n]*\t\*\*kern\b", head, re.MULTILINE):
        return ".krn"
    return ".abc" if head[:2] == b"X:" else ""


def _corpus_path(work: str) -> Path | None:
    """The file of a work, where it is of a format that is read here."""
    spec = find_spec("music21")
    if spec is None or spec.origin is None:
        return None
    root = (Path(spec.origin).parent / "corpus").resolve()
    for suffix in ("", *NOTATION):
        path = root / f"{work}{suffix}"
        if path.suffix.lower() in NOTATION and path.is_file() and root in path.resolve().parents:
            return path
    return None


def _read_by_music21(name: str, work: str, number: str, grid: int) -> Notes:
    from music21 import corpus
    from music21.exceptions21 import Music21Exception

    from mood2music.music.stream import from_stream

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            score = corpus.parse(work, number=int(number) if number else None)
    except (Music21Exception, ValueError, OSError) as error:
        raise MusicFileError(f"music21's corpus has no readable {name}: {error}") from error
    return _checked(from_stream(score, grid, Path(work).stem), Path(work).name)


def _checked(notes: Notes, name: str) -> Notes:
    if notes.onset.min() < 0:
        raise MusicFileError(f"{name} has a note before its start")
    if notes.seconds > LONGEST_SECONDS:
        raise MusicFileError(
            f"{name} lasts {notes.seconds / 60:.0f} minutes: expected at most an hour"
        )
    if int(np.max(notes.duration)) > np.iinfo(np.int32).max:
        raise MusicFileError(f"{name} has a note without end")
    return with_meter(notes)
