"""Reads the bytes of a MIDI file into notes, event by event, as Standard MIDI Files 1.0 says.

Every note-on gives a note. Files do not always say where it ends:

- A key struck again before its release ends the note there. Where a channel strikes a key as often
  as it releases it, the first release belongs to the first strike; else a release ends all.
- A note that nothing in its track releases ends where another track releases its key, else it
  sounds to the end of its track.
- "All notes off" and "all sound off" (controllers 120 and 123 to 127) release their channel.

A sustain pedal (controller 64) holds nothing here: a note is as long as its key is down. A file of
this program says that its eighths swing: they are read straight.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from mood2music.errors import MusicFileError
from mood2music.music.meter import TimeSignature, bar_length, tidy
from mood2music.music.notes import GRID, Notes, make_notes
from mood2music.music.stated_key import StatedKey, of_signature
from mood2music.music.swing import ratio_in, straightened
from mood2music.music.tempo import mean_tempo

DRUMS = 9  # General MIDI's channel of drums, counted from 0
_TEMPO, _SIGNATURE, _KEY, _MARKER, _END_OF_TRACK = 0x51, 0x58, 0x59, 0x06, 0x2F
# Bytes of data behind a channel message's status, by its upper half.
_DATA = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
# Bytes behind a system message, which has no place in a file but stands in some.
_SYSTEM = {0xF1: 1, 0xF2: 2, 0xF3: 1}
_HOLD_ENDS = frozenset({120, 123, 124, 125, 126, 127})
_UNDEFINED = range(102, 120)  # controllers that MIDI leaves to whoever writes a file

# Start and end in ticks, pitch, velocity.
Row = tuple[int, int, int, int]
# Tick, channel and pitch as one number (channel * 128 + pitch), velocity; 0 releases.
_Strike = tuple[int, int, int]


@dataclass
class _Track:
    """What one track holds, times in ticks."""

    strikes: list[_Strike] = field(default_factory=list)
    tempos: list[tuple[int, float]] = field(default_factory=list)
    signatures: list[TimeSignature] = field(default_factory=list)
    keys: list[tuple[int, StatedKey]] = field(default_factory=list)
    controls: list[tuple[int, int, int]] = field(default_factory=list)
    swing: float | None = None
    end: int = 0


def is_midi(head: bytes) -> bool:
    """Whether a file that begins with these 12 bytes is MIDI, bare or in a RIFF container."""
    return head[:4] == b"MThd" or (head[:4] == b"RIFF" and head[8:12] == b"RMID")


def parse_midi(content: bytes, name: str, grid: int = GRID) -> Notes:
    """Read the bytes of a MIDI file of format 0 or 1 into notes; drums are counted, not read.

    name: the file's, for errors; grid: steps in a quarter note. Raises MusicFileError, one line,
    for a damaged or truncated file, format 2, SMPTE time, and one without pitched notes.
    """
    content = _unwrapped(content, name)
    ticks, chunks = _tracks(content, name)
    tracks = [_read_track(content, start, stop, name) for start, stop in chunks]
    rows: list[Row] = []
    held: list[tuple[_Strike, int]] = []
    loose: dict[int, list[int]] = defaultdict(list)
    drums = 0
    for track in tracks:
        pitched = [strike for strike in track.strikes if strike[1] >> 7 != DRUMS]
        drums += sum(s[2] > 0 for s in track.strikes) - sum(s[2] > 0 for s in pitched)
        mine, left = _paired(pitched, loose)
        rows += mine
        held += ((strike, track.end) for strike in left)
    for (struck, key, strength), stop in held:
        ends = [tick for tick in loose.get(key, ()) if tick > struck]
        rows.append((struck, min(ends, default=stop), key & 0x7F, strength))
    if not rows:
        reason = "holds drums only" if drums else "holds no notes"
        raise MusicFileError(f"{name} {reason}: expected pitched notes")
    start, end, pitch, velocity = np.array(rows, np.int64).T
    keys = [key for track in tracks for key in track.keys if key[0] <= start.min()]
    swing = next((track.swing for track in tracks if track.swing), None)
    if swing is not None:
        end = straightened(end, start, ticks, swing)
        start = straightened(start, start, ticks, swing)
    scale = grid / ticks
    onset = np.rint(start * scale).astype(np.int64)
    release = np.rint(end * scale).astype(np.int64)
    marks = [(tick / ticks, tempo) for track in tracks for tick, tempo in track.tempos]
    tempo = mean_tempo(marks, int(end.max()) / ticks)
    signatures = [
        s._replace(step=round(s.step * scale)) for track in tracks for s in track.signatures
    ]
    late = min(signatures, default=None)
    if late and late.step % (4 * grid) == 0 and late.step % bar_length(late, grid):
        # Before the first signature a MIDI file is in 4/4, where whole bars of it stand there.
        signatures.append(TimeSignature(0, 4, 4))
    meter = tidy(signatures, int(release.max()), grid)
    notes = make_notes(
        onset, release - onset, pitch, velocity, tempo, grid, drums=drums, meter=meter
    )
    first = min(keys, key=lambda key: key[0], default=None)
    return replace(notes, stated_key=first and first[1])


def time_signatures(content: bytes, name: str) -> list[TimeSignature]:
    """All time signatures of a MIDI file as they stand, in time order, steps in its own ticks."""
    _, chunks = _tracks(content, name)
    tracks = (_read_track(content, start, stop, name) for start, stop in chunks)
    return sorted((s for track in tracks for s in track.signatures), key=lambda s: s.step)


def controls(content: bytes, name: str) -> list[list[tuple[int, int, int]]]:
    """For each track its changes of controllers without a meaning: (tick, controller, value)."""
    _, chunks = _tracks(content, name)
    return [_read_track(content, start, stop, name).controls for start, stop in chunks]


def _unwrapped(content: bytes, name: str) -> bytes:
    """The MIDI file inside a RIFF container (.rmi); any other file as it is."""
    if content[:4] != b"RIFF":
        return content
    at = 12
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if content[at : at + 4] == b"data":
            return content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    raise MusicFileError(f"{name} is a RIFF file without MIDI data")


def _tracks(content: bytes, name: str) -> tuple[int, list[tuple[int, int]]]:
    """Ticks a quarter note, and where each track's events begin and end.

    What stands behind the tracks that the header counts is nobody's concern. Some headers count
    chunks of other kinds too.
    """
    if content[:4] != b"MThd" or len(content) < 14:
        raise MusicFileError(f"{name} is not a MIDI file inside: it begins without a header")
    length, layout, count, division = struct.unpack(">IHHh", content[4:14])
    if layout == 2:
        raise MusicFileError(
            f"{name} is MIDI of format 2, patterns without a common time: save it as format 0 or 1"
        )
    if division < 0:
        raise MusicFileError(f"{name} counts time in frames (SMPTE): expected ticks a quarter note")
    if division == 0:
        raise MusicFileError(f"{name} counts 0 ticks a quarter note")
    at = 8 + max(length, 6)
    found: list[tuple[int, int]] = []
    others = 0
    while len(found) < count and (at < len(content) or len(found) + others < count):
        kind, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "big")
        behind = at + 8 + size
        if behind > len(content):
            missing = behind - len(content)
            raise MusicFileError(f"{name} is truncated: {missing} bytes are missing at its end")
        if kind == b"MTrk":
            found.append((at + 8, behind))
        others += kind != b"MTrk"
        at = behind
    return division, found


def _read_track(content: bytes, at: int, stop: int, name: str) -> _Track:
    """Read a track's events from content[at:stop]."""
    track = _Track()
    strike = track.strikes.append
    now = status = 0
    ended = False  # a system event stands between the running status and the data that follow
    try:
        while at < stop:
            value = content[at]
            at += 1
            if value < 0x80:
                now += value
            else:
                delta = value & 0x7F
                while value >= 0x80:
                    value = content[at]
                    at += 1
                    delta = delta << 7 | value & 0x7F
                now += delta
            value = content[at]
            if value >= 0x80:
                at += 1
                if value < 0xF0:
                    status, ended = value, False
                else:
                    if value == 0xFF:
                        kind = content[at]
                        size, at = _length(content, at + 1)
                        if kind == _TEMPO and size >= 3:
                            micros = int.from_bytes(content[at : at + 3], "big")
                            track.tempos.append((now, 6e7 / max(micros, 1)))
                        elif kind == _SIGNATURE and size >= 2:
                            # The denominator as a power of two; no music has one above 64.
                            unit = 1 << min(content[at + 1], 7)
                            track.signatures.append(TimeSignature(now, content[at], unit))
                        elif kind == _KEY and size >= 2 and (key := _key(content[at : at + 2])):
                            track.keys.append((now, key))
                        elif kind == _MARKER and size < 16:
                            track.swing = ratio_in(content[at : at + size].decode("latin-1"))
                        at += size
                        if kind == _END_OF_TRACK:
                            break
                    elif value in (0xF0, 0xF7):
                        size, at = _length(content, at)
                        at += size
                    else:
                        at += _SYSTEM.get(value, 0)
                    ended = True
                    continue
            elif ended:
                # The standard ends a running status here; some files go on with it all the same,
                # and some write strikes and releases as if it were a note-on's.
                ended = False
                if status & 0xF0 == 0x80 and not _sounds(track, status & 0x0F, value):
                    status |= 0x10
            upper = status & 0xF0
            if upper == 0x90 or upper == 0x80:
                pitch, velocity = content[at], content[at + 1]
                if pitch > 127 or velocity > 127:
                    raise _damaged(name, max(pitch, velocity), at)
                strike((now, (status & 0x0F) << 7 | pitch, velocity if upper == 0x90 else 0))
                at += 2
            elif not status:
                raise MusicFileError(f"{name} is damaged: data without a status at byte {at}")
            else:
                data = content[at : at + _DATA[upper]]
                if max(data) > 127:
                    raise _damaged(name, max(data), at)
                if upper == 0xB0 and data[0] in _HOLD_ENDS:
                    strike((now, (status & 0x0F) << 7, -1))
                elif upper == 0xB0 and data[0] in _UNDEFINED:
                    track.controls.append((now, data[0], data[1]))
                at += _DATA[upper]
        if at > stop:
            raise IndexError
    except (IndexError, ValueError) as error:
        raise MusicFileError(f"{name} is damaged: an event goes on behind its track") from error
    track.end = now
    return track


