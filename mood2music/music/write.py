"""Writes notes to a MIDI file; the same notes give the same bytes."""

from pathlib import Path
from typing import Any

from mood2music.files import atomically
from mood2music.music.meter import COMMON, Meter, TimeSignature, places
from mood2music.music.notes import Notes

# General MIDI 1 program number of the acoustic grand piano.
PIANO = 0

# Controllers of General MIDI: channel volume, whose default is 100 of 127, and one without effect.
VOLUME, UNUSED = 7, 119


def write_midi(notes: Notes, path: Path, program: int = PIANO) -> None:
    """Write one track at a constant tempo, `notes.grid` ticks a quarter, whole or not at all."""
    with atomically(path) as unfinished:
        unfinished.write_bytes(midi_bytes(notes, program))


def written_signatures(meter: Meter, grid: int) -> Meter:
    """The time signatures of a MIDI file, none of which can begin before its step 0.

    A pickup becomes a bar of its own, as notation programs write it. Without a meter it is 4/4.

    >>> written_signatures((TimeSignature(-48, 3, 4),), 24)
    (TimeSignature(step=0, beats=1, unit=4), TimeSignature(step=24, beats=3, unit=4))
    """
    meter = meter or COMMON
    place, length, _ = (int(found[0]) for found in places(meter, [0], grid))
    if not place:
        return (meter[0]._replace(step=0), *meter[1:])
    later = min(length - place, *(s.step for s in meter[1:2]), length)
    # The longest unit that the pickup is a number of; a finer one than that is called a quarter.
    whole = 4 * grid
    unit = next((u for u in (4, 8, 16, 32, 64) if later * u % whole == 0), 0)
    pickup = TimeSignature(0, later * unit // whole or 1, unit or 4)
    if len(meter) > 1 and meter[1].step == later:
        return (pickup, *meter[1:])
    return (pickup, meter[0]._replace(step=later), *meter[1:])


def midi_bytes(notes: Notes, program: int = PIANO, loud: bool = False, tail: float = 0.0) -> bytes:
    """Give the content of a MIDI file of one track at a constant tempo, in the bars of its meter.

    loud: with the channel's volume at its highest; tail: seconds behind the last release before
    the track ends. Both serve a synthesizer; a piece for people has neither.
    """
    import symusic

    # symusic types its classes as unions over time units; these count ticks.
    score: Any = symusic.Score(notes.grid)
    score.tempos.append(symusic.Tempo(0, notes.tempo))
    for signature in written_signatures(notes.meter, notes.grid):
        score.time_signatures.append(symusic.TimeSignature(*signature))
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
