import pytest

from mood2music.audio.settings import AudioSettings
from mood2music.errors import Mood2MusicError
from mood2music.flow.request import GenerateSettings
from mood2music.learn.settings import LoggerSettings


@pytest.mark.parametrize(
    "settings",
    [
        {"range": [48, 84], "polyphony": 4, "key": "G"},
        {"range": [0, 127]},
        {"polyphony": 1},
        {"in_key": True},
        {"accompany": "stride"},
        {"theme": 0},
        {"theme": 1},
    ],
)
def test_constraints_within_their_bounds_are_taken(settings: dict[str, object]) -> None:
    GenerateSettings(**settings).check()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"range": [84, 48]}, r"range=\[84,48\] is upside down: expected range=\[48,84\]"),
        ({"range": [60, 70]}, "expected an octave, 12 semitones, or more"),
        ({"range": [48]}, r"expected the lowest and the highest pitch.*range=\[48,84\]"),
        ({"range": "wide"}, "range=wide: expected the lowest"),
        ({"range": ["C3", "C6"]}, "MIDI numbers 0 to 127"),
        ({"range": [48, 128]}, "MIDI numbers 0 to 127"),
        ({"range": [-1, 84]}, "MIDI numbers 0 to 127"),
        ({"polyphony": 0}, "polyphony=0: expected 1 to 24 pitches at once"),
        ({"polyphony": 25}, "polyphony=25"),
        ({"accompany": "strid"}, "accompany=strid: did you mean stride"),
        ({"accompany": "none"}, "accompany=none: expected one of true, false, block, held"),
        ({"accompany": "held", "polyphony": 1}, "accompany=held with polyphony=1: expected one"),
        ({"midi": "a.mid", "audio": "a.mp3"}, "midi=a.mid with audio=a.mp3: expected one"),
        ({"audio": "a.mp3", "explain": True}, "explain=true with audio=a.mp3: no photo is read"),
        ({"transcription": AudioSettings(onset=2.0)}, "transcription.onset=2"),
        ({"metric": "novlety"}, "metric=novlety: did you mean novelty"),
        ({"logger": LoggerSettings(name="wandbb")}, "logger.name=wandbb: did you mean wandb"),
    ],
)
def test_constraints_outside_their_bounds_are_refused_in_one_line(
    settings: dict[str, object], said: str
) -> None:
    with pytest.raises(Mood2MusicError, match=said) as refused:
        GenerateSettings(**settings).check()  # type: ignore[arg-type]
    assert "\n" not in str(refused.value)
