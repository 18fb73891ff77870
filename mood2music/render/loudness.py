"""Measures how loud sound is heard, and brings it to one loudness without clipping."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

# What streaming services and phones expect of speech and music (AES TD1008: -16 LUFS).
LOUDNESS = -16.0
# EBU R 128: the highest true peak, -1 dBTP: room for what lossy formats add between samples.
PEAK = 10 ** (-1 / 20)
# Seconds of a block and its step, and the gates of BS.1770-4: absolute in LUFS, relative in LU.
BLOCK, STEP, ABSOLUTE, RELATIVE = 0.4, 0.1, -70.0, -10.0
# Samples whose spectrum is weighted at once, and those at both ends that hear what was cut off: the
# high pass rings for 50 ms.
CHUNK, MARGIN = 1 << 16, 1 << 13
# Frames of a step of the limiter, 1.5 ms; steps that it looks ahead; what it gives back in one.
FRAMES, AHEAD, RELEASE = 64, 4, 0.01


def loudness(samples: Samples, rate: int) -> float:
    """Give the integrated loudness of (frames, channels) in LUFS (ITU-R BS.1770-4); -inf: silent.

    The K weighting is applied to the spectrum by the magnitude of its two filters.
    """
    step, steps = round(STEP * rate), round(BLOCK / STEP)
    heard = _heard_power(samples, rate)
    padded = np.pad(heard, (0, max(step * steps - len(heard), 0)))
    power = padded[: len(padded) // step * step].reshape(-1, step).sum(1)
    blocks = np.convolve(power, np.ones(steps), "valid") / (step * steps)
    loud = blocks[_lufs(blocks) > ABSOLUTE]
    if not len(loud):
        return -np.inf
    return float(_lufs(loud[_lufs(loud) > _lufs(loud.mean()) + RELATIVE].mean()))


def _heard_power(samples: Samples, rate: int) -> NDArray[np.float64]:
    """Power of each frame, K weighted, of all channels together: (frames,).

    A chunk at a time, which stays in the processor's cache; of its margins nothing is kept.
    """
    inner = CHUNK - 2 * MARGIN
    weights = k_weighting(CHUNK, rate)
    padded = np.pad(samples.T.astype(np.float32), ((0, 0), (MARGIN, MARGIN + inner)))
    power = np.zeros(len(samples))
    for start in range(0, len(samples), inner):
        spectrum = np.fft.rfft(padded[:, start : start + CHUNK])
        heard = np.fft.irfft(spectrum * weights, CHUNK)[:, MARGIN : MARGIN + inner]
        part = power[start : start + inner]
        part[:] = (heard[:, : len(part)] ** 2).sum(0)
    return power


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)))


@cache
def k_weighting(size: int, rate: int) -> NDArray[np.float32]:
    """Give the magnitude of the K weighting for a real spectrum of `size` samples.

    A shelf for the head (+4 dB above 1.7 kHz) and a high pass at 38 Hz, as the analogue prototypes
    of BS.1770's filters that De Man (2014) gives for any rate.
    """
    turn = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)

    def filtered(b: list[float], a: list[float]) -> NDArray[np.float64]:
        return np.asarray(np.abs(np.polyval(b[::-1], turn) / np.polyval(a[::-1], turn)))

    k, q = np.tan(np.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = filtered(
        [(high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0,
         (high - band * k / q + k * k) / a0],
        [1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0],
    )  # fmt: skip
    k, q = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    a0 = 1 + k / q + k * k
    rumble = filtered([1.0, -2.0, 1.0], [1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0])
    return (shelf * rumble).astype(np.float32)


def true_peaks(samples: Samples, above: float = 0.0) -> Samples:
    """Give of each frame (frames,) the highest level from it to the next, at four times the rate.

    Between samples by a windowed sinc of 12 taps, as BS.1770-4's annex 2 does. above: what matters:
    where no level between samples can pass it, as most of a piece is too soft to, a frame has the
    level of its sample alone.
    """
    peaks: Samples = np.abs(samples).max(1)
    at = np.arange(-5, 7)
    every = []
    for part in (0.25, 0.5, 0.75):
        taps = np.sinc(at - part) * np.cos(np.pi * (at - part) / 14) ** 2
        every.append((taps / taps.sum()).astype(np.float32))
    # A sum of products is at most the highest sample times the sum of the taps' sizes.
    most = max(float(np.abs(taps).sum()) for taps in every)
    blocks = np.pad(peaks, (FRAMES, FRAMES + -len(peaks) % FRAMES)).reshape(-1, FRAMES).max(1)
    around = np.lib.stride_tricks.sliding_window_view(blocks, 3).max(1)
    can = np.flatnonzero(np.diff(np.pad(around * most > above, 1).astype(np.int8)))
    for begin, end in (can.reshape(-1, 2) * FRAMES).tolist():
        inside = peaks[begin:end]
        for channel in samples.T:
            left, right = max(begin - 5, 0), min(end + 6, len(channel))
            heard = np.pad(channel[left:right], (left - begin + 5, begin + len(inside) + 6 - right))
            for taps in every:
                between = np.convolve(heard, taps[::-1], "valid")
                np.maximum(inside, np.abs(between), out=inside)
    return peaks


def mastered(samples: Samples, rate: int) -> Samples:
    """Bring (frames, channels) to LOUDNESS; what would then pass PEAK is turned down around it.

    Silence stays silence. Sound that is nearly all peaks ends a little softer than LOUDNESS.
    """
    found = loudness(samples, rate)
    if not np.isfinite(found):
        return samples
    loud = samples * np.float32(10 ** ((LOUDNESS - found) / 20))
    loud = loud * limiting(true_peaks(loud, PEAK))[:, None]
    highest = float(true_peaks(loud, PEAK).max())
    return loud * np.float32(min(1.0, PEAK / highest))


def limiting(peaks: Samples) -> Samples:
    """Give the gain of each frame (frames,) that holds peaks of these levels below PEAK.

    It goes down ahead of a peak, within 6 ms, and comes back at RELEASE of the way a step.
    """
    padded = np.pad(peaks, (0, -len(peaks) % FRAMES)).reshape(-1, FRAMES).max(1)
    needed = np.minimum(1.0, PEAK / np.maximum(padded, 1e-9))
    around = np.pad(needed, AHEAD, constant_values=1.0)
    least = np.lib.stride_tricks.sliding_window_view(around, 2 * AHEAD + 1).min(1)
    gains, gain = [], 1.0
    for goal in least.tolist():
        gain = min(goal, gain + (goal - gain) * RELEASE)
        gains.append(gain)
    mean = np.full(AHEAD + 1, 1 / (AHEAD + 1))
    smooth = np.convolve(np.pad(gains, AHEAD // 2, "edge"), mean, "valid")
    middles = (np.arange(len(smooth)) + 0.5) * FRAMES
    return np.interp(np.arange(len(peaks)), middles, smooth).astype(np.float32)
