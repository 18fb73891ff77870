"""Notes go in; the sound of them comes out, as samples and as a file: 44.1 kHz, stereo, 16 bit."""

import io
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mood2music.errors import MusicFileError
from mood2music.files import atomically
from mood2music.music.notes import Notes
from mood2music.music.write import midi_bytes
from mood2music.render.ogg import with_serial
from mood2music.render.programs import PIANO, program_number
from mood2music.render.soundfont import find_soundfont

Samples = NDArray[np.float32]

RATE = 44100
# -1 dBFS: room for what lossy formats and converters add between samples (EBU R 128, -1 dBTP).
PEAK = 10 ** (-1 / 20)
# Seconds behind the last release: strings and reverberation fade by themselves, and what is left
# of them fades out over the last of these.
TAIL = 4.0
FADE = 1.5
# Frames written at once: libsndfile's Vorbis encoder runs out of stack on millions.
BLOCK = 1 << 16
# By suffix, what libsndfile calls its samples.
KINDS = {"wav": "PCM_16", "flac": "PCM_16", "ogg": "VORBIS", "mp3": "MPEG_LAYER_III"}


def render_sound(notes: Notes, soundfont: str | None = None, program: str = PIANO) -> Samples:
    """Play notes on a soundfont: (frames, 2) float32, peak PEAK, silent at its end.

    The loudest sample is brought to -1 dBFS, whatever the piece; the tail of TAIL seconds ends in
    silence. Same notes, same samples. Raises MusicFileError for a piece without notes or a file
    that is no soundfont, UnknownNameError for an instrument that is not there.
    """
    if not len(notes):
        raise MusicFileError("nothing to play: expected at least one note")
    import midirenderer
    from scipy.io import wavfile
    from scipy.signal import resample_poly

    file = find_soundfont(soundfont)
    midi = midi_bytes(notes, program_number(program), loud=True, tail=TAIL)
    try:
        rendered = midirenderer.render_wave_from(_content(file, file.stat().st_mtime_ns), midi)
    except (ValueError, RuntimeError) as error:
        raise MusicFileError(f"render.soundfont: {file} cannot be played: {error}") from error
    rate, quiet = wavfile.read(io.BytesIO(rendered))
    samples = quiet.astype(np.float32)
    if rate != RATE:
        common = np.gcd(RATE, rate)
        samples = resample_poly(samples, RATE // common, rate // common).astype(np.float32)
    frames = round((notes.seconds + TAIL) * RATE)
    samples = np.concatenate([samples, np.zeros((max(frames - len(samples), 0), 2), np.float32)])
    samples = samples[:frames]
    fade = round(FADE * RATE)
    samples[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))[:, None] ** 2
    loudest = float(np.abs(samples).max())
    if loudest == 0:
        raise MusicFileError(f"render.soundfont: {file} has no sound for program {program}")
    return samples * np.float32(PEAK / loudest)


def write_sound(
    notes: Notes, path: Path, soundfont: str | None = None, program: str = PIANO
) -> None:
    """Write the sound of notes, whole or not at all; the suffix says how: wav, mp3, ogg, flac.

    WAV and FLAC have 16 bits. Raises as `render_sound`.
    """
    content = encoded(render_sound(notes, soundfont, program), path.suffix.removeprefix("."))
    with atomically(path) as unfinished:
        unfinished.write_bytes(content)


def encoded(samples: Samples, kind: str) -> bytes:
    """Give the content of a sound file of one of KINDS; the same samples give the same bytes.

    In memory: what the encoders say of a full disk cannot be understood.
    """
    import soundfile

    file, subtype = io.BytesIO(), KINDS[kind]
    with soundfile.SoundFile(file, "w", RATE, 2, subtype, format=kind.upper()) as out:
        for start in range(0, len(samples), BLOCK):
            out.write(samples[start : start + BLOCK])
    return with_serial(file.getvalue()) if kind == "ogg" else file.getvalue()


@cache
def _content(file: Path, changed: int) -> bytes:
    """A soundfont's bytes, read once; `changed`: its time stamp, by which a new file is read."""
    return file.read_bytes()
