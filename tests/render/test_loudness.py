import numpy as np
import pytest

from mood2music.render.loudness import LOUDNESS, PEAK, loudness, mastered, true_peaks

RATE = 44100


def tone(hertz: float, decibels: float, seconds: float = 3.0) -> np.ndarray:
    """The same sine on both channels, its peaks at so many dBFS."""
    time = np.arange(round(seconds * RATE)) / RATE
    wave = 10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * time)
    return np.stack([wave, wave], 1).astype(np.float32)


@pytest.mark.parametrize("decibels", [-23.0, -33.0])
def test_a_tone_is_as_loud_as_the_ebu_says(decibels: float) -> None:
    # EBU Tech 3341, cases 1 and 2: 1 kHz on both channels, within .1 LU.
    assert loudness(tone(1000, decibels), RATE) == pytest.approx(decibels, abs=0.1)


def test_silence_between_counts_for_nothing_and_deep_sound_for_less() -> None:
    loud = tone(1000, -20)
    gaps = np.concatenate([loud, np.zeros((5 * RATE, 2), np.float32), loud])
    assert loudness(gaps, RATE) == pytest.approx(loudness(loud, RATE), abs=0.3)
    assert loudness(tone(40, -20), RATE) < loudness(loud, RATE) - 4
    assert loudness(np.zeros((RATE, 2), np.float32), RATE) == -np.inf


def test_a_peak_between_samples_is_seen() -> None:
    # A quarter of the rate, an eighth of a turn off: every sample is 3 dB below the wave's peak.
    wave = np.sin(np.pi / 2 * np.arange(1000) + np.pi / 4).astype(np.float32)
    inner = slice(20, -20)
    samples = np.stack([wave, wave], 1)
    assert np.abs(samples).max() == pytest.approx(0.707, abs=0.001)
    assert true_peaks(samples)[inner].max() == pytest.approx(1.0, abs=0.03)


def test_peaks_above_a_level_are_as_without_one() -> None:
    rng = np.random.default_rng(0)
    swells = np.repeat(rng.uniform(0.1, 1.0, 20), 500)
    samples = (swells[:, None] * rng.uniform(-1, 1, (len(swells), 2))).astype(np.float32)
    every, high = true_peaks(samples), true_peaks(samples, PEAK)
    assert (every > PEAK).sum() > 20
    assert (high[every > PEAK] == every[every > PEAK]).all()
    assert (high <= every).all()
    assert (high < every).any()


def test_what_is_soft_or_loud_comes_to_one_loudness_below_the_peak() -> None:
    clicks = tone(440, -40)
    clicks[:: RATE // 4] = 0.9
    for samples in (tone(440, -50), tone(440, -1)):
        assert loudness(mastered(samples, RATE), RATE) == pytest.approx(LOUDNESS, abs=0.2)
    limited = mastered(clicks, RATE)
    assert true_peaks(limited).max() <= PEAK * 1.0001
    assert loudness(limited, RATE) < LOUDNESS  # nearly all peaks: softer, not clipped
    silent = np.zeros((RATE, 2), np.float32)
    assert (mastered(silent, RATE) == 0).all()
