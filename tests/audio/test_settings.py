import pytest

from mood2music.audio.settings import AudioSettings
from mood2music.errors import SettingsError


@pytest.mark.parametrize("name", ["onset", "frame", "rest", "weak"])
def test_likelihoods_are_above_0_and_at_most_1(name: str) -> None:
    AudioSettings(**{name: 1.0}).check()
    AudioSettings(**{name: 0.01}).check()
    for outside in (0.0, 1.01, -0.5):
        with pytest.raises(SettingsError, match=rf"transcription\.{name}=.*a likelihood"):
            AudioSettings(**{name: outside}).check()


@pytest.mark.parametrize("name", ["shortest", "ghost", "again", "far"])
def test_lengths_and_distances_are_not_negative(name: str) -> None:
    AudioSettings(**{name: 0}).check()
    with pytest.raises(SettingsError, match=rf"transcription\.{name}=-1: expected 0 or more"):
        AudioSettings(**{name: -1}).check()


def test_a_tempo_is_30_to_300_or_found_in_the_music() -> None:
    for tempo in (None, 30.0, 300.0):
        AudioSettings(tempo=tempo).check()
    for tempo in (29.9, 300.1):
        with pytest.raises(SettingsError, match=r"transcription\.tempo=.*expected 30 to 300"):
            AudioSettings(tempo=tempo).check()
