"""A tune that was played comes back as notes on the grid."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mood2music.audio import transcribe as transcribing
from mood2music.audio.settings import AudioSettings
from mood2music.audio.transcribe import Transcription, transcribe
from mood2music.errors import MusicFileError, SettingsError
from mood2music.music.notes import make_notes
from tests.audio.played import played
from tests.conftest import tune

pytestmark = pytest.mark.slow

TUNE = tune(3, notes=48)


@pytest.fixture(scope="module", autouse=True)
def hear_once() -> Iterator[None]:
    """Let the network hear each sound once: what is made of it differs from test to test."""
    really = transcribing.hear
    once = cache(lambda sound: really(np.frombuffer(sound, np.float32)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transcribing, "hear", lambda sound: once(sound.tobytes()))
        yield


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("audio") / "my tune.wav"
    soundfile.write(path, played(TUNE), 44100)
    return path


@pytest.fixture(scope="module")
def heard(recording: Path) -> Transcription:
    return transcribe(recording, AudioSettings())


def test_a_tune_over_basses_is_found_in_pitch_place_and_tempo(heard: Transcription) -> None:
    notes = heard.notes
    assert notes.tempo == pytest.approx(TUNE.tempo, rel=0.01)
    truth = set(zip(TUNE.onset.tolist(), TUNE.pitch.tolist(), strict=True))
    found = list(zip(notes.onset.tolist(), notes.pitch.tolist(), strict=True))
    right = sum(any((o + d, p) in truth for d in (-2, -1, 0, 1, 2)) for o, p in found)
    assert 2 * right / (len(truth) + len(found)) > 0.75  # F1 of pitch and place
    assert notes.title == "my tune"
    assert heard.heard == len(notes) + sum(heard.removed.values())
    assert heard.seconds == pytest.approx(TUNE.seconds + 1, abs=0.1)


def test_without_cleaning_all_that_was_heard_is_written(
    recording: Path, heard: Transcription
) -> None:
    dirty = transcribe(recording, AudioSettings(clean=False))
    assert dirty.removed == {}
    assert dirty.heard == heard.heard
    assert len(dirty.notes) > len(heard.notes)


def test_a_given_tempo_is_the_tempo(recording: Path, heard: Transcription) -> None:
    half = transcribe(recording, AudioSettings(tempo=TUNE.tempo / 2)).notes
    assert half.tempo == pytest.approx(TUNE.tempo / 2)
    # So many seconds are half as many quarter notes at half the tempo.
    end = heard.notes.end * half.tempo / heard.notes.tempo
    assert half.end == pytest.approx(end, abs=24)


def test_the_grid_is_the_one_asked_for(recording: Path) -> None:
    coarse = transcribe(recording, AudioSettings(), grid=12).notes
    assert coarse.grid == 12
    assert coarse.seconds == pytest.approx(TUNE.seconds, abs=1.5)


def test_noise_has_no_notes(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    soundfile.write(tmp_path / "rain.wav", rng.normal(0, 0.1, 3 * 22050), 22050)
    with pytest.raises(MusicFileError, match=r"no notes heard in rain.wav"):
        transcribe(tmp_path / "rain.wav", AudioSettings())


def test_one_note_is_music(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", played(make_notes([0], [48], [60], [80])), 44100)
    notes = transcribe(tmp_path / "a.wav", AudioSettings()).notes
    assert notes.pitch.tolist() == [60]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"onset": 0.0}, r"transcription.onset=0: expected a likelihood"),
        ({"frame": 1.5}, r"transcription.frame=1.5"),
        ({"shortest": -1.0}, r"transcription.shortest=-1: expected 0 or more"),
        ({"tempo": 1000.0}, r"transcription.tempo=1000: expected 30 to 300"),
    ],
)
def test_settings_outside_their_range_are_refused(settings: dict[str, float], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        AudioSettings(**settings).check()  # type: ignore[arg-type]
