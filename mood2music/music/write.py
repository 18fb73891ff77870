"""Notes to a MIDI file; the same notes give the same bytes."""

from pathlib import Path
from typing import Any

from mood2music.atomic import atomically
from mood2music.music.notes import Notes

# General MIDI 1 program number of the acoustic grand piano.
PIANO = 0


def write_midi(notes: Notes, path: Path, program: int = PIANO) -> None:
    """Write one track at a constant tempo, `notes.grid` ticks a quarter, whole or not at all."""
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
    score.tracks.append(track)
    with atomically(path) as unfinished:
        unfinished.write_bytes(score.dumps_midi())
