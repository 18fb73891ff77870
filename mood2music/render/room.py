"""Puts dry sound into a room: behind each sound comes its reverberation, another left and right."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from mood2music.render.loudness import Samples

# Seconds in which the reverberation of the largest room, room=1, falls by 60 dB at low pitches: a
# hall for chamber music has 1.4 to 1.7 (Beranek 2004, Concert Halls and Opera Houses).
LONGEST = 1.6
# What comes back from the largest room beside what comes straight, as a ratio of energies.
STRONGEST = 0.8
# Seconds until the walls are heard: at most .02 where a hall sounds intimate (Beranek 2004).
GAP = 0.012
# What air takes of sound, in dB a kilometre at 20 degrees and 70 % humidity, by the middles of
# octaves in Hz (ISO 9613-2, table 2); above, by the square of the frequency. And the speed of sound
# in metres a second, and the metres between two microphones.
AIR = {63: 0.1, 125: 0.3, 250: 1.1, 500: 2.8, 1000: 5.0, 2000: 9.0, 4000: 22.9, 8000: 76.6}
SPEED, APART = 343.0, 0.4
# dB of its fall after which the reverberation is left off; samples that are weighted at once.
FALL, CHUNK = 60.0, 1 << 17
SEED = 7


def in_room(samples: Samples, room: float, rate: int) -> Samples:
    """Add to (frames, 2) what the walls of a room send back of both channels' mean.

    room: from 0, none, to 1, a hall. As long as before: what rings on behind the end is left off.
    """
    if not room:
        return samples
    answer = response(room, rate)
    inner = CHUNK - len(answer) + 1
    weights = np.fft.rfft(answer.T, CHUNK)
    middle = np.pad(samples.mean(1), (len(answer) - 1, inner))
    heard = samples.copy()
    for start in range(0, len(samples), inner):
        spectrum = np.fft.rfft(middle[start : start + CHUNK])
        back = np.fft.irfft(spectrum * weights, CHUNK)[:, len(answer) - 1 :]
        part = heard[start : start + inner]
        part += back[:, : len(part)].T
    return heard


@cache
def response(room: float, rate: int) -> Samples:
    """Give what a room sends back of a click to two microphones: (frames, 2).

    Noise that falls exponentially, as the many echoes of a hall do (Moorer 1979, Computer Music
    Journal 3:2), each octave in its own time (Jot, Cerveau & Warusfel 1997, AES 103), as far alike
    in both channels as at two microphones in a diffuse field: sin(x) / x of their distance over the
    wavelength (Cook et al. 1955, JASA 27:6), so low pitches stay in the middle.
    """
    frames = max(round(rate * LONGEST * room * FALL / 60), 1)
    noise = np.random.default_rng(SEED).standard_normal((2, frames))
    spectrum = np.fft.rfft(noise)
    hertz = np.fft.rfftfreq(frames, 1 / rate).astype(np.float64)
    alike = np.sinc(2 * hertz * APART / SPEED)
    common, apart = spectrum * np.sqrt((1 + np.stack([alike, -alike])) / 2)
    sides = np.stack([common + apart, common - apart])
    time = np.arange(frames) / rate
    falling = np.zeros((2, frames))
    for share, seconds in zip(octaves(hertz), decays(room), strict=True):
        falling += np.fft.irfft(sides * share, frames) * 10 ** (-3 * time / seconds)
    falling *= np.sqrt(STRONGEST * room / (falling**2).sum(1).mean())
    return np.pad(falling, ((0, 0), (round(GAP * rate), 0))).T.astype(np.float32)


def decays(room: float) -> list[float]:
    """Seconds in which each octave of AIR, and one above, falls by 60 dB: walls and air together.

    >>> [round(seconds, 2) for seconds in decays(0.5)]
    [0.8, 0.8, 0.8, 0.79, 0.78, 0.77, 0.73, 0.59, 0.32]
    """
    walls = 60 / (LONGEST * room)
    air = [*AIR.values(), 4 * AIR[8000]]
    return [60 / (walls + taken * SPEED / 1000) for taken in air]


def octaves(hertz: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Give of each frequency (n,) its share in each octave of AIR and one above; they sum to 1."""
    middles = np.log2([*AIR, 2 * max(AIR)])
    place = np.interp(np.log2(np.maximum(hertz, 1.0)), middles, np.arange(len(middles)))
    return [np.clip(1 - np.abs(place - which), 0, 1) for which in range(len(middles))]
