from itertools import pairwise

import numpy as np
import pytest

from mood2music.music.accompaniment import accompanied
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes
from mood2music.music.voicing import BASS
from tests.music.test_accompaniment import LENGTHS, TWINKLE, below, tune


def test_a_waltz_has_its_bass_on_the_first_beat() -> None:
    notes = tune([67, 64, 64, 65, 62, 62, 60, 62, 64, 60, 60, 60], [24] * 12, beats=3)
    low = {onset for onset, _, pitch in below(notes, "stride") if pitch <= BASS[1]}
    high = {onset for onset, _, pitch in below(notes, "stride") if pitch > BASS[1]}
    assert low >= {0, 72, 144, 216}
    assert not any(onset % 72 == 0 for onset in high)


@pytest.mark.parametrize(
    ("beats", "unit", "struck"),
    [(4, 4, [0, 12, 24, 48, 60, 72]), (3, 4, [0, 12, 24, 48, 60]), (6, 8, [0, 12, 24, 36, 48, 60])],
)
def test_a_ballad_has_bass_fifth_and_chord_in_turn(
    beats: int, unit: int, struck: list[int]
) -> None:
    bar = 96 * beats // unit
    pitches = [72, 76, 79, 72] * 4
    onset = np.arange(16) * (bar // 2)
    notes = make_notes(onset, [bar // 2] * 16, pitches, [80] * 16,
                       meter=(TimeSignature(0, beats, unit),))  # fmt: skip
    full = accompanied(notes, "ballad")
    below = [(o, p) for o, p in zip(full.onset.tolist(), full.pitch.tolist(), strict=True)
             if o < bar and p < 72]  # fmt: skip
    assert sorted({o for o, _ in below}) == struck
    lowest, fifth = (min(p for o, p in below if o == at) for at in (0, 12))
    assert (fifth - lowest) % 12 in (5, 7)
    assert sum(o == 24 for o, _ in below) >= 2, "the chord"


def test_a_walking_bass_has_a_new_note_on_every_beat_and_few_leaps() -> None:
    notes = tune([pitch + 12 for pitch in TWINKLE], LENGTHS)
    low = [(o, p) for o, _, p in below(notes, "walking") if p <= 51 and o % 24 == 0]
    line = [min(p for o, p in low if o == beat) for beat in range(0, 16 * 24, 24)]
    assert all(a != b for a, b in pairwise(line))
    assert max(abs(b - a) for a, b in pairwise(line)) <= 8


def test_comping_is_of_sevenths_and_off_the_beat_in_some_phrases() -> None:
    notes = tune([pitch + 12 for pitch in TWINKLE * 3], LENGTHS * 3)
    added = below(notes, "comp")
    assert {onset % 24 for onset, _, _ in added} == {0, 12}
    swung = make_notes(*zip(*((24 * (i // 2) + 16 * (i % 2), 8, 76 + i % 5) for i in range(96)),
                            strict=True), [80] * 96)  # fmt: skip
    assert 16 in {onset % 24 for onset, _, _ in below(swung, "comp")}
    pitches = {pitch % 12 for onset, _, pitch in added if onset == 0}
    assert 11 in pitches, "C major has its seventh"


def test_figures_change_with_the_phrase() -> None:
    notes = tune([pitch + 12 for pitch in TWINKLE * 2], LENGTHS * 2)
    added = below(notes, "broken")

    def shape(bar: int) -> list[int]:
        chord = [p for o, _, p in added if 96 * bar <= o < 96 * bar + 48 and o % 48]
        return [sorted(set(chord)).index(p) for p in chord]

    assert len({tuple(shape(bar)) for bar in range(8)}) > 1
