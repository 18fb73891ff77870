"""Are our likelihoods those of the package basic-pitch?

python -m experiments.audio_notes.compare sound minute.wav     # a minute of Mozart's K. 80
python experiments/audio_notes/compare.py theirs minute.wav    # where basic-pitch is installed
python -m experiments.audio_notes.compare ours minute.wav
"""

import sys
from pathlib import Path

import numpy as np


def sound(path: Path) -> None:
    """Render the piece and write it as WAV at the network's rate."""
    import soundfile

    from mood2music.audio import sound as ours
    from mood2music.music.read import read_corpus
    from mood2music.render.sound import RATE, render_sound

    played = render_sound(read_corpus("mozart/k80/movement1.mxl"))[: 60 * RATE]
    mono = ours.resample(played.mean(axis=1), RATE)
    soundfile.write(path, mono, ours.RATE, subtype="FLOAT")


def theirs(path: Path) -> None:
    """Write what basic-pitch hears, with the times of its frames, beside the sound."""
    from basic_pitch import ICASSP_2022_MODEL_PATH
    from basic_pitch.inference import run_inference
    from basic_pitch.note_creation import model_frames_to_time

    heard = run_inference(path, Path(ICASSP_2022_MODEL_PATH).with_name("nmp.onnx"))
    times = model_frames_to_time(len(heard["note"]))
    np.savez(path.with_suffix(".npz"), frame=heard["note"], onset=heard["onset"], times=times)


def ours(path: Path) -> None:
    """Print the largest difference in the first window, and the correlation over all."""
    from mood2music.audio.network import KEPT, SECONDS, hear
    from mood2music.audio.sound import read_sound

    heard, other = hear(read_sound(path)), np.load(path.with_suffix(".npz"))
    for name in ("frame", "onset"):
        mine = getattr(heard, name)
        first = np.abs(mine[:KEPT] - other[name][:KEPT]).max()
        at = np.arange(len(mine)) * SECONDS
        moved = np.stack([np.interp(other["times"], at, column) for column in mine.T], axis=1)
        alike = np.corrcoef(moved.ravel(), other[name].ravel())[0, 1]
        print(f"{name}: first window at most {first:g} away, correlation {alike:.4f}")


if __name__ == "__main__":
    {"sound": sound, "theirs": theirs, "ours": ours}[sys.argv[1]](Path(sys.argv[2]))
