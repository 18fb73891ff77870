"""Every note-on gives a note, whatever the file leaves out; what is no MIDI is refused."""

import struct

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.formats.midi import parse_midi
from mood2music.music.meter import as_text
from mood2music.music.stated_key import StatedKey
from tests.music.midi_bytes import END, Q, midi, off, on, signature
from tests.music.rows import rows


def read(*tracks: bytes) -> list[tuple[float, float, int]]:
    return rows(parse_midi(midi(*tracks), "a.mid"))


def test_notes_are_struck_and_released() -> None:
    assert read(on(60) + off(60) + on(64) + off(64) + END) == [(0, 1, 60), (1, 1, 64)]


def test_running_status_and_a_velocity_of_zero_release() -> None:
    track = on(60) + Q + b"\x3c\x00" + b"\x00\x3e\x50" + Q + b"\x3e\x00" + END
    assert read(track) == [(0, 1, 60), (1, 1, 62)]


@pytest.mark.parametrize(
    "event",
    [b"\x00\xf7\x03\xf3\x01\x02", b"\x00\xf0\x05\x7e\x7f\x09\x01\xf7", b"\x00\xff\x01\x01a"],
)
def test_escapes_sysex_and_texts_between_notes_lose_none(event: bytes) -> None:
    assert read(event + on(60) + off(60) + event + on(62) + off(62) + END) == [
        (0, 1, 60),
        (1, 1, 62),
    ]


def test_running_status_goes_on_behind_a_system_event() -> None:
    sysex = b"\x00\xf0\x02\x7e\xf7"
    struck = on(60) + off(60) + sysex + b"\x00\x3e\x50" + Q + b"\x3e\x00"
    assert read(struck + b"\x00\x40\x50" + Q + b"\x40\x00" + END) == [
        (0, 1, 60),
        (1, 1, 62),
        (2, 1, 64),
    ]


def test_a_release_behind_a_system_event_stays_a_release() -> None:
    held = on(60) + on(64) + off(64) + b"\x00\xff\x01\x01a" + Q + b"\x3c\x40" + END
    assert read(held) == [(0, 2, 60), (0, 1, 64)]


def test_a_system_event_ends_the_status_of_its_own_channel() -> None:
    # A key sounds in the first channel and not in the second, whose status goes on: it is struck.
    first = on(60) + on(62, channel=1) + off(62, channel=1)
    behind = b"\x00\xff\x01\x01a" + b"\x00\x3c\x40" + off(60, channel=1) + off(60, b"\0")
    assert read(first + behind + END) == [(0, 1, 60), (0, 1, 62), (1, 1, 60)]


def test_a_key_struck_again_without_release_ends_the_note_there() -> None:
    track = on(60) + on(60, Q) + on(60, Q) + off(60) + END
    assert read(track) == [(0, 1, 60), (1, 1, 60), (2, 1, 60)]


def test_two_voices_on_one_key_release_in_the_order_they_struck() -> None:
    track = on(60) + on(60, Q) + off(60) + off(60) + END  # 0 to 2 and 1 to 3
    assert read(track) == [(0, 1, 60), (1, 2, 60)]


def test_a_release_at_the_moment_of_a_strike_is_of_the_note_before() -> None:
    track = (
        on(60) + on(60, Q) + off(60, b"\0") + off(60) + on(62) + on(62, Q) + off(62, b"\0") + END
    )
    assert read(track)[:2] == [(0, 1, 60), (1, 1, 60)]


def test_a_note_that_nothing_releases_sounds_to_the_end_of_its_track() -> None:
    melody = on(72) + off(72) + on(74) + off(74) + on(76) + off(76) + on(77) + off(77) + END
    bass = on(48) + on(52, Q + b"") + Q + b"\xff\x06\x03end" + END
    assert read(melody, bass)[:2] == [(0, 2, 48), (0, 1, 72)]


