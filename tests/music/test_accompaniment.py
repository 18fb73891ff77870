from itertools import pairwise

import numpy as np
import pytest

from mood2music.music.accompaniment import accompanied, is_bare, tune_of
from mood2music.music.key import Key, find_key
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes
from mood2music.music.patterns import PATTERNS
from mood2music.music.voicing import BASS

# Twinkle, twinkle, little star: its chords are in every songbook.
TWINKLE = [60, 60, 67, 67, 69, 69, 67, 65, 65, 64, 64, 62, 62, 60]
LENGTHS = [24] * 6 + [48] + [24] * 6 + [48]


def tune(pitches: list[int], lengths: list[int], beats: int = 4) -> Notes:
    onset = np.cumsum([0, *lengths[:-1]])
    meter = (TimeSignature(0, beats, 4),)
    return make_notes(onset, lengths, pitches, [80] * len(pitches), meter=meter)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("shift", [0, 5])
def test_a_bare_tune_is_bare_no_longer_and_itself_above_it(pattern: str, shift: int) -> None:
    notes = tune(TWINKLE, LENGTHS).transposed(shift)
    assert is_bare(notes)
    full = accompanied(notes, pattern)
    assert not is_bare(full)
    assert find_key(full) == find_key(notes) == Key(shift, "major")
    assert full.end == notes.end
    assert full.meter == notes.meter
    own = set(zip(notes.onset.tolist(), notes.pitch.tolist(), strict=True))
    assert own <= set(zip(full.onset.tolist(), full.pitch.tolist(), strict=True))
    below = [(o, p) for o, p in zip(full.onset.tolist(), full.pitch.tolist(), strict=True)
             if (o, p) not in own]  # fmt: skip
    assert min(p for _, p in below) >= BASS[0]
    for onset, pitch in below:
        sounding = (notes.onset <= onset) & (notes.onset + notes.duration > onset)
        assert pitch < notes.pitch[sounding].min()


def below(notes: Notes, pattern: str) -> list[tuple[int, int, int]]:
    """What is added: (onset, duration, pitch)."""
    full = accompanied(notes, pattern)
    rows = zip(full.onset.tolist(), full.duration.tolist(), full.pitch.tolist(), strict=True)
    own = set(zip(notes.onset.tolist(), notes.pitch.tolist(), strict=True))
    return [row for row in rows if (row[0], row[2]) not in own]


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


def test_a_fill_rises_where_the_tune_waits_at_a_phrases_end() -> None:
    waits = [72, 74, 76, 77] * 3 + [79]
    notes = tune([*waits, *waits], ([24] * 12 + [96]) * 2)
    fill = sorted((o, p) for o, _, p in below(notes, "broken") if 15 * 24 <= o < 16 * 24)
    assert [o for o, _ in fill] == [15 * 24, 15 * 24 + 12]
    assert fill[0][1] < fill[1][1]


def test_the_tune_of_a_piece_is_what_nothing_sounds_above() -> None:
    piece = make_notes([0, 0, 24, 48, 48, 60], [48, 24, 24, 24, 24, 24], [72, 48, 60, 71, 50, 76],
                       [80] * 6)  # fmt: skip
    found = tune_of(piece)
    assert found.pitch.tolist() == [72, 71, 76]
    assert found.onset.tolist() == [0, 48, 60]
    assert found.duration.tolist() == [48, 12, 24]
    assert len(tune_of(make_notes([], [], [], []))) == 0


def test_a_chorale_is_not_bare_and_silence_is_nothing_to_accompany() -> None:
    chorale = make_notes([0, 0, 24, 24], [24] * 4, [48, 64, 50, 65], [80] * 4)
    assert not is_bare(chorale)
    nothing = make_notes([], [], [], [])
    assert not is_bare(nothing)
    assert len(accompanied(nothing)) == 0
