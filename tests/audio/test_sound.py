"""Sound files come in, whatever their rate and channels; what is none is refused in one line."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mood2music.audio import sound
from mood2music.audio.sound import RATE, read_sound, resample
from mood2music.errors import MusicFileError

SECOND = np.sin(2 * np.pi * 440 * np.arange(44100) / 44100).astype(np.float32) / 2


def strongest(samples: np.ndarray) -> float:
    """The frequency of the highest peak of the spectrum, Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax()) * RATE / len(samples)


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
def test_each_format_gives_the_same_tone(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"tone.{suffix}"
    soundfile.write(path, np.column_stack([SECOND, SECOND]), 44100)
    heard = read_sound(path)
    assert heard.dtype == np.float32
    assert len(heard) == pytest.approx(RATE, abs=0.08 * RATE)
    assert strongest(heard) == pytest.approx(440, abs=2)
    assert np.abs(heard).max() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("rate", [8000, 22050, 44101, 48000, 96000])
def test_a_tone_keeps_its_pitch_and_length_at_any_rate(rate: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(rate) / rate).astype(np.float32)
    heard = resample(tone, rate)
    assert len(heard) == pytest.approx(RATE, abs=2)
    assert strongest(heard) == pytest.approx(440, abs=1)


def test_what_lies_above_the_new_rate_does_not_come_back_as_an_alias() -> None:
    high = np.sin(2 * np.pi * 15000 * np.arange(44100) / 44100).astype(np.float32)
    assert np.abs(resample(high, 44100)[500:-500]).max() < 0.01


def test_channels_are_averaged(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.column_stack([SECOND, -SECOND, SECOND]), RATE)
    assert np.abs(read_sound(tmp_path / "a.wav")).max() == pytest.approx(0.5 / 3, abs=0.001)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg")
def test_m4a_comes_in_by_ffmpeg(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", SECOND, 44100)
    path = tmp_path / "-odd name:.m4a"
    command = ["ffmpeg", "-v", "error", "-i", str(tmp_path / "a.wav"), str(path)]
    subprocess.run(command, check=True)
    assert strongest(read_sound(path)) == pytest.approx(440, abs=2)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="no ffmpeg")
def test_a_playlist_that_names_other_files_is_no_sound(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "private.wav", SECOND, 44100)
    listed = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{tmp_path}/private.wav\n"
    (tmp_path / "song.m4a").write_text(listed)
    with pytest.raises(MusicFileError, match="cannot be read as sound"):
        read_sound(tmp_path / "song.m4a")


def test_without_ffmpeg_m4a_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(100))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MusicFileError, match=r"expected wav, flac, ogg or mp3, or install ffmpeg"):
        read_sound(tmp_path / "a.m4a")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.wav", None, "no sound file at"),
        ("empty.wav", b"", r"empty.wav is empty \(0 bytes\)"),
        ("words.mp3", b"not a sound", "cannot be read"),
        ("cut.flac", b"fLaC\0\0\0\x22" + bytes(20), "cannot be read"),
        ("silent.wav", np.zeros(44100, np.float32), "silent.wav is silent"),
        ("nothing.wav", np.zeros(0, np.float32), "nothing.wav holds no sound"),
        ("nan.wav", np.full(44100, np.nan, np.float32), "nan.wav is damaged"),
        ("hour.wav", np.zeros(3600 * 4000, np.int16), "lasts 60 minutes: expected at most 20"),
    ],
)
def test_what_is_no_music_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes | np.ndarray | None, said: str
) -> None:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        subtype = "FLOAT" if content.dtype == np.float32 else None
        soundfile.write(path, content, 4000 if len(content) > 1e6 else 44100, subtype)
    with pytest.raises(MusicFileError, match=said) as refused:
        read_sound(path)
    assert "\n" not in str(refused.value)


def test_a_truncated_flac_is_not_read_in_silence_as_whole(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    soundfile.write(tmp_path / "a.flac", rng.normal(0, 0.1, 200000), 44100)
    whole = (tmp_path / "a.flac").read_bytes()
    (tmp_path / "a.flac").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MusicFileError, match=r"a.flac is (damaged|truncated)"):
        read_sound(tmp_path / "a.flac")


def test_a_file_that_says_less_than_it_holds_is_stopped_at_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound, "LONGEST_MINUTES", 0.5 / 60)
    soundfile.write(tmp_path / "a.ogg", SECOND, 44100)
    with pytest.raises(MusicFileError, match="expected at most"):
        read_sound(tmp_path / "a.ogg")