def test_a_note_that_its_own_track_never_releases_ends_where_another_does() -> None:
    struck = b"\x00\x90\x3c\x40" + b"\x00\x90\x40\x40" + END
    released = b"\x60\x80\x3c\x40" + b"\x60\x81\x40\x40" + END  # the other channel's E is none
    two = b"".join(b"MTrk" + len(t).to_bytes(4, "big") + t for t in (struck, released))
    content = b"MThd" + struct.pack(">IHHh", 6, 1, 2, 96) + two
    assert rows(parse_midi(content, "a.mid")) == [(0, 1, 60), (0, 1 / 24, 64)]


@pytest.mark.parametrize("controller", [120, 123, 124, 125, 126, 127])
def test_all_notes_off_releases_its_channel(controller: int) -> None:
    silence = Q + bytes([0xB0, controller, 0])
    other = on(40, channel=1) + on(60) + on(64) + silence + off(40, channel=1)
    assert read(other + on(67) + off(67) + END) == [
        (0, 2, 40),
        (0, 1, 60),
        (0, 1, 64),
        (2, 1, 67),
    ]


def test_drums_are_counted_and_left_out() -> None:
    notes = parse_midi(midi(on(36, channel=9) + on(60) + off(60) + END), "a.mid")
    assert (rows(notes), notes.drums) == ([(0, 1, 60)], 1)


def test_a_riff_container_and_a_long_header_are_read() -> None:
    plain = midi(on(60) + off(60) + END)
    riff = b"RIFF" + struct.pack("<I", len(plain) + 12) + b"RMIDdata"
    assert rows(parse_midi(riff + struct.pack("<I", len(plain)) + plain, "a.rmi")) == [(0, 1, 60)]
    listed = b"RIFF" + b"\0" * 4 + b"RMIDLIST" + struct.pack("<I", 3) + b"abc\0data"
    assert rows(parse_midi(listed + struct.pack("<I", len(plain)) + plain, "a.rmi")) == [(0, 1, 60)]
    assert rows(parse_midi(midi(on(60) + off(60) + END, extra=b"\0\0"), "a.mid")) == [(0, 1, 60)]


def test_a_header_may_count_chunks_of_other_kinds() -> None:
    content = midi(b"\x00\x90\x3c\x40" + b"\x60\x80\x3c\x40" + END)
    counted = content[:10] + b"\x00\x02" + content[12:14] + b"XFIH\x00\x00\x00\x01a" + content[14:]
    assert len(parse_midi(counted, "a.mid")) == 1
    with pytest.raises(MusicFileError, match="is truncated"):
        parse_midi(content[:10] + b"\x00\x02" + content[12:], "a.mid")


