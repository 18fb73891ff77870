"""Plays what is heard of a run folder, a sound file or any music file."""

import tempfile
from pathlib import Path

from mood2music.errors import MusicFileError
from mood2music.render.playback import play_wav

# By preference: what a run may have written.
SOUNDS = (".wav", ".flac", ".ogg", ".mp3")


def play(path: Path) -> None:
    """Play to the end; music without sound is rendered first.

    A MIDI file sounds as it says, in its instruments and tempi, notation on the piano.

    Raises MusicFileError for a path with nothing to hear, PlayError without a sound card.
    """
    file = find_sound(path)
    print(f"play   {file}", flush=True)
    if file.suffix.lower() == ".wav":
        play_wav(file)
        return
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / f"{file.stem}.wav"
        if file.suffix.lower() in SOUNDS:
            _as_wav(file, wav)
        else:
            from mood2music.music.read import read
            from mood2music.render.sound import render_midi, render_sound, write_samples

            notes, content = read(file), file.read_bytes()
            midi = content.startswith(b"MThd")
            write_samples(render_midi(content) if midi else render_sound(notes), wav)
        play_wav(wav)


def find_sound(path: Path) -> Path:
    """Give the file to hear: `path` itself, or of a run folder piece.wav, .flac, .ogg, .mp3, .mid.

    Raises MusicFileError where there is none.
    """
    if path.is_file():
        return path
    for suffix in (*SOUNDS, ".mid"):
        if (path / f"piece{suffix}").is_file():
            return path / f"piece{suffix}"
    raise MusicFileError(f"nothing to play at {path}: expected a run's folder or a music file")


def _as_wav(file: Path, wav: Path) -> None:
    import soundfile

    try:
        samples, rate = soundfile.read(file, dtype="float32")
    except soundfile.LibsndfileError as error:
        raise MusicFileError(f"{file} cannot be read as sound: {error}") from error
    with wav.open("wb") as out:  # by Python, which can say that the disk is full
        soundfile.write(out, samples, rate, "PCM_16", format="WAV")
