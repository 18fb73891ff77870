"""Writes notes, or the parts of a band, to a MIDI file; the same notes give the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mood2music.files import atomically
from mood2music.music.meter import COMMON, Meter, TimeSignature, places
from mood2music.music.notes import Notes
from mood2music.music.swing import said
from mood2music.music.tempo import Tempi
from mood2music.music.tempo import said as said_tempo

# General MIDI 1 program number of the acoustic grand piano.
PIANO = 0

# Controllers of General MIDI: channel volume, whose default is 100 of 127, place between left and
# right, the sustain pedal, what goes to the synthesizer's reverberation, and one without effect.
VOLUME, PAN, PEDAL, REVERB, UNUSED = 7, 10, 64, 91, 119
DEFAULT_VOLUME, LOUDEST, MIDDLE = 100, 127, 64


@dataclass(frozen=True)
class Part:
    """What one instrument of a piece plays: a track of its MIDI file.

    program: its General MIDI number, of drums that of the kit; level: channel volume, 0 to 127;
    pan: 0 left, 64 middle, 127 right; pedal: grid steps at which the sustain pedal goes down and
    up; reverb: how much of it the synthesizer's own reverberation gets, 0 to 127; None: its default
    """

    name: str
    program: int
    notes: Notes
    drums: bool = False
    level: int = DEFAULT_VOLUME
    pan: int = MIDDLE
    pedal: Sequence[tuple[int, int]] = ()
    reverb: int | None = None


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


def midi_bytes(notes: Notes, program: int = PIANO) -> bytes:
    """Give the content of a MIDI file of one track at a constant tempo, with its meter's bars."""
    return parts_bytes([Part(notes.title, program, notes)])


def parts_bytes(
    parts: Sequence[Part],
    key: tuple[int, str] | None = None,
    swing: float = 1.0,
    tail: float = 0.0,
    tempi: Tempi = (),
) -> bytes:
    """Give the content of a MIDI file of a track a part, all on the first one's grid.

    key: sharps (flats: below 0) and mode of the signature that stands in the file; swing: the ratio
    that the notes are played in, which the file says, so that a reader finds the straight ones
    again; tail: seconds behind the last release before the tracks end, for a synthesizer; tempi: as
    it is played, () for the first part's tempo throughout; of several the file says that one too.
    """
    import symusic

    first = parts[0].notes
    # symusic types its classes as unions over time units; these count ticks.
    score: Any = symusic.Score(first.grid)
    tempi = tempi or ((0, first.tempo),)
    score.tempos.extend(symusic.Tempo(*tempo) for tempo in tempi)
    for signature in written_signatures(first.meter, first.grid):
        score.time_signatures.append(symusic.TimeSignature(*signature))
    if key is not None:
        score.key_signatures.append(symusic.KeySignature(0, key[0], int(key[1] == "minor")))
    if swing != 1.0:
        score.markers.append(symusic.TextMeta(0, said(swing)))
    if len(tempi) > 1:
        score.markers.append(symusic.TextMeta(0, said_tempo(first.tempo)))
    end = max(part.notes.end for part in parts) + round(tail * tempi[-1][1] / 60 * first.grid)
    score.tracks.extend(_track(part, end if tail else 0) for part in parts)
    content: bytes = score.dumps_midi()
    return content


def _track(part: Part, end: int) -> Any:
    """A part as symusic's track; end: the tick that it lasts to at least."""
    import symusic

    notes = part.notes
    track: Any = symusic.Track(part.name, part.program, part.drums)
    track.notes = symusic.Note.from_numpy(
        notes.onset.astype("int32"),
        notes.duration.astype("int32"),
        notes.pitch.astype("int8"),
        notes.velocity.astype("int8"),
    )
    controls = []
    if part.level != DEFAULT_VOLUME:
        controls.append((0, VOLUME, part.level))
    if part.pan != MIDDLE:
        controls.append((0, PAN, part.pan))
    if part.reverb is not None:
        controls.append((0, REVERB, part.reverb))
    for down, up in part.pedal:
        controls += [(down, PEDAL, 127), (up, PEDAL, 0)]
    if end:
        controls.append((end, UNUSED, 0))
    track.controls.extend(symusic.ControlChange(*control) for control in controls)
    return track