def test_the_tempo_is_the_mean_over_the_notes() -> None:
    slow, fast = b"\x00\xff\x51\x03\x0f\x42\x40", b"\x00\xff\x51\x03\x07\xa1\x20"  # 60 and 120
    late = Q + b"\xff\x51\x03\x7f\xff\xff"
    track = slow + on(60) + off(60) + fast + on(62) + off(62) + late + END
    notes = parse_midi(midi(track), "a.mid")
    assert notes.tempo == pytest.approx(80)
    assert notes.seconds == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (midi(on(60) + END, layout=2), "a.mid is MIDI of format 2"),
        (midi(on(60) + END, division=-6400), r"in frames \(SMPTE\)"),
        (midi(on(60) + END, division=0), "0 ticks a quarter note"),
        (midi(b"\x00\x90\xfd\x4b" + END), "a.mid is damaged: 253 at byte"),
        (midi(b"\x00\x90\x3c\xff" + END), "a.mid is damaged: 255 at byte"),
        (midi(b"\x00\x3c\x40" + END), "data without a status"),
        (midi(b"\x00\x90\x3c"), "an event goes on behind its track"),
        (midi(b"\x00\xff\x01\x7fab"), "an event goes on behind its track"),
        (midi(on(60) + off(60) + END)[:-4], "truncated: 4 bytes are missing"),
        (midi(on(36, channel=9) + END), "holds drums only"),
        (midi(END), "holds no notes"),
        (b"MThd", "begins without a header"),
        (b"RIFF\0\0\0\0RMID", "a RIFF file without MIDI data"),
    ],
)
def test_what_cannot_be_read_is_said_with_the_files_name(content: bytes, said: str) -> None:
    with pytest.raises(MusicFileError, match=said) as refused:
        parse_midi(content, "a.mid")
    assert "a.mid" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (midi(), "a.mid holds no notes: expected pitched notes"),
        (
            midi(on(36, channel=9) + END),
            "a.mid holds drums only: expected pitched notes",
        ),
        (midi()[:13], "a.mid is not a MIDI file inside: it begins without a header"),
        (b"Nope" + midi()[4:], "a.mid is not a MIDI file inside: it begins without a header"),
        (
            midi(END, division=-1),
            "a.mid counts time in frames (SMPTE): expected ticks a quarter note",
        ),
        (midi(END, division=0), "a.mid counts 0 ticks a quarter note"),
        (midi(END)[:-1], "a.mid is truncated: 1 bytes are missing at its end"),
        (
            midi(b"\x00\x90\xfd\x4b" + END),
            "a.mid is damaged: 253 at byte 24, expected a pitch or value of 0 to 127",
        ),
        (
            midi(b"\x00\x80\x3c\x80" + END),
            "a.mid is damaged: 128 at byte 24, expected a pitch or value of 0 to 127",
        ),
        (
            midi(b"\x00\xb0\x01\xfe" + END),
            "a.mid is damaged: 254 at byte 24, expected a pitch or value of 0 to 127",
        ),
        (
            midi(b"\x00\xc0\x81" + END),
            "a.mid is damaged: 129 at byte 24, expected a pitch or value of 0 to 127",
        ),
        (midi(b"\x00\x3c\x40" + END), "a.mid is damaged: data without a status at byte 23"),
        (midi(b"\x00\x90\x3c"), "a.mid is damaged: an event goes on behind its track"),
        (midi(b"\x00\xff\x01\x05ab"), "a.mid is damaged: an event goes on behind its track"),
        (b"RIFF\0\0\0\0RMIDdata\0\0\0", "a.mid is a RIFF file without MIDI data"),
        (
            b"RIFF\0\0\0\0RMIDdata\0\0\0\0",
            "a.mid is not a MIDI file inside: it begins without a header",
        ),
        (
            midi(b"\x00\xff\x01\x09ab", on(60) + off(60) + END),
            "a.mid is damaged: an event goes on behind its track",
        ),
        (midi(b"\x00\xb0\x07", END), "a.mid is damaged: an event goes on behind its track"),
    ],
)
def test_a_fault_is_told_with_its_place(content: bytes, said: str) -> None:
    with pytest.raises(MusicFileError) as refused:
        parse_midi(content, "a.mid")
    assert str(refused.value) == said


@pytest.mark.parametrize(
    "event",
    [b"\xc0\x7f", b"\xd0\x7f", b"\xe0\x7f\x7f", b"\xa0\x3c\x00", b"\xb0\x40\x7f", b"\xb0\x79\x00",
     b"\xb0\x7a\x00", b"\xb0\x77\x00", b"\xf1\x01", b"\xf2\x01\x02", b"\xf3\x01", b"\xf6", b"\xf8",
     b"\xf4", b"\xff\x51\x02\x01\x02", b"\xff\x58\x01\x03", b"\xff\x7f\x81\x00" + bytes(128),
     b"\xff\x01\x80\x03abc", b"\xff\x01\x81\x80\x00" + bytes(1 << 14), b"\xf0\x00",
     b"\xf7\x80\x01a"],
)  # fmt: skip
def test_what_is_no_strike_has_its_own_length_and_moves_nothing(event: bytes) -> None:
    assert read(on(60) + b"\0" + event + off(60) + on(62) + Q + event + off(62) + END) == [
        (0, 1, 60), (1, 2, 62)
    ]  # fmt: skip


