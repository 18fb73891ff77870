import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mood2music.errors import MusicFileError, UnknownNameError
from mood2music.music.notes import Notes, make_notes
from mood2music.render.loudness import LOUDNESS, PEAK, Samples, loudness, true_peaks
from mood2music.render.sound import (
    RATE,
    TAIL,
    as_mp3,
    as_ogg,
    render_sound,
    resampled,
    write_sound,
)


def notes_of(*pitches: int) -> Notes:
    """One note a second, at 60 quarter notes a minute."""
    onset = np.arange(len(pitches)) * 24
    return make_notes(onset, [24] * len(pitches), pitches, [90] * len(pitches), tempo=60.0)


def loudest_pitch(samples: np.ndarray) -> float:
    """The MIDI pitch whose five lowest harmonics are strongest in a spectrum of one second."""
    mono = samples.mean(1) * np.hanning(len(samples))
    power = np.abs(np.fft.rfft(mono, 1 << 18)) ** 2
    pitches = np.arange(24, 109, 0.25)
    sums = []
    for pitch in pitches:
        hertz = 440 * 2 ** ((pitch - 69) / 12) * np.arange(1, 6)
        places = np.rint(hertz * (1 << 18) / RATE).astype(int)
        near = [power[max(p - 3, 0) : p + 4].max() for p in places if p < len(power) - 4]
        sums.append(sum(np.sqrt(near) / np.arange(1, len(near) + 1)))
    return float(pitches[int(np.argmax(sums))])


@pytest.mark.parametrize("program", ["piano", "vibraphone", "flute"])
def test_the_file_sounds_at_the_pitches_of_the_notes(tmp_path: Path, program: str) -> None:
    pitches = (60, 67, 72, 64, 79)
    write_sound(notes_of(*pitches), tmp_path / "a.wav", program=program)
    samples, rate = soundfile.read(tmp_path / "a.wav")
    for second, pitch in enumerate(pitches):
        start = round((second + 0.1) * rate)
        found = loudest_pitch(samples[start : start + round(0.8 * rate)])
        assert found == pytest.approx(pitch, abs=0.5)


@pytest.mark.parametrize(
    ("kind", "subtype"), [("wav", "PCM_16"), ("flac", "PCM_16"), ("ogg", "VORBIS"), ("mp3", None)]
)
def test_every_format_is_stereo_at_44100(tmp_path: Path, kind: str, subtype: str | None) -> None:
    path = tmp_path / f"a.{kind}"
    write_sound(notes_of(60, 62), path)
    info = soundfile.info(path)
    assert (info.samplerate, info.channels) == (44100, 2)
    assert subtype in (None, info.subtype)
    assert info.duration == pytest.approx(2 + TAIL, abs=0.1)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_every_piece_is_equally_loud_and_none_clips() -> None:
    chord = [48, 60, 64, 67, 72] * 16
    beats = np.repeat(np.arange(16) * 24, 5)
    loud = make_notes(beats, [24] * 80, chord, [127] * 80)
    soft = make_notes([0], [96], [60], [10])
    for notes in (loud, soft):
        samples = render_sound(notes)
        assert loudness(samples, RATE) == pytest.approx(LOUDNESS, abs=0.5)
        assert true_peaks(samples).max() <= PEAK * 1.0001


def test_the_tail_rings_and_ends_in_silence() -> None:
    samples = np.abs(render_sound(notes_of(60, 48)))
    released = 2 * RATE
    assert samples[released : released + RATE // 10].max() > 0.01
    assert samples[-RATE // 20 :].max() < 1e-3
    # No cut: nowhere in the tail does the sound stop from one moment to the next.
    windows = samples[released:].max(1)[: 3 * RATE].reshape(-1, RATE // 20).max(1)
    assert (windows[1:] > 0.2 * windows[:-1] - 1e-3).all()


def test_the_same_notes_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        write_sound(notes_of(60, 64, 67), tmp_path / name)
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_what_cannot_be_played_is_refused_and_nothing_written(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF\x00\x01\x00\x00sfbk and no more")
    with pytest.raises(MusicFileError, match=r"broken\.sf2 cannot be played"):
        write_sound(notes_of(60), tmp_path / "a.wav", soundfont=str(broken))
    with pytest.raises(UnknownNameError, match="vibraphone"):
        write_sound(notes_of(60), tmp_path / "a.wav", program="vibrafone")
    with pytest.raises(MusicFileError, match="at least one note"):
        write_sound(make_notes([], [], [], []), tmp_path / "a.wav")
    assert [p.name for p in tmp_path.iterdir()] == ["broken.sf2"]


@pytest.mark.parametrize("rate", [48000, 32000, 22050])
def test_a_tone_keeps_its_pitch_phase_and_strength_at_another_rate(rate: int) -> None:
    def tone(hertz: float, at: int, frames: int) -> np.ndarray:
        wave = np.sin(2 * np.pi * hertz / at * np.arange(frames))
        return np.stack([wave, -wave], 1).astype(np.float32)

    given, wanted = tone(997, rate, rate // 4), tone(997, RATE, RATE // 4)
    made = resampled(given, rate)
    assert abs(len(made) - len(wanted)) <= 1
    inside = slice(200, len(wanted) - 200)  # silence is taken to lie around the sound
    assert np.abs(made[inside] - wanted[inside]).max() < 3e-3  # the filter's ripple, -54 dB


def test_what_44100_samples_cannot_hold_is_silent_and_nothing_is_done_without_need() -> None:
    high = np.sin(2 * np.pi * 30000 / 96000 * np.arange(9600))
    samples = np.stack([high, high], 1).astype(np.float32)
    assert np.abs(resampled(samples, 96000)[200:-200]).max() < 3e-3
    assert resampled(samples, RATE) is samples
    assert [len(resampled(samples[:n], 48000)) for n in (1, 160, 161, 320)] == [1, 147, 148, 294]


@pytest.mark.parametrize("encode", [as_mp3, as_ogg])
def test_without_room_for_a_file_of_its_own_the_same_is_encoded_in_memory(
    encode: Callable[[Samples], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = np.sin(np.arange(2 * RATE) / 20)[:, None].repeat(2, 1).astype(np.float32) / 4
    by_file = encode(samples)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert encode(samples) == by_file
