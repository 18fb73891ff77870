"""Turns notes into a piece of a store: events in C major or A minor, and packs it as bytes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mood2music.brief import brief
from mood2music.music.events import Events, to_events
from mood2music.music.key import find_key
from mood2music.music.meter import as_text, from_text
from mood2music.music.notes import Notes
from mood2music.music.quantize import quantize


@brief
@dataclass(frozen=True)
class Piece:
    """A piece as a store keeps it.

    title: empty when the music names none; key: the piece's own; shift: semitones that moved it
    to C major or A minor; tempo: quarter notes a minute; seconds: playing time; notes: pitched
    notes; drums: notes of drums, left out; meter_found: whether the meter, which `events` has, was
    found from the notes.
    """

    title: str
    key: str
    shift: int
    tempo: float
    seconds: float
    notes: int
    drums: int
    meter_found: bool
    events: Events


def to_piece(notes: Notes, divisors: Sequence[int]) -> Piece:
    """Quantise notes (see `quantize`), find their key, transpose and cut them into events.

    Raises SettingsError for a divisor that does not divide `notes.grid`.
    """
    quantized = quantize(notes, divisors)
    key = find_key(quantized)
    return Piece(
        notes.title,
        key.name,
        key.to_c,
        round(notes.tempo, 3),
        round(quantized.seconds, 3),
        len(quantized),
        notes.drums,
        notes.meter_found,
        to_events(quantized.transposed(key.to_c)),
    )


def pack(piece: Piece) -> bytes:
    """Write a piece as bytes: a line of JSON, then its arrays, little-endian, one behind the other.

    Pitches of each event (n,) uint8, durations (n,) int16, tokens and levels (t,) uint8.
    """
    events = piece.events
    head = {name: value for name, value in vars(piece).items() if name != "events"}
    head |= {"n": len(events), "t": len(events.tokens), "grid": events.grid}
    head |= {"meter": as_text(events.meter)}
    arrays = (events.counts().astype("u1"), events.durations.astype("<i2"))
    line = json.dumps(head).encode() + b"\n"
    return b"".join([line, *(a.tobytes() for a in (*arrays, events.tokens, events.levels))])


def unpack(data: bytes) -> Piece:
    """Read what `pack` wrote. Raises ValueError for bytes of another length."""
    start = data.index(b"\n") + 1
    head = json.loads(data[:start])
    n, t, grid = head.pop("n"), head.pop("t"), head.pop("grid")
    meter = from_text(head.pop("meter"))
    if len(data) != start + 3 * n + 2 * t:
        raise ValueError(f"a piece of {len(data)} bytes, expected {start + 3 * n + 2 * t}")
    counts = np.frombuffer(data, "u1", n, start)
    events = Events(
        np.frombuffer(data, "u1", t, start + 3 * n),
        np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64),
        np.frombuffer(data, "<i2", n, start + n),
        np.frombuffer(data, "u1", t, start + 3 * n + t),
        grid=grid,
        meter=meter,
    )
    return Piece(**head, events=events)
