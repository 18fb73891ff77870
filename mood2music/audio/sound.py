"""Reads a sound file as one channel at 22,050 Hz: by libsndfile, else ffmpeg where it is there."""

import math
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.errors import MusicFileError, SettingsError

# What the network was trained on (Bittner et al. 2022).
RATE = 22050
LONGEST_MINUTES = 20
# Below this peak there is nothing but dither: 1e-4 is three steps of 16 bits.
SILENCE = 1e-4
INSTALL = 'pip install "mood2music[audio]"'
_BLOCK_SECONDS = 20
_RATES = (4000, 768000)
# Read in safety: containers of sound alone, no playlists, which can name other files.
_CONTAINERS = "aac,ac3,aiff,amr,ape,asf,avi,caf,flac,matroska,mov,mp3,mpeg,mpegts,ogg,wav,wv"

Sound = NDArray[np.float32]


def read_sound(path: Path) -> Sound:
    """Read a file to (n,) float32, channels averaged, at RATE; whatever the level, at most 1 peak.

    Raises MusicFileError, one line, for a file that is missing, empty, damaged, silent or longer
    than LONGEST_MINUTES; SettingsError when soundfile is not installed.
    """
    try:
        import soundfile
    except ImportError as error:
        raise SettingsError(f"audio={path.name} needs soundfile: {INSTALL}") from error

    if not path.is_file():
        raise MusicFileError(f"no sound file at {path}")
    if path.stat().st_size == 0:
        raise MusicFileError(f"{path.name} is empty (0 bytes)")
    try:
        file = soundfile.SoundFile(path)
    except soundfile.LibsndfileError as error:
        sound = _by_ffmpeg(path, str(error.error_string))
    else:
        with file:
            sound = _by_libsndfile(path.name, file)
    if not len(sound):
        raise MusicFileError(f"{path.name} holds no sound")
    peak = float(np.abs(sound).max())
    if not math.isfinite(peak):
        raise MusicFileError(f"{path.name} is damaged: samples that are no numbers")
    if peak < SILENCE:
        raise MusicFileError(f"{path.name} is silent: expected music")
    return sound / max(peak, 1.0)


def resample(sound: Sound, rate: int) -> Sound:
    """Bring (n,) at `rate` samples a second to RATE, without aliases (polyphase filter)."""
    if rate == RATE:
        return sound
    from scipy.signal import resample_poly

    common = math.gcd(RATE, rate)
    return np.asarray(resample_poly(sound, RATE // common, rate // common), np.float32)


def _by_libsndfile(name: str, file: Any) -> Sound:
    """Average the channels block by block: a long file of many channels never lies in memory."""
    import soundfile

    rate = int(file.samplerate)
    if not _RATES[0] <= rate <= _RATES[1]:
        raise MusicFileError(
            f"{name} has {rate} samples a second: expected {_RATES[0]} to {_RATES[1]}"
        )
    _check_length(name, file.frames / rate)
    mono, seconds = [], 0.0
    try:
        for block in file.blocks(_BLOCK_SECONDS * rate, dtype="float32", always_2d=True):
            seconds += len(block) / rate
            _check_length(name, seconds)  # a header may say less than there is
            mono.append(block.mean(axis=1))
    except soundfile.LibsndfileError as error:
        raise MusicFileError(f"{name} is damaged: {error.error_string}") from error
    return resample(np.concatenate(mono), rate) if mono else np.zeros(0, np.float32)


def _by_ffmpeg(path: Path, reason: str) -> Sound:
    """Decode by ffmpeg what libsndfile refused with `reason`: m4a, aac, wma and so on."""
    ffmpeg = shutil.which("ffmpeg")
    known = "expected wav, flac, ogg or mp3"
    if ffmpeg is None:
        raise MusicFileError(
            f"{path.name} cannot be read: {reason.rstrip('.')}; {known}, or install ffmpeg for "
            "m4a and others"
        )
    limits = ["-t", str(60 * LONGEST_MINUTES + 1), "-vn", "-sn", "-dn"]
    done = subprocess.run(
        [ffmpeg, "-v", "error", "-nostdin", "-protocol_whitelist", "file", "-format_whitelist",
         _CONTAINERS, "-i", f"file:{path.absolute()}", *limits,
         "-f", "f32le", "-ac", "1", "-ar", str(RATE), "pipe:1"],
        capture_output=True, check=False,
    )  # fmt: skip
    sound = np.frombuffer(done.stdout[: len(done.stdout) // 4 * 4], "<f4").astype(np.float32)
    if done.returncode or not len(sound):
        raise MusicFileError(
            f"{path.name} cannot be read as sound, by ffmpeg neither: {known}, m4a, aac or wma"
        )
    _check_length(path.name, len(sound) / RATE)
    return sound


def _check_length(name: str, seconds: float) -> None:
    if seconds > 60 * LONGEST_MINUTES:
        lasts = f"lasts {seconds / 60:.0f} minutes" if seconds < 1e6 else "says it never ends"
        raise MusicFileError(
            f"{name} {lasts}: expected at most {LONGEST_MINUTES}; cut it, a verse is enough"
        )