def test_times_are_numbers_of_any_length() -> None:
    long = [(b"\x00", 0), (b"\x7f", 127), (b"\x81\x00", 128), (b"\x81\x80\x00", 1 << 14)]
    for delta, quarters in [*long, (b"\x80\x80\x80\x05", 5)]:
        notes = parse_midi(midi(on(60, delta) + off(60, b"\x01") + END, division=1), "a.mid", 1)
        assert (notes.onset.tolist(), notes.duration.tolist()) == ([quarters], [1])


def test_notes_keep_velocity_channel_and_grid() -> None:
    track = on(60, velocity=1) + on(60, velocity=127, channel=1) + off(60) + off(60, channel=1)
    notes = parse_midi(midi(track + END), "a.mid", 12)
    assert (notes.velocity.tolist(), notes.duration.tolist(), notes.grid) == ([127], [24], 12)
    # A channel's release is its own, the same pitch of another sounds on.
    other = on(60) + on(64, channel=1) + off(60, channel=1) + off(60) + off(64, channel=1)
    assert read(other + END) == [(0, 2, 60), (0, 3, 64)]
    drums = on(36, channel=9) + on(38, channel=9) + off(36, channel=9) + on(60) + off(60) + END
    assert parse_midi(midi(drums), "a.mid").drums == 2


def test_drums_of_all_tracks_are_counted() -> None:
    drum = on(36, channel=9) + off(36, channel=9)
    content = midi(drum * 2 + END, on(60) + off(60) + drum + END, drum * 3 + END)
    assert parse_midi(content, "a.mid").drums == 6


def test_what_stands_behind_the_end_of_a_track_or_of_the_data_is_not_read() -> None:
    assert read(on(60) + off(60) + END + on(62) + off(62)) == [(0, 1, 60)]
    plain = midi(on(60) + off(60) + END)
    more = b"MTrk" + struct.pack(">I", 9) + on(62) + END
    assert rows(parse_midi(plain + more, "a.mid")) == [(0, 1, 60)]
    chunks = b"LIST" + struct.pack("<I", 4) + b"abcd" + b"data" + struct.pack("<I", len(plain))
    riff = b"RIFF\0\0\0\0RMID" + chunks + plain + b"data" + struct.pack("<I", 4) + b"MThd"
    assert rows(parse_midi(riff, "a.rmi")) == [(0, 1, 60)]


@pytest.mark.parametrize("pitch", [0, 127])
def test_two_voices_on_the_outermost_keys_are_kept_apart_too(pitch: int) -> None:
    silence = b"\0\xb0\x7b\x00"
    track = on(pitch) + on(pitch, Q) + off(pitch) + off(pitch) + silence + END
    assert read(track) == [(0, 1, pitch), (1, 2, pitch)]
    # All notes off ends what is on, whichever the lowest key did before.
    assert read(on(pitch) + Q + silence[1:] + on(60) + off(60) + END) == [
        (0, 1, pitch),
        (1, 1, 60),
    ]


def test_a_release_is_one_with_any_velocity_and_of_its_own_channel() -> None:
    assert read(on(60) + Q + b"\x80\x3c\x7f" + on(62) + off(62) + END)[0] == (0, 1, 60)
    text = b"\0\xff\x01\x01a"
    other = on(60, channel=1) + on(64) + off(64) + text + Q + b"\x3c\x40" + off(60, channel=1)
    # Channel 0 has no such key down: behind the text it is struck, to the end of the track.
    assert read(other + Q + END[1:]) == [(0, 2, 60), (0, 1, 64), (2, 2, 60)]


def test_a_controller_goes_on_behind_a_text_as_what_it_was() -> None:
    text = b"\0\xff\x01\x01a"
    assert read(on(60) + b"\0\xb0\x07\x64" + text + b"\0\x07\x50" + off(60) + END) == [(0, 1, 60)]


