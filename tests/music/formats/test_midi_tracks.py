import struct

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.formats.midi_tracks import _unwrapped, is_midi, read_tracks, time_signatures
from mood2music.music.meter import TimeSignature
from tests.music.midi_bytes import END, Q, midi, off, on, signature


def test_a_riff_container_holds_no_more_than_it_says() -> None:
    plain = midi(on(60) + off(60) + END)
    inside = b"data" + struct.pack("<I", len(plain)) + plain
    assert _unwrapped(b"RIFF\0\0\0\0RMID" + inside + b"LIST\1\0\0\0a", "a.rmi") == plain


def test_midi_is_known_by_its_first_bytes() -> None:
    assert is_midi(b"MThd\0\0\0\6\0\0\0\1")
    assert is_midi(b"RIFF\0\0\0\0RMID")
    assert not is_midi(b"RIFF\0\0\0\0WAVE")
    assert not is_midi(b"PK\3\4")


def test_time_signatures_of_all_tracks_come_in_time_order() -> None:
    first, second = signature(3, 2, Q) + END, signature(4, 2) + signature(6, 3, b"\x87\x40") + END
    assert time_signatures(read_tracks(midi(first, second), "a.mid")[1]) == [
        TimeSignature(0, 4, 4),
        TimeSignature(480, 3, 4),
        TimeSignature(960, 6, 8),
    ]
    with pytest.raises(MusicFileError, match=r"^b\.mid is damaged"):
        read_tracks(midi(b"\x00\x3c\x40" + END), "b.mid")
