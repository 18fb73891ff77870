from itertools import pairwise

import numpy as np
import pytest

from mood2music.music.accompaniment import accompanied
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes
from mood2music.music.patterns import PLAYERS, Played, Span
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
    dotted = make_notes(
        *zip(*((24 * (i // 2) + 18 * (i % 2), 6, 76 + i % 5) for i in range(96)), strict=True),
        [80] * 96,
        meter=swung.meter,
    )  # type: ignore[arg-type]
    assert {onset % 24 for onset, _, _ in below(dotted, "comp")} == {0, 12}
    pitches = {pitch % 12 for onset, _, pitch in added if onset == 0}
    assert 11 in pitches, "C major has its seventh"


def test_figures_change_with_the_phrase() -> None:
    notes = tune([pitch + 12 for pitch in TWINKLE * 2], LENGTHS * 2)
    added = below(notes, "broken")

    def shape(bar: int) -> list[int]:
        chord = [p for o, _, p in added if 96 * bar <= o < 96 * bar + 48 and o % 48]
        return [sorted(set(chord)).index(p) for p in chord]

    assert len({tuple(shape(bar)) for bar in range(8)}) > 1


def span(length: int, **changed: object) -> Span:
    """C major over C3 (48) with E4, G4 and C5, F2 (41) behind it; 24 grid steps a quarter."""
    of_c = Span(96, length, 24, 16, (0, 4, 7), 48, (64, 67, 72), 41, 0, 0, False)
    return of_c._replace(**changed)  # type: ignore[arg-type]


HALF = [(96, 24, 48), (120, 24, 64), (120, 24, 67), (120, 24, 72)]


@pytest.mark.parametrize(
    ("pattern", "chord", "played"),
    [
        ("block", span(24), [(96, 24, 48), (96, 24, 64), (96, 24, 67), (96, 24, 72)]),
        ("stride", span(12), [(96, 12, 48), (96, 12, 64), (96, 12, 67), (96, 12, 72)]),
        ("stride", span(48), HALF),
        # Two beats on, the fifth below the bass; cut where the chord ends.
        ("stride", span(90), [*HALF, (144, 24, 43), (168, 18, 64), (168, 18, 67), (168, 18, 72)]),
        # Above it where there is none below, and the root where the fifth is the bass.
        ("stride", span(96, bass=36), [(96, 24, 36), *HALF[1:], (144, 24, 43),
                                       (168, 24, 64), (168, 24, 67), (168, 24, 72)]),
        ("stride", span(96, bass=43), [(96, 24, 43), *HALF[1:], (144, 24, 36),
                                       (168, 24, 64), (168, 24, 67), (168, 24, 72)]),
        ("broken", span(48), [(96, 48, 48), (108, 12, 72), (120, 12, 67), (132, 12, 72)]),
        ("broken", span(42, phrase=1), [(96, 42, 48), (108, 12, 72), (120, 12, 64), (132, 6, 72)]),
        ("broken", span(72, phrase=2), [(96, 72, 48), (108, 12, 67), (120, 12, 72), (132, 12, 67),
                                        (144, 12, 64), (156, 12, 67)]),
        ("broken", span(24, voices=(64,)), [(96, 24, 48), (96, 24, 64)]),
        ("comp", span(96, voices=(64, 70)), [(96, 96, 48), (96, 48, 64), (96, 48, 70),
                                             (144, 48, 64), (144, 48, 70)]),
        # The Charleston: on one, and behind the second beat, there where this tune swings.
        ("comp", span(96, voices=(64,), phrase=1), [(96, 96, 48), (96, 40, 64), (136, 56, 64)]),
        ("comp", span(96, voices=(64,), phrase=2), [(96, 96, 48), (96, 96, 64)]),
        # In the second half of a bar, where none of its strokes falls, on the beginning.
        ("comp", span(48, voices=(64,), phrase=1, place=48), [(96, 48, 48), (96, 48, 64)]),
        # C, G below it, and A flat before the G of the next chord.
        ("walking", span(72, voices=(64,), following=43),
         [(96, 24, 48), (120, 24, 43), (144, 24, 44), (96, 48, 64), (144, 24, 64)]),
        ("walking", span(30, voices=(64,), following=50, phrase=2),
         [(96, 24, 48), (120, 6, 49), (96, 30, 64)]),
        ("ballad", span(48), [(96, 48, 48), (108, 36, 55), (120, 24, 64), (120, 24, 67),
                              (120, 24, 72)]),
        # What would begin where the chord ends is not played.
        ("ballad", span(24), [(96, 24, 48), (108, 12, 55)]),
        ("ballad", span(96, voices=(64,), phrase=1),
         [(96, 48, 48), (108, 36, 55), (120, 24, 64), (144, 48, 48), (156, 36, 60), (168, 24, 64)]),
        # Beats of 6/8: one turn each.
        ("ballad", span(72, beat=36, voices=(64,)),
         [(96, 36, 48), (108, 24, 55), (120, 12, 64), (132, 36, 48), (144, 24, 55), (156, 12, 64)]),
        ("ballad", span(24, bass=43), [(96, 24, 43), (108, 12, 48)]),
        ("stride", span(36, beat=36, voices=(64,)), [(96, 36, 48), (96, 36, 64)]),
        ("stride", span(72, beat=36, voices=(64,)), [(96, 36, 48), (132, 36, 64)]),
        # Four of them in 12/8.
        ("stride", span(144, beat=36, voices=(64,)),
         [(96, 36, 48), (132, 36, 64), (168, 36, 43), (204, 36, 64)]),
        # A chord that comes half a beat early: what follows its bass is on the beats.
        ("stride", span(36, place=84, voices=(64,)), [(96, 12, 48), (108, 24, 64)]),
        ("walking", span(60, place=36, voices=(64,), following=43, phrase=2),
         [(96, 12, 48), (108, 24, 43), (132, 24, 44), (96, 60, 64)]),
        ("walking", span(72, beat=36, voices=(64,), following=50, phrase=2),
         [(96, 36, 48), (132, 36, 49), (96, 72, 64)]),
        ("comp", span(72, beat=36, voices=(64,), phrase=1, off=12),
         [(96, 72, 48), (96, 48, 64), (144, 24, 64)]),
        ("comp", span(144, beat=36, voices=(64,)), [(96, 144, 48), (96, 72, 64), (168, 72, 64)]),
    ],
)  # fmt: skip
def test_a_chord_is_played_so(pattern: str, chord: Span, played: list[Played]) -> None:
    assert PLAYERS[pattern](chord, 24) == played