def test_tempi_of_every_track_count_and_none_is_faster_than_a_microsecond() -> None:
    half = b"\x00\xff\x51\x03\x0f\x42\x40"
    assert parse_midi(midi(half + END, on(60) + off(60) + END), "a.mid").tempo == 60
    longer = b"\x00\xff\x51\x04\x0f\x42\x40\x00"
    assert parse_midi(midi(longer + on(60) + off(60) + END), "a.mid").tempo == 60
    assert (
        parse_midi(midi(b"\x00\xff\x51\x03\0\0\0" + on(60) + off(60) + END), "a.mid").tempo == 400
    )
    unknown = b"Junk" + struct.pack(">I", 3) + b"abc"
    content = midi(on(60) + off(60) + END)
    assert rows(parse_midi(content[:14] + unknown + content[14:], "a.mid")) == [(0, 1, 60)]


def meter_of(*tracks: bytes) -> str:
    return as_text(parse_midi(midi(*tracks), "a.mid").meter)


LONG = on(60) + off(60, b"\x9e\x00") + END  # eight quarters
THREE = b"\x8b\x20"  # three quarters


def test_time_signatures_are_read_with_their_changes() -> None:
    marks = signature(3, 2) + signature(6, 3, THREE) + signature(2, 2, THREE) + END
    assert meter_of(marks, LONG) == "0:3/4 72:6/8 144:2/4"
    assert meter_of(LONG) == ""


def test_before_a_late_signature_whole_bars_are_in_common_time() -> None:
    eight, longer = b"\x9e\x00", on(60) + off(60, b"\xbc\x00") + END
    assert meter_of(signature(3, 2, eight) + END, longer) == "0:4/4 192:3/4"
    # No whole bar of 4/4, or bars of its own: it was set late.
    assert meter_of(signature(3, 2, Q) + END, longer) == "-48:3/4"
    assert meter_of(signature(2, 2, eight) + END, longer) == "0:2/4"


def test_what_is_no_bar_is_not_stated() -> None:
    assert meter_of(signature(1, 2) + END, LONG) == ""
    assert meter_of(signature(4, 0) + END, LONG) == ""
    assert meter_of(signature(0, 2) + signature(4, 200) + END, LONG) == ""
    assert meter_of(signature(3, 3) + END, LONG) == "0:3/8"


def test_a_short_bar_within_restarts_the_meter_behind_it() -> None:
    marks = signature(3, 2) + signature(1, 2, THREE) + signature(3, 2, Q) + END
    assert meter_of(marks, LONG) == "0:3/4 96:3/4"


def test_a_pickup_bar_of_one_quarter_begins_within_a_bar() -> None:
    assert meter_of(signature(1, 2) + signature(3, 2, Q) + END, LONG) == "-48:3/4"


def test_a_signature_behind_the_music_says_nothing() -> None:
    assert meter_of(signature(3, 2) + signature(4, 2, b"\x9e\x00") + END, LONG) == "0:3/4"


def key(sharps: int, minor: int, delta: bytes = b"\0") -> bytes:
    return delta + bytes([0xFF, 0x59, 2, sharps & 0xFF, minor])


@pytest.mark.parametrize(
    ("marks", "stated"),
    [
        (key(1, 0), StatedKey(7)),  # 0 stands behind most signatures: the mode is open
        (key(-3, 1), StatedKey(0, "minor")),
        (key(0, 1), StatedKey(9, "minor")),
        (key(0, 0), None),
        (key(0, 0) + key(2, 0), StatedKey(2)),
        (key(-2, 0) + key(2, 0), StatedKey(10)),
        (key(9, 0) + key(-8, 1), None),
        (key(2, 0, Q), None),
        (b"", None),
    ],
)
def test_the_first_key_signature_before_the_notes_is_stated(
    marks: bytes, stated: StatedKey | None
) -> None:
    assert parse_midi(midi(marks + END, LONG), "a.mid").stated_key == stated
