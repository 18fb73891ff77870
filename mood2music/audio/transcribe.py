"""Writes a recording down as notes on a grid, with what was heard and what was taken away."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mood2music.audio.beat import Beats, find_beats
from mood2music.audio.clean import Counts, clean
from mood2music.audio.network import hear
from mood2music.audio.note_events import NoteEvents, find_events
from mood2music.audio.settings import AudioSettings
from mood2music.audio.sound import RATE, Sound, read_sound
from mood2music.errors import MusicFileError
from mood2music.isolate import Crashed, Isolated, TimedOut
from mood2music.music.meter_finder import with_meter
from mood2music.music.notes import GRID, Notes, make_notes

# Seconds that decoding may take: twenty minutes of mp3 take two.
TIMEOUT = 120.0


@dataclass(frozen=True)
class Transcription:
    """What a recording became.

    seconds: how long it lasts; heard: notes found in it; removed: how many of them each rule of
    the cleaning took away, {} when it was not asked for.
    """

    notes: Notes
    seconds: float
    heard: int
    removed: Counts


def transcribe(path: Path, settings: AudioSettings, grid: int = GRID) -> Transcription:
    """Listen to a sound file and write down its notes, `grid` steps a quarter note.

    Raises MusicFileError for a file without usable sound or without notes, SettingsError for a
    setting outside its range or a package that is missing.
    """
    settings.check()
    sound = _decoded(path)
    events = find_events(hear(sound), settings)
    kept, removed = clean(events, settings) if settings.clean else (events, {})
    if not len(kept):
        lower = ": lower transcription.onset" if not len(events) else ", transcription.clean=false"
        raise MusicFileError(f"no notes heard in {path.name}, expected pitched music{lower}")
    notes = on_grid(kept, find_beats(kept, settings.tempo), grid)
    notes = replace(with_meter(notes), title=" ".join(path.stem.split()))
    return Transcription(notes, round(len(sound) / RATE, 2), len(events), removed)


def _decoded(path: Path) -> Sound:
    """Read a sound file beside this process: decoders print what they like, and some crash."""
    try:
        with Isolated() as child:
            return child.call(read_sound, path, timeout=TIMEOUT)
    except Crashed as error:
        raise MusicFileError(f"{path.name}: the decoder crashed ({error})") from error
    except TimedOut as error:
        raise MusicFileError(f"{path.name} took longer than {TIMEOUT:g} s to decode") from error


def on_grid(events: NoteEvents, beats: Beats, grid: int = GRID) -> Notes:
    """Place notes on the grid between beats; the piece starts with the first note's beat."""
    onset = np.rint(beats.quarters(events.start) * grid).astype(np.int64)
    release = np.rint(beats.quarters(events.end) * grid).astype(np.int64)
    first = int(onset.min()) // grid * grid
    velocity = np.rint(127 * events.strength)
    return make_notes(onset - first, release - onset, events.pitch, velocity, beats.tempo, grid)
