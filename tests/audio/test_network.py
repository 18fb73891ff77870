"""Posteriorgrams of known sound: the right keys at the right frames, wherever a window ends."""

import numpy as np
import pytest

from mood2music.audio.network import HOP, KEPT, LOWEST_KEY, SECONDS, hear
from mood2music.audio.sound import RATE
from mood2music.music.notes import make_notes
from tests.audio.played import played


def test_a_tone_is_heard_on_its_key_in_its_frames() -> None:
    notes = make_notes([24], [48], [64], [80], tempo=60.0)  # from 1 s to 3 s
    heard = hear(played(notes, RATE))
    assert heard.frame.shape == (-(-4 * RATE // HOP), 88)
    assert heard.frame.mean(axis=0).argmax() == 64 - LOWEST_KEY
    sounding = np.flatnonzero(heard.frame[:, 64 - LOWEST_KEY] > 0.5) * SECONDS
    assert sounding[0] == pytest.approx(1.0, abs=0.04)
    assert sounding[-1] == pytest.approx(3.0, abs=0.15)
    assert heard.onset[:, 64 - LOWEST_KEY].argmax() * SECONDS == pytest.approx(1.0, abs=0.04)


@pytest.mark.slow
def test_frames_do_not_drift_over_many_windows() -> None:
    """An attack in the 1st and in the 30th window is heard equally late."""
    rng = np.random.default_rng(0)
    late = []
    for beat in (2, 50):
        notes = make_notes([24 * beat], [24], [69], [80], tempo=60.0)
        sound = played(notes, RATE)
        sound = sound + rng.normal(0, 1e-4, len(sound)).astype(np.float32)
        heard = hear(sound)
        late.append(heard.onset[:, 69 - LOWEST_KEY].argmax() * SECONDS - beat)
    assert late[0] == pytest.approx(late[1], abs=0.013)


def test_moving_the_windows_moves_the_answer() -> None:
    notes = make_notes([0, 24, 48, 72], [24] * 4, [60, 64, 67, 72], [80] * 4, tempo=90.0)
    sound = played(notes, RATE)
    shift = 37
    plain = hear(sound).onset
    moved = hear(np.concatenate([np.zeros(shift * HOP, np.float32), sound])).onset[shift:]
    inner = slice(5, KEPT)
    assert np.abs(plain[inner] - moved[inner]).mean() < 0.01


def test_the_noise_of_a_pause_gives_no_notes() -> None:
    rng = np.random.default_rng(0)
    sound = played(make_notes([24], [24], [60], [80], tempo=60.0), RATE)
    hiss = rng.normal(0, 1e-5, 4 * RATE).astype(np.float32)
    heard = hear(np.concatenate([sound, hiss]))
    assert heard.frame[len(sound) // HOP + 4 :].max() == 0.0
