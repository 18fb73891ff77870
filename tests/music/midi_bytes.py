"""Builds the bytes of MIDI files, event by event."""

import struct

Q = b"\x83\x60"  # 480 ticks as a number of variable length
END = b"\x00\xff\x2f\x00"


def on(pitch: int, delta: bytes = b"\0", velocity: int = 80, channel: int = 0) -> bytes:
    return delta + bytes([0x90 | channel, pitch, velocity])


def off(pitch: int, delta: bytes = Q, channel: int = 0) -> bytes:
    return delta + bytes([0x80 | channel, pitch, 0])


def midi(*tracks: bytes, layout: int = 1, division: int = 480, extra: bytes = b"") -> bytes:
    head = struct.pack(">IHHh", 6 + len(extra), layout, len(tracks), division) + extra
    chunks = b"".join(b"MTrk" + struct.pack(">I", len(t)) + t for t in tracks)
    return b"MThd" + head + chunks


def signature(beats: int, power: int, delta: bytes = b"\0") -> bytes:
    return delta + bytes([0xFF, 0x58, 4, beats, power, 24, 8])
