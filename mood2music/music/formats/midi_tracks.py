"""Reads the bytes of a MIDI file into what its tracks hold, as Standard MIDI Files 1.0 says."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from mood2music.errors import MusicFileError
from mood2music.music.meter import TimeSignature
from mood2music.music.stated_key import StatedKey, of_signature
from mood2music.music.swing import ratio_in
from mood2music.music.tempo import tempo_in

_RELEASE, _STRIKE, _CONTROL = 0x80, 0x90, 0xB0
# Bytes of data behind a channel message's status, by its upper half.
_DATA = {_RELEASE: 2, _STRIKE: 2, 0xA0: 2, _CONTROL: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
_META, _SYSEX = 0xFF, (0xF0, 0xF7)
# Bytes behind a system message, which has no place in a file but stands in some.
_SYSTEM = {0xF1: 1, 0xF2: 2, 0xF3: 1}
_TEMPO, _SIGNATURE, _KEY, _MARKER, _END_OF_TRACK = 0x51, 0x58, 0x59, 0x06, 0x2F
_HOLD_ENDS = frozenset({120, 123, 124, 125, 126, 127})
_UNDEFINED = range(102, 120)  # controllers that MIDI leaves to whoever writes a file

# Tick; channel and pitch as one number (channel * 128 + pitch); velocity. Velocity 0 releases the
# key, RELEASES_ALL every key of its channel.
Strike = tuple[int, int, int]
RELEASES_ALL = -1


@dataclass
class Track:
    """What one track holds, times in ticks.

    controls: changes of controllers without a meaning: (tick, controller, value); swing: how long
    the first eighth of a beat is beside the second, tempo: what is written where it is played in
    several, None for what says nothing; end: its last tick
    """

    strikes: list[Strike] = field(default_factory=list)
    tempos: list[tuple[int, float]] = field(default_factory=list)
    signatures: list[TimeSignature] = field(default_factory=list)
    keys: list[tuple[int, StatedKey]] = field(default_factory=list)
    controls: list[tuple[int, int, int]] = field(default_factory=list)
    swing: float | None = None
    tempo: float | None = None
    end: int = 0


def is_midi(head: bytes) -> bool:
    """Whether a file that begins with these 12 bytes is MIDI, bare or in a RIFF container."""
    return head[:4] == b"MThd" or (head[:4] == b"RIFF" and head[8:12] == b"RMID")


def read_tracks(content: bytes, name: str) -> tuple[int, list[Track]]:
    """Read a MIDI file of format 0 or 1, bare or in a RIFF container: ticks a quarter, its tracks.

    name: the file's, for errors. Raises MusicFileError, one line, for a damaged or truncated file,
    format 2 and SMPTE time.
    """
    content = _unwrapped(content, name)
    ticks, chunks = _chunks(content, name)
    return ticks, [_read_track(content, start, stop, name) for start, stop in chunks]


def time_signatures(tracks: Iterable[Track]) -> list[TimeSignature]:
    """All time signatures of tracks as they stand, in time order, steps in ticks."""
    return sorted((s for track in tracks for s in track.signatures), key=lambda s: s.step)


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


def _chunks(content: bytes, name: str) -> tuple[int, list[tuple[int, int]]]:
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


def _read_track(content: bytes, at: int, stop: int, name: str) -> Track:
    """Read a track's events from content[at:stop]."""
    track = Track()
    strike = track.strikes.append
    now = status = 0
    ended = False  # a system event stands between the running status and the data that follow
    try:
        while at < stop:
            delta = content[at]
            at += 1
            if delta >= 0x80:
                delta, at = _length(content, at - 1)
            now += delta
            value = content[at]
            if value >= 0xF0:
                at = _read_system(track, now, content, at, stop)
                ended = True
                continue
            if value >= 0x80:
                status, ended = value, False
                at += 1
            elif ended:
                # The standard ends a running status here; some files go on with it all the same,
                # and some write strikes and releases as if it were a note-on's.
                ended = False
                if status & 0xF0 == _RELEASE and not _sounds(track, status & 0x0F, value):
                    status += _STRIKE - _RELEASE
            if not status:
                raise MusicFileError(f"{name} is damaged: data without a status at byte {at}")
            kind, channel = status & 0xF0, (status & 0x0F) << 7
            behind = at + _DATA[kind]
            data = content[at:behind]
            if not data.isascii():
                raise MusicFileError(
                    f"{name} is damaged: {max(data)} at byte {at}, expected a pitch or value of 0 "
                    "to 127"
                )
            if kind == _STRIKE:
                strike((now, channel | data[0], data[1]))
            elif kind == _RELEASE:
                strike((now, channel | data[0], 0))
            elif kind == _CONTROL and data[0] in _HOLD_ENDS:
                strike((now, channel, RELEASES_ALL))
            elif kind == _CONTROL and data[0] in _UNDEFINED:
                track.controls.append((now, data[0], data[1]))
            at = behind
        if at > stop:
            raise IndexError
    except (IndexError, ValueError) as error:
        raise MusicFileError(f"{name} is damaged: an event goes on behind its track") from error
    track.end = now
    return track


def _read_system(track: Track, now: int, content: bytes, at: int, stop: int) -> int:
    """Read the system or meta event at a byte; give where the next event is, `stop` for none."""
    status = content[at]
    if status in _SYSEX:
        size, at = _length(content, at + 1)
        return at + size
    if status != _META:
        return at + 1 + _SYSTEM.get(status, 0)
    kind = content[at + 1]
    size, at = _length(content, at + 2)
    _take_meta(track, now, kind, content[at : at + size])
    return max(at + size, stop) if kind == _END_OF_TRACK else at + size


def _take_meta(track: Track, now: int, kind: int, data: bytes) -> None:
    """Take in what is said of the music between its messages."""
    if kind == _TEMPO and len(data) >= 3:
        micros = int.from_bytes(data[:3], "big")
        track.tempos.append((now, 6e7 / max(micros, 1)))
    elif kind == _SIGNATURE and len(data) >= 2:
        # The denominator as a power of two; no music has one above 64.
        track.signatures.append(TimeSignature(now, data[0], 1 << min(data[1], 7)))
    elif kind == _KEY and len(data) >= 2 and (key := _key(data[:2])):
        track.keys.append((now, key))
    elif kind == _MARKER and len(data) < 16:
        said = data.decode("latin-1")
        track.swing = track.swing or ratio_in(said)
        track.tempo = track.tempo or tempo_in(said)


def _key(said: bytes) -> StatedKey | None:
    """What a key signature states by its sharps, below 0 flats, and its mode, 1 is minor.

    Most programs write 0, major, into whatever mode, so that leaves the mode open, and no sharps in
    it, which stand where nobody set a key, state nothing.
    """
    sharps, minor = struct.unpack("bB", said)
    return of_signature(sharps, "minor" if minor == 1 else "") if sharps or minor == 1 else None


def _sounds(track: Track, channel: int, pitch: int) -> bool:
    """Whether the last that was said of a key is that it was struck."""
    key = channel << 7 | pitch
    return next((loud > 0 for _, other, loud in reversed(track.strikes) if other == key), False)


def _length(content: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable length; give it, and where the next byte stands."""
    number = 0
    while True:
        value = content[at]
        at += 1
        number = number << 7 | value & 0x7F
        if value < 0x80:
            return number, at
