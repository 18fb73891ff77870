"""Plays notes into samples and sound files: 44.1 kHz, stereo, 16 bit."""

import io
import math
import wave
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from mood2music.errors import MusicFileError
from mood2music.files import atomically
from mood2music.music.notes import Notes
from mood2music.music.tempo import DEFAULT, Tempi
from mood2music.music.write import UNUSED, Part, parts_bytes
from mood2music.registry import find, register
from mood2music.render.loudness import Samples, mastered
from mood2music.render.ogg import with_serial
from mood2music.render.performance import Performance
from mood2music.render.programs import PIANO, program_number
from mood2music.render.room import in_room
from mood2music.render.settings import RenderSettings
from mood2music.render.soundfont import find_soundfont
from mood2music.render.stage import staged

RATE = 44100
# Seconds behind the last release: strings and reverberation fade by themselves, and what is left
# of them fades out over the last of these.
TAIL = 4.0
FADE = 1.5
# Frames of Vorbis written at once: libsndfile's Vorbis encoder runs out of stack on millions.
BLOCK = 1 << 16
# How far an MP3 is compressed, 0 to 1: LAME's fifth variable rate, some 120 kbit/s.
MP3 = 0.5


def render_sound(
    notes: Notes | Performance,
    soundfont: str | None = None,
    program: str = PIANO,
    room: float = RenderSettings.room,
) -> Samples:
    """Play notes, or a performance of them, on a soundfont: (frames, 2) float32, silent at its end.

    program: the instrument of notes; a performance has its own; room: see `RenderSettings`.

    Every piece is as loud as others, -16 LUFS, with true peaks below -1 dB; the tail of TAIL
    seconds ends in silence. Same notes, same samples. Raises MusicFileError for a piece without
    notes or a file that is no soundfont, UnknownNameError for an instrument that is not there.
    """
    if isinstance(notes, Notes):
        if not len(notes):
            raise MusicFileError("nothing to play: expected at least one note")
        parts: Sequence[Part] = [Part(notes.title, program_number(program), notes)]
    else:
        parts = notes.parts
    tempi = () if isinstance(notes, Notes) else notes.tempi
    samples = synthesized(staged(parts, room, balance=soundfont is None), soundfont, tempi)
    samples = _faded(in_room(_lasting(samples, notes.seconds), room, RATE))
    if not samples.any():
        file = find_soundfont(soundfont)
        raise MusicFileError(f"render.soundfont: {file} has no sound for program {program}")
    return mastered(samples, RATE)


def render_midi(content: bytes, soundfont: str | None = None) -> Samples:
    """Play a MIDI file as it is, its programs, drums, pedals and tempi: as `render_sound` gives it.

    content: of a file that `read` takes. It sounds in the synthesizer's own reverberation. Raises
    MusicFileError for a file that is no soundfont, or one that is silent on it.
    """
    import symusic

    score: Any = symusic.Score.from_midi(content)
    last = score.end()
    tempo = max(score.tempos, key=lambda mark: mark.time).qpm if score.tempos else DEFAULT
    end = last + round(TAIL * tempo / 60 * score.ticks_per_quarter)
    for track in score.tracks:
        track.controls.append(symusic.ControlChange(end, UNUSED, 0))
    seconds = score.to("second").end() - TAIL
    samples = _faded(_lasting(_synthesized(score.dumps_midi(), soundfont), seconds))
    if not samples.any():
        raise MusicFileError(f"nothing to hear on the soundfont {find_soundfont(soundfont)}")
    return mastered(samples, RATE)


def _lasting(samples: Samples, seconds: float) -> Samples:
    """Give samples that last to TAIL seconds behind the last release, which is at `seconds`."""
    frames = round((seconds + TAIL) * RATE)
    silence = np.zeros((max(frames - len(samples), 0), 2), np.float32)
    return np.concatenate([samples, silence])[:frames]


def _faded(samples: Samples) -> Samples:
    """Let samples fade out over the last FADE seconds."""
    fade = round(FADE * RATE)
    way = np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))[:, None] ** 2
    return np.concatenate([samples[:-fade], samples[-fade:] * way])


def synthesized(parts: Sequence[Part], soundfont: str | None, tempi: Tempi = ()) -> Samples:
    """Give what the synthesizer makes of parts: (frames, 2), to TAIL seconds behind their end.

    tempi: as in `parts_bytes`.

    Raises MusicFileError for a file that is no soundfont.
    """
    return _synthesized(parts_bytes(parts, tail=TAIL, tempi=tempi), soundfont)


