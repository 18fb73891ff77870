"""Holds a piece as arrays of notes on a grid: the value that all stages of the music pass on."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mood2music.brief import brief
from mood2music.command.text import one_line
from mood2music.errors import MusicFileError
from mood2music.music.meter import Meter
from mood2music.music.stated_chords import StatedChord
from mood2music.music.stated_key import StatedKey

# 24 divides sixteenths (6), triplet eighths (8) and thirty-seconds (3).
GRID = 24


@brief
@dataclass(frozen=True)
class Notes:
    """Notes sorted by (onset, pitch); no pitch sounds twice at once.

    onset: (n,) int64, grid steps from the start of the piece
    duration: (n,) int64, grid steps, at least 1
    pitch: (n,) int16, MIDI number 0 to 127 (60 is middle C)
    velocity: (n,) uint8, 1 to 127
    tempo: quarter notes a minute, one for the whole piece
    grid: steps in a quarter note
    drums: notes of drums in the file, which are not among these
    meter: time signatures, () where there are none; see `meter`
    meter_found: no file states the meter: it was found from the notes
    stated_key: what the file says of its key, None where it says nothing; see `key.key_of`
    chords: what the file says of its chords, as a lead sheet does, () where it says nothing
    """

    onset: NDArray[np.int64]
    duration: NDArray[np.int64]
    pitch: NDArray[np.int16]
    velocity: NDArray[np.uint8]
    tempo: float = 120.0
    grid: int = GRID
    title: str = ""
    drums: int = 0
    meter: Meter = ()
    meter_found: bool = False
    stated_key: StatedKey | None = None
    chords: tuple[StatedChord, ...] = ()

    def __post_init__(self) -> None:
        """Take out of the title, which a file says, what no terminal or XML should get."""
        object.__setattr__(self, "title", one_line(self.title))

    def __len__(self) -> int:
        """Count the notes."""
        return len(self.onset)

    @property
    def end(self) -> int:
        """Grid step at which the last note is released; 0 for a piece without notes."""
        return int((self.onset + self.duration).max()) if len(self) else 0

    @property
    def seconds(self) -> float:
        """Playing time in seconds at the piece's tempo."""
        return self.end / self.grid * 60.0 / self.tempo

    def transposed(self, semitones: int) -> "Notes":
        """Move every pitch; a pitch that would leave 0 to 127 moves by octaves back into it."""
        pitch = moved(self.pitch, semitones)
        notes = make_notes(
            self.onset, self.duration, pitch, self.velocity, self.tempo, self.grid, self.title
        )
        key = self.stated_key and self.stated_key.transposed(semitones)
        chords = tuple(chord.transposed(semitones) for chord in self.chords)
        return replace(
            notes, meter=self.meter, meter_found=self.meter_found, stated_key=key, chords=chords
        )

    def only(self, mine: NDArray[np.bool_]) -> "Notes":
        """Return the notes for which `mine`, (n,), is true."""
        return replace(
            self,
            onset=self.onset[mine],
            duration=self.duration[mine],
            pitch=self.pitch[mine],
            velocity=self.velocity[mine],
        )

    def with_tempo(self, tempo: float) -> "Notes":
        """Return the same notes at another tempo (quarter notes a minute)."""
        return replace(self, tempo=tempo)

    def until(self, seconds: float) -> "Notes":
        """Return the notes struck in the first so many seconds, cut off there."""
        end = round(seconds * self.tempo / 60.0 * self.grid)
        here = self.onset < end
        onset = self.onset[here]
        return replace(
            self,
            onset=onset,
            duration=np.minimum(self.duration[here], end - onset),
            pitch=self.pitch[here],
            velocity=self.velocity[here],
            meter=tuple(s for i, s in enumerate(self.meter) if not i or s.step < end),
            chords=tuple(chord for chord in self.chords if chord.step < end),
        )


def moved(pitch: ArrayLike, semitones: int) -> NDArray[np.int64]:
    """Move pitches (n,); one that would leave 0 to 127 moves by octaves back into it."""
    far = np.asarray(pitch, np.int64) + semitones
    far = np.where(far < 0, far + 12 * (-(far // 12)), far)
    return np.where(far > 127, far - 12 * ((far - 116) // 12), far)


def make_notes(
    onset: ArrayLike,
    duration: ArrayLike,
    pitch: ArrayLike,
    velocity: ArrayLike,
    tempo: float = 120.0,
    grid: int = GRID,
    title: str = "",
    drums: int = 0,
    meter: Meter = (),
) -> Notes:
    """Sort notes and let each pitch sound once at a time, as on a piano.

    Of notes with one pitch and one onset the longest stays (with the loudest velocity); a pitch
    struck again while it sounds ends the earlier note there. Durations below 1 become 1.

    >>> make_notes([0, 2], [4, 4], [60, 60], [80, 80]).duration
    array([2, 4])
    """
    onset = np.asarray(onset, np.int64)
    duration = np.maximum(np.asarray(duration, np.int64), 1)
    pitch = np.asarray(pitch, np.int16)
    velocity = np.clip(np.asarray(velocity, np.int64), 1, 127).astype(np.uint8)
    if len(pitch) and (pitch.min() < 0 or pitch.max() > 127):
        raise MusicFileError("a pitch lies outside 0 to 127")
    if len(onset):
        # By pitch, then onset, then longest first.
        order = np.lexsort((-duration, onset, pitch))
        onset, duration, pitch, velocity = (a[order] for a in (onset, duration, pitch, velocity))
        first = np.ones(len(onset), bool)
        first[1:] = (pitch[1:] != pitch[:-1]) | (onset[1:] != onset[:-1])
        velocity = np.maximum.reduceat(velocity, np.flatnonzero(first))
        onset, duration, pitch = onset[first], duration[first], pitch[first]
        same = pitch[1:] == pitch[:-1]
        room = np.where(same, onset[1:] - onset[:-1], np.iinfo(np.int64).max)
        duration[:-1] = np.minimum(duration[:-1], room)
        order = np.lexsort((pitch, onset))
        onset, duration, pitch, velocity = (a[order] for a in (onset, duration, pitch, velocity))
    return Notes(onset, duration, pitch, velocity, float(tempo), grid, title, drums, meter)
