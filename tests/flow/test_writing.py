from dataclasses import replace

import numpy as np
import pytest

from mood2music.flow.request import GenerateSettings
from mood2music.flow.writing import allowed, guiding_of
from mood2music.flow.writing_settings import WritingSettings
from mood2music.mood import Mood
from mood2music.music.key import Key, result_key
from mood2music.music.seed import find_passages
from mood2music.style.networks import load_styled
from mood2music.style.settings import StyleSettings
from tests.conftest import tune

G_MAJOR = {7, 9, 11, 0, 2, 4, 6}


def asked(**settings: object) -> WritingSettings:
    return GenerateSettings(**settings).writing_settings  # type: ignore[arg-type]


def test_constraints_are_in_the_networks_key() -> None:
    settings = asked(range=[48, 84], key="G", polyphony=3)
    constraints = allowed(settings, Key(7, "major"), -5)
    assert (constraints.low, constraints.high, constraints.polyphony) == (53, 89, 3)
    in_c = {int(c) for c in np.array(sorted(constraints.pitch_classes or set()))}
    assert in_c == {(c + 5) % 12 for c in G_MAJOR}


def test_without_a_range_a_piece_keeps_to_the_compass_of_its_style() -> None:
    for shift in (-6, 0, 5):
        free = allowed(asked(), Key(0, "major"), shift)
        assert (free.low + shift, free.high + shift) == (21, 108), "the keys of a piano"
        low = allowed(replace(asked(), compass=(36, 96)), Key(0, "major"), shift)
        assert (low.low + shift, low.high + shift) == (36, 96)
        own = allowed(replace(asked(range=[30, 60]), compass=(36, 96)), Key(0, "major"), shift)
        assert (own.low + shift, own.high + shift) == (30, 60)


def test_without_a_key_every_pitch_may_be_written_unless_asked() -> None:
    assert allowed(asked(), Key(2, "minor"), 5).pitch_classes is None
    assert allowed(asked(in_key=True), Key(2, "minor"), 5).pitch_classes is not None
    assert allowed(asked(key="G", in_key=False), Key(7, "major"), 0) == allowed(
        asked(), Key(0, "major"), 0
    )


@pytest.mark.parametrize("key", ["F#", "F", "Ab", "C"])
def test_a_piece_in_another_key_lies_where_its_song_lies(key: str) -> None:
    song = tune(0).transposed(7)
    passages = find_passages(song, 16, 1, [4, 3], np.random.default_rng(0), Key(7, "major"))
    result, shift = result_key(passages.key, key)
    moved = passages.key.to_c + shift
    assert -6 <= moved <= 5
    assert (7 + moved) % 12 == result.tonic
    assert (shift + result.to_c) % 12 == 0


def test_chords_lean_to_the_mean_valence_of_what_is_wanted() -> None:
    styled = load_styled("lstm", StyleSettings("jazz"))
    passages = find_passages(tune(0), 16, 1, [4, 3], np.random.default_rng(0), Key(0, "major"))
    for moods, valence in (([], 0.0), ([Mood(0.6, 0.9)], 0.6), ([Mood(0.6, 0), Mood(0, 1)], 0.3)):
        guiding = guiding_of(styled, passages, 0.5, True, moods)
        assert guiding is not None
        assert guiding.valence == pytest.approx(valence)
        assert guiding.song_chords is not None
        assert guiding.song_chords.valence == guiding.valence
