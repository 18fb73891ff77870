"""Hypothesis strategies for the bytes of MIDI files, well-made and strange."""

from hypothesis import strategies as st

# Ticks a quarter note, or SMPTE: frames a second (as -24 to -30), ticks a frame.
_TICKS = st.sampled_from([1, 24, 96, 480, 960, 32767]).map(lambda n: n.to_bytes(2, "big"))
_SMPTE = st.sampled_from([b"\xe8\x04", b"\xe7\x28", b"\xe3\x50", b"\xe2\x50"])
_PITCH, _VELOCITY = st.integers(0, 127), st.integers(0, 127)
_DELTA = st.one_of(
    st.sampled_from([0, 0, 1, 24, 120, 480]), st.integers(0, 2000), st.just((1 << 28) - 1)
)


def variable_length(value: int) -> bytes:
    """Write a number as MIDI does, seven bits a byte.

    >>> variable_length(480).hex()
    '8360'
    """
    parts = [value & 127]
    while value := value >> 7:
        parts.append(value & 127 | 128)
    return bytes(reversed(parts))


def _meta(kind: int, data: bytes) -> bytes:
    return b"\xff" + bytes([kind]) + variable_length(len(data)) + data


# (status, data): a channel message, whose status may be left out when it is the one before; with
# status 0 the data are a whole event.
_CHANNEL = st.one_of(
    st.tuples(st.integers(0x80, 0x9F), st.tuples(_PITCH, _VELOCITY).map(bytes)),
    st.tuples(st.sampled_from([0x90, 0x99]), st.tuples(st.just(60), _VELOCITY).map(bytes)),
    st.tuples(st.integers(0xA0, 0xBF), st.tuples(_PITCH, _VELOCITY).map(bytes)),
    st.tuples(st.integers(0xC0, 0xDF), _PITCH.map(lambda p: bytes([p]))),
)
_OTHER = st.one_of(
    st.integers(0, (1 << 24) - 1).map(lambda us: _meta(0x51, us.to_bytes(3, "big"))),
    st.tuples(*[st.integers(0, 255)] * 4).map(lambda four: _meta(0x58, bytes(four))),
    st.tuples(st.integers(-128, 127), st.integers(0, 2)).map(
        lambda key: _meta(0x59, bytes([key[0] & 255, key[1]]))
    ),
    st.tuples(st.integers(0, 0x7F), st.binary(max_size=8)).map(lambda m: _meta(*m)),
    st.binary(max_size=8).map(lambda d: b"\xf0" + variable_length(len(d)) + d),
).map(lambda event: (0, event))
# A note held while it is struck again, released twice, or for no time at all.
_NOTES = st.lists(
    st.tuples(st.sampled_from([0, 0, 1, 12, 480]), st.sampled_from([60, 64, 128 + 60, 128 + 64])),
    max_size=30,
).map(
    lambda many: [
        (delta, (0x90 if note < 128 else 0x80, bytes([note % 128, 80]))) for delta, note in many
    ]
)
_FLOOD = st.integers(1, 300).map(
    lambda n: [(1, (0, _meta(0x51, (1 << 23 >> i % 20).to_bytes(3, "big")))) for i in range(n)]
)
_EVENTS = st.one_of(
    _NOTES, _NOTES, st.lists(st.tuples(_DELTA, st.one_of(_CHANNEL, _OTHER)), max_size=30), _FLOOD
)


@st.composite
def tracks(draw: st.DrawFn) -> bytes:
    """One MTrk chunk; running status, and an end of track, or none."""
    running, ended = draw(st.booleans()), draw(st.integers(0, 9)) > 0
    out, before = b"", 0
    for delta, (status, data) in draw(_EVENTS):
        spoken = bytes([status]) if status and not (running and status == before) else b""
        out += variable_length(delta) + spoken + data
        before = status
    out += b"\0\xff\x2f\0" if ended else b""
    return b"MTrk" + len(out).to_bytes(4, "big") + out


@st.composite
def midi_files(draw: st.DrawFn) -> bytes:
    """A whole file: up to 32 tracks, of any format, in ticks or in frames."""
    division = draw(st.one_of(_TICKS, _TICKS, _TICKS, _SMPTE))
    count = draw(st.sampled_from([1, 1, 1, 2, 3, 32]))
    if count == 32:
        chunks = [draw(tracks())] * 16 + [draw(tracks())] * 16
    else:
        chunks = [draw(tracks()) for _ in range(count)]
    kind = draw(st.integers(0, 2)).to_bytes(2, "big")
    head = b"MThd\0\0\0\6" + kind + len(chunks).to_bytes(2, "big") + division
    return head + b"".join(chunks)
