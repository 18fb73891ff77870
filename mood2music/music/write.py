"""Writes notes to a MIDI file; the same notes give the same bytes."""

from pathlib import Path
from typing import Any

from mood2music.files import atomically
from mood2music.music.notes import Notes

# General MIDI 1 program number of the acoustic grand piano.
PIANO = 0

# Controllers of General MIDI: channel volume, whose default is 100 of 127, and one without effect.
VOLUME, UNUSED = 7, 119


def write_midi(notes: Notes, path: Path, program: int = PIANO) -> None:
    """Write one track at a constant tempo, `notes.grid` ticks a quarter, whole or not at all."""
    with atomically(path) as unfinished:
        unfinished.write_bytes(midi_bytes(notes, program))


def midi_bytes(notes: Notes, program: int = PIANO, loud: bool = False, tail: float = 0.0) -> bytes:
    """Give the content of a MIDI file of one track at a constant tempo.

    loud: with the channel's volume at its highest; tail: seconds behind the last release before
    the track ends. Both serve a synthesizer; a piece for people has neither.
    """
    import symusic

    # symusic types its classes as unions over time units; these count ticks.
    score: Any = symusic.Score(notes.grid)
    score.tempos.append(symusic.Tempo(0, notes.tempo))
    score.time_signatures.append(symusic.TimeSignature(0, 4, 4))
    track: Any = symusic.Track(notes.title, program, False)
    track.notes = symusic.Note.from_numpy(
        notes.onset.astype("int32"),
        notes.duration.astype("int32"),
        notes.pitch.astype("int8"),
        notes.velocity.astype("int8"),
    )
    if loud:
        track.controls.append(symusic.ControlChange(0, VOLUME, 127))
    if tail:
        end = notes.end + round(tail * notes.tempo / 60 * notes.grid)
        track.controls.append(symusic.ControlChange(end, UNUSED, 0))
    score.tracks.append(track)
    content: bytes = score.dumps_midi()
    return content
