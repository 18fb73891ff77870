"""Music files to notes: MIDI by symusic, everything else that music21 reads by music21."""

import struct
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.errors import MusicFileError
from mood2music.music.notation import NOTATION, parse_notation
from mood2music.music.notes import GRID, Notes, make_notes

MIDI = (".mid", ".midi", ".kar")
SUFFIXES = MIDI + NOTATION
LONGEST_SECONDS = 3600.0
_SLOWEST, _FASTEST = 10.0, 400.0


def read(path: Path, grid: int = GRID) -> Notes:
    """Read one file to notes on a grid of `grid` steps a quarter note; drums are left out.

    Raises MusicFileError, one line, for a file that is missing, empty, damaged, without pitched
    notes or longer than an hour.
    """
    if not path.is_file():
        raise MusicFileError(f"no music file at {path}: expected one of {', '.join(SUFFIXES)}")
    if path.stat().st_size == 0:
        raise MusicFileError(f"{path.name} is empty (0 bytes)")
    if path.suffix.lower() in NOTATION:
        return from_music21(parse_notation(path), grid, path.stem)
    return _read_midi(path, grid)


def read_corpus(name: str, grid: int = GRID) -> Notes:
    """Read a piece of music21's own corpus, "bach/bwv66.6" or "essenFolksong/altdeu10.abc#3".

    A number behind "#" picks one tune of a collection. Raises MusicFileError when there is none.
    """
    from music21 import corpus
    from music21.exceptions21 import Music21Exception

    work, _, number = name.partition("#")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            score = corpus.parse(work, number=int(number) if number else None)
    except (Music21Exception, ValueError, OSError) as error:
        raise MusicFileError(f"music21's corpus has no readable {name}: {error}") from error
    return from_music21(score, grid, Path(work).stem)


def from_music21(score: Any, grid: int = GRID, title: str = "") -> Notes:
    """Take the notes of a music21 stream: ties joined, all at sounding pitch.

    Ties are joined by pitch and place: music21's own stripTies loses those that another voice's
    note stands between.
    """
    from music21 import tempo as m21tempo

    flat = (score.toSoundingPitch() if hasattr(score, "toSoundingPitch") else score).flatten()
    rows: list[tuple[int, int, int, int]] = []  # start, end, pitch, velocity
    open_ties: dict[tuple[int, int], int] = {}  # (pitch, end) -> row that a tie continues
    for element in flat.notes:
        if element.quarterLength <= 0:
            continue
        start = round(float(element.offset) * grid)
        end = round(float(element.offset + element.quarterLength) * grid)
        for note in getattr(element, "notes", (element,)):
            if not hasattr(note, "pitch"):  # unpitched percussion
                continue
            pitch, tie = note.pitch.midi, note.tie.type if note.tie else ""
            row = open_ties.pop((pitch, start), None) if tie in ("stop", "continue") else None
            if row is None:
                row = len(rows)
                rows.append((start, end, pitch, element.volume.velocity or 80))
            else:
                rows[row] = (rows[row][0], end, *rows[row][2:])
            if tie in ("start", "continue"):
                open_ties[pitch, end] = row
    if not rows:
        raise MusicFileError(f"{title or 'the score'} holds no pitched notes")
    onset, release, pitches, velocity = (np.array(column) for column in zip(*rows, strict=True))
    marks = [
        mark.getQuarterBPM()
        for mark in flat.getElementsByClass(m21tempo.MetronomeMark)
        if mark.getQuarterBPM()
    ]
    tempo = float(np.clip(marks[0], _SLOWEST, _FASTEST)) if marks else 120.0
    named = getattr(score.metadata, "title", None) if score.metadata else None
    duration = release - onset
    return _checked(make_notes(onset, duration, pitches, velocity, tempo, grid, named or title))


def _read_midi(path: Path, grid: int) -> Notes:
    import symusic

    _check_chunks(path)
    try:
        score: Any = symusic.Score(path)  # a union over its time units, which this is not
    except Exception as error:  # symusic raises bare RuntimeError and ValueError
        raise MusicFileError(f"{path.name} is damaged: {str(error).splitlines()[0]}") from error
    if score.ticks_per_quarter <= 0:
        raise MusicFileError(f"{path.name} counts {score.ticks_per_quarter} ticks a quarter note")
    drums = sum(len(track.notes) for track in score.tracks if track.is_drum)
    arrays = [track.notes.numpy() for track in score.tracks if not track.is_drum]
    arrays = [a for a in arrays if len(a["time"])]
    if not arrays:
        reason = "holds drums only" if drums else "holds no notes"
        raise MusicFileError(f"{path.name} {reason}: expected pitched notes")
    time, length, pitch, velocity = (
        np.concatenate([a[field] for a in arrays]).astype(np.int64)
        for field in ("time", "duration", "pitch", "velocity")
    )
    scale = grid / score.ticks_per_quarter
    onset = np.rint(time * scale).astype(np.int64)
    end = np.rint((time + length) * scale).astype(np.int64)
    tempo = _main_tempo(score.tempos.numpy(), int((time + length).max()))
    notes = make_notes(onset, end - onset, pitch, velocity, tempo, grid, path.stem)
    return _checked(replace(notes, drums=drums))


def _check_chunks(path: Path) -> None:
    """Refuse what is no MIDI file, and one with a track that goes on behind the file's end.

    symusic reads such a truncated file as far as it goes, and says nothing. What stands behind
    the tracks that the header counts is nobody's concern.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(8)
        if head[:4] == b"RIFF":
            return
        if head[:4] != b"MThd":
            raise MusicFileError(
                f"{path.name} is not a MIDI file inside: expected one of {', '.join(SUFFIXES)}"
            )
        length = int.from_bytes(head[4:], "big")
        tracks, division = struct.unpack(">xxHh", file.read(6).ljust(6, b"\0"))
        if division < 0:
            raise MusicFileError(
                f"{path.name} counts time in frames (SMPTE): expected ticks a quarter note"
            )
        file.seek(8 + length)
        while tracks > 0:
            head = file.read(8)
            behind = file.seek(int.from_bytes(head[4:], "big"), 1) if len(head) == 8 else size + 8
            if behind > size:
                raise MusicFileError(
                    f"{path.name} is truncated: {behind - size} bytes are missing at its end"
                )
            tracks -= head[:4] == b"MTrk"


def _main_tempo(tempos: dict[str, NDArray[Any]], end: int) -> float:
    """Quarter notes a minute over the whole piece: its length in quarters over that in minutes."""
    time, microseconds = tempos["time"].astype(float), tempos["mspq"].astype(float)
    if not len(time):
        return 120.0
    order = np.argsort(time, kind="stable")
    time, microseconds = time[order], microseconds[order]
    if time[0] > 0:  # until the first tempo event MIDI's default of 120 holds
        time, microseconds = np.r_[0.0, time], np.r_[5e5, microseconds]
    span = np.diff(np.r_[time, max(float(end), time[-1])])
    mean = float((span * microseconds).sum() / span.sum()) if span.sum() else microseconds[0]
    return float(np.clip(6e7 / max(mean, 1.0), _SLOWEST, _FASTEST))


def _checked(notes: Notes) -> Notes:
    if notes.onset.min() < 0:
        raise MusicFileError(f"{notes.title} has a note before its start")
    if notes.seconds > LONGEST_SECONDS:
        raise MusicFileError(
            f"{notes.title} lasts {notes.seconds / 60:.0f} minutes: expected at most an hour"
        )
    return notes
