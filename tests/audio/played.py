"""Notes to sound by sums of sines: what the tests listen to, without a soundfont."""

import numpy as np
from numpy.typing import NDArray

from mood2music.music.notes import Notes


def played(notes: Notes, rate: int = 44100, overtones: int = 5) -> NDArray[np.float32]:
    """Plucked tones: (n,) float32, peak 0.5. Overtone k has the amplitude 0.6^k of its note."""
    seconds = 60 / notes.tempo / notes.grid
    sound = np.zeros(int((notes.end * seconds + 1.0) * rate))
    for onset, length, pitch in zip(notes.onset, notes.duration, notes.pitch, strict=True):
        time = np.arange(int((length * seconds + 0.08) * rate)) / rate
        fade = np.minimum(1.0, (time[-1] - time) / 0.08) * np.minimum(1.0, time / 0.005)
        frequency = 440 * 2 ** ((int(pitch) - 69) / 12)
        tone = sum(
            0.6**k * np.sin(2 * np.pi * (k + 1) * frequency * time) for k in range(overtones)
        )
        start = int(onset * seconds * rate)
        sound[start : start + len(time)] += tone * fade * np.exp(-2.0 * time)
    return np.asarray(0.5 * sound / np.abs(sound).max(), np.float32)