def _key(said: bytes) -> StatedKey | None:
    """What a key signature states by its sharps, below 0 flats, and its mode, 1 is minor.

    Most programs write 0, major, into whatever mode, so that leaves the mode open, and no sharps in
    it, which stand where nobody set a key, state nothing.
    """
    sharps, minor = struct.unpack("bB", said)
    return of_signature(sharps, "minor" if minor == 1 else "") if sharps or minor == 1 else None


def _sounds(track: _Track, channel: int, pitch: int) -> bool:
    """Whether the last that was said of a key is that it was struck."""
    key = channel << 7 | pitch
    return next((loud > 0 for _, other, loud in reversed(track.strikes) if other == key), False)


def _damaged(name: str, value: int, at: int) -> MusicFileError:
    return MusicFileError(
        f"{name} is damaged: {value} at byte {at}, expected a pitch or value of 0 to 127"
    )


def _length(content: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable length; give it, and where the next byte stands."""
    number = 0
    while True:
        value = content[at]
        at += 1
        number = number << 7 | value & 0x7F
        if value < 0x80:
            return number, at


def _paired(strikes: list[_Strike], loose: dict[int, list[int]]) -> tuple[list[Row], list[_Strike]]:
    """Join strikes and releases of one track to notes; give them, and strikes without a release.

    loose: takes, by key, the ticks of releases that end no note of the track.
    """
    surplus: dict[int, int] = defaultdict(int)
    for _, key, velocity in strikes:
        if velocity >= 0:
            surplus[key] += 1 if velocity else -1
    rows: list[Row] = []
    open_: dict[int, list[tuple[int, int]]] = defaultdict(list)  # key -> (start, velocity)
    for now, key, velocity in strikes:
        if velocity > 0:
            open_[key].append((now, velocity))
        elif velocity == 0:
            sounding = open_[key]
            # Of a key with as many releases as strikes the first belong together.
            ended = sounding[:1] if not surplus[key] else list(_before(sounding, now))
            del sounding[: len(ended)]
            rows += ((start, now, key & 0x7F, loud) for start, loud in ended)
            if not ended:
                loose[key].append(now)
        else:
            for other in [k for k in open_ if k >> 7 == key >> 7]:
                rows += ((start, now, other & 0x7F, loud) for start, loud in open_.pop(other))
    return rows, [(start, key, loud) for key, left in open_.items() for start, loud in left]


def _before(sounding: list[tuple[int, int]], now: int) -> Iterator[tuple[int, int]]:
    """Those struck before `now`, or all when none was: a release ends no note of its own tick."""
    earlier = [note for note in sounding if note[0] < now]
    yield from earlier or sounding
