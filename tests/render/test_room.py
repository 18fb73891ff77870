import numpy as np
import pytest

from mood2music.render.room import AIR, decays, in_room, octaves, response

RATE = 44100


def clicks(*at: float, seconds: float = 4.0) -> np.ndarray:
    """Clicks on both channels, at seconds."""
    samples = np.zeros((round(seconds * RATE), 2), np.float32)
    samples[[round(second * RATE) for second in at]] = 1.0
    return samples


def falls(heard: np.ndarray) -> float:
    """Seconds in which (frames,) falls by 60 dB, by Schroeder's integral from -5 to -25 dB."""
    left = (heard**2)[::-1].cumsum()[::-1]
    fallen = 10 * np.log10(left / left[0])
    return float(3 * (np.argmax(fallen < -25) - np.argmax(fallen < -5)) / RATE)


@pytest.mark.parametrize("room", [0.3, 0.5, 1.0])
def test_each_octave_of_a_room_falls_in_the_time_that_is_asked(room: float) -> None:
    answer = response(room, RATE)
    shares = octaves(np.fft.rfftfreq(len(answer), 1 / RATE))
    for hertz, share, asked in zip(AIR, shares, decays(room), strict=False):
        heard = np.fft.irfft(np.fft.rfft(answer[:, 0]) * share, len(answer))
        if hertz >= 500:  # below, a short room's noise is a few waves
            assert falls(heard) == pytest.approx(asked, rel=0.12), hertz


def test_a_click_comes_back_behind_it_as_strongly_as_asked_and_otherwise_on_each_side() -> None:
    heard = in_room(clicks(0.5), 0.5, RATE)
    straight = round(0.5 * RATE)
    assert np.abs(heard[:straight]).max() < 1e-6
    assert heard[straight] == pytest.approx([1.0, 1.0])
    assert np.abs(heard[straight + 1 : straight + round(0.011 * RATE)]).max() < 1e-6
    back = heard[straight + 1 :]
    assert (back**2).sum(0).mean() == pytest.approx(0.8 * 0.5, rel=0.01)
    assert abs(np.corrcoef(*back.T)[0, 1]) < 0.15


def test_low_pitches_come_back_alike_on_both_sides_and_high_ones_do_not() -> None:
    answer = response(1.0, RATE)
    spectrum = np.fft.rfft(answer.T)
    hertz = np.fft.rfftfreq(len(answer), 1 / RATE)

    def alike(low: float, high: float) -> float:
        left, right = spectrum[:, (hertz >= low) & (hertz < high)]
        both = (abs(left) ** 2).sum() * (abs(right) ** 2).sum()
        return float((left * right.conj()).real.sum() / np.sqrt(both))

    assert alike(40, 100) > 0.9
    # Half a wavelength between the microphones: sin(pi) / pi.
    assert abs(alike(380, 480)) < 0.35
    assert abs(alike(2000, 8000)) < 0.1


def test_rooms_add_up_over_blocks_and_keep_length_and_type() -> None:
    rng = np.random.default_rng(0)
    samples = rng.standard_normal((4 * RATE, 2)).astype(np.float32)  # more than one block
    heard = in_room(samples, 0.5, RATE)
    assert (heard.shape, heard.dtype) == (samples.shape, np.float32)
    answer = response(0.5, RATE)
    for at in (10_000, 90_000, 130_000, 176_000):
        before = samples[max(at - len(answer) + 1, 0) : at + 1].mean(1)[::-1]
        wanted = samples[at] + before @ answer[: len(before)]
        assert heard[at] == pytest.approx(wanted, abs=1e-3)


def test_no_room_changes_nothing_and_silence_stays_silence() -> None:
    samples = clicks(0.1)
    assert in_room(samples, 0, RATE) is samples
    assert np.isfinite(in_room(samples, 1e-6, RATE)).all()
    assert not in_room(np.zeros_like(samples), 0.7, RATE).any()
    assert (in_room(samples, 0.7, RATE) == in_room(samples, 0.7, RATE)).all()


def test_the_shares_of_all_octaves_are_the_whole() -> None:
    hertz = np.array([0.0, 30, 63, 90, 1000, 1400, 8000, 22050])
    assert np.sum(octaves(hertz), axis=0) == pytest.approx(np.ones(8))
    assert octaves(np.array([1000.0]))[4] == pytest.approx([1.0])