def _synthesized(midi: bytes, soundfont: str | None) -> Samples:
    """Give what the synthesizer makes of a MIDI file: (frames, 2)."""
    import midirenderer

    file = find_soundfont(soundfont)
    try:
        rendered = midirenderer.render_wave_from(_content(file, file.stat().st_mtime_ns), midi)
    except (ValueError, RuntimeError) as error:
        raise MusicFileError(f"render.soundfont: {file} cannot be played: {error}") from error
    with wave.open(io.BytesIO(rendered)) as sounding:
        quiet = np.frombuffer(sounding.readframes(sounding.getnframes()), "<i2").reshape(-1, 2)
        return resampled(quiet.astype(np.float32), sounding.getframerate())


def resampled(samples: Samples, rate: int) -> Samples:
    """Bring (frames, channels) at `rate` samples a second to RATE, without aliases.

    The polyphase filter of scipy.signal.resample_poly (a Kaiser window of beta 5 over ten zeros of
    the sinc on each side), whose import takes longer than the sound. Each block of `down` samples,
    with those around it, gives `up` samples by one product of matrices.
    """
    if rate == RATE:
        return samples
    common = math.gcd(RATE, rate)
    up, down = RATE // common, rate // common
    half = 10 * max(up, down)
    taps = np.sinc(np.arange(-half, half + 1) / max(up, down)) * np.kaiser(2 * half + 1, 5.0)
    taps *= up / taps.sum()
    # Output p of a block takes input q by the tap at p * down - q * up from the filter's middle.
    before, behind = half // up, (half + (up - 1) * down) // up
    at = np.arange(up) * down - np.arange(-before, behind + 1)[:, None] * up + half
    filters = np.where((at >= 0) & (at <= 2 * half), taps[at.clip(0, 2 * half)], 0.0)
    blocks = -(-len(samples) // down)
    padded = np.pad(samples.T, ((0, 0), (before, blocks * down - len(samples) + behind)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(filters), axis=1)[:, ::down]
    out = np.ascontiguousarray(windows[:, :blocks]) @ filters.astype(np.float32)
    return out.reshape(len(padded), -1).T[: -(-len(samples) * up // down)]


def write_sound(
    notes: Notes | Performance,
    path: Path,
    soundfont: str | None = None,
    program: str = PIANO,
    room: float = RenderSettings.room,
) -> None:
    """Write the sound of notes or a performance, whole or not at all, in the suffix's format.

    Raises SettingsError for one that nobody registered, and as `render_sound`.
    """
    write_samples(render_sound(notes, soundfont, program, room), path)


def write_samples(samples: Samples, path: Path) -> None:
    """Write (frames, 2) samples, whole or not at all, in the suffix's format.

    Raises SettingsError for one that nobody registered.
    """
    encode = find("sound", path.suffix.removeprefix("."), "render.sound").build
    content = encode(samples)
    with atomically(path) as unfinished:
        unfinished.write_bytes(content)


@register("sound", "wav")
def as_wav(samples: Samples) -> bytes:
    """Give the content of a WAV file of 16 bits."""
    return _encoded(samples, "wav", "PCM_16")


@register("sound", "mp3")
def as_mp3(samples: Samples) -> bytes:
    """Give the content of an MP3 file."""
    return _encoded(samples, "mp3", "MPEG_LAYER_III", compression_level=MP3)


@register("sound", "ogg")
def as_ogg(samples: Samples) -> bytes:
    """Give the content of an Ogg file of Vorbis; the same samples give the same bytes."""
    return with_serial(_encoded(samples, "ogg", "VORBIS"))


@register("sound", "flac")
def as_flac(samples: Samples) -> bytes:
    """Give the content of a FLAC file of 16 bits."""
    return _encoded(samples, "flac", "PCM_16")


def _encoded(samples: Samples, kind: str, subtype: str, **more: float) -> bytes:
    """What libsndfile makes of samples, the four kinds by its own names for them; more: for it.

    By way of a file of its own: an encoder that writes into Python's memory keeps all other threads
    waiting. Where that cannot be written whole, in memory after all: what encoders say of a full
    disk cannot be understood.
    """
    import soundfile

    def encode(file: Path | io.BytesIO) -> None:
        # At once where it can be: between two blocks other threads may keep the interpreter.
        block = BLOCK if subtype == "VORBIS" else max(len(samples), 1)
        with soundfile.SoundFile(file, "w", RATE, 2, subtype, format=kind.upper(), **more) as out:
            for start in range(0, len(samples), block):
                out.write(samples[start : start + block])

    with suppress(OSError, soundfile.LibsndfileError), TemporaryDirectory() as folder:
        file = Path(folder) / f"sound.{kind}"
        encode(file)
        if soundfile.info(file).frames == len(samples):
            return file.read_bytes()
    memory = io.BytesIO()
    encode(memory)
    return memory.getvalue()


@cache
def _content(file: Path, changed: int) -> bytes:
    """A soundfont's bytes, read once; `changed`: its time stamp, by which a new file is read."""
    return file.read_bytes()
