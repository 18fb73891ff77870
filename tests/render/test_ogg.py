import io
import struct

import numpy as np
import pytest
import soundfile

from mood2music.render.ogg import checksum, with_serial
from mood2music.render.sound import as_ogg


def test_the_checksum_is_the_one_that_the_encoder_writes() -> None:
    stream = as_ogg(np.zeros((2000, 2), np.float32))
    page = bytearray(stream[: 27 + 1 + 30])  # the first page holds Vorbis's 30 bytes of head
    (written,) = struct.unpack_from("<I", page, 22)
    struct.pack_into("<I", page, 22, 0)
    assert checksum(bytes(page)) == written


def test_a_stream_with_another_number_sounds_the_same() -> None:
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, (9000, 2)).astype(np.float32)
    drawn = io.BytesIO()
    soundfile.write(drawn, noise, 44100, "VORBIS", format="OGG")
    numbered = with_serial(drawn.getvalue(), 7)
    assert len(numbered) == len(drawn.getvalue())
    assert struct.unpack_from("<I", numbered, 14) == (7,)
    samples, _ = soundfile.read(io.BytesIO(numbered))
    assert np.array_equal(samples, soundfile.read(io.BytesIO(drawn.getvalue()))[0])


@pytest.mark.parametrize("stream", [b"RIFF", b"OggS", b"OggS" + bytes(22)])
def test_what_is_no_ogg_is_refused(stream: bytes) -> None:
    with pytest.raises(ValueError, match="no Ogg page at byte 0"):
        with_serial(stream)
