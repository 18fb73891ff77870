import numpy as np
import pytest

from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes
from mood2music.render.bars import Bars
from mood2music.render.rhythm import as_notated, choose_divisions, out_of_tuplets, quantise, values


def array(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


@pytest.mark.parametrize(
    ("onsets", "step"),
    [
        ((0, 6, 12, 18), 6),
        ((0, 8, 16), 8),
        ((0, 16), 8),  # a swung eighth of the Weimar Jazz Database
        ((0, 3, 6, 9, 12), 3),
        ((0, 4, 8, 12, 16, 20), 4),
        ((0, 1, 12), 6),  # a rolled chord is one chord
        ((0, 11), 6),  # a splinter of the 24th grid
    ],
)
def test_each_beat_gets_the_coarsest_division_that_keeps_its_onsets(
    onsets: tuple[int, ...], step: int
) -> None:
    assert choose_divisions(array(*onsets)) == {0: step}


def test_divisions_are_chosen_beat_by_beat() -> None:
    assert choose_divisions(array(0, 8, 16, 24, 30, 72)) == {0: 8, 24: 6, 72: 6}


def test_who_plays_one_note_at_a_time_strikes_no_two_at_once() -> None:
    # A grace note before the last sixteenth, as a piano has it in one rolled chord.
    onset = np.array([0, 18, 20])
    assert choose_divisions(onset) == {0: 6}
    assert choose_divisions(onset, alone=[0, 18, 20]) == {0: 3}
    assert choose_divisions(onset, alone=[0, 20]) == {0: 6}
    notes = make_notes(onset, [18, 2, 4], [72, 79, 76], [80] * 3)
    assert np.diff(as_notated(notes, np.ones(3, bool))[0].onset).min() > 0


def test_splinters_move_to_the_nearest_sixteenth_and_keep_one_step() -> None:
    onset, end = quantise(array(0, 11, 13), array(5, 12, 25), {0: 6})
    assert onset.tolist() == [0, 12, 12]
    assert end.tolist() == [6, 18, 24]


def test_a_coarser_or_finer_grid_gives_the_same_rhythm() -> None:
    rhythm = {"pitch": [60, 62], "velocity": [80, 80]}
    coarse = make_notes([0, 6], [6, 6], **rhythm, grid=12)
    fine = make_notes([0, 240], [240, 240], **rhythm, grid=480)
    for notes in (coarse, fine):
        written, _, _ = as_notated(notes)
        assert written.grid == 24
        assert written.onset.tolist() == [0, 12]
        assert written.duration.tolist() == [12, 12]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 96, [(0, 96)]),
        (0, 36, [(0, 36)]),  # dotted quarter on the beat
        (12, 36, [(12, 24)]),  # syncopation inside a half bar
        (36, 72, [(36, 12), (48, 24)]),  # but never across the middle of the bar
        (90, 108, [(90, 6), (96, 12)]),  # nor over the bar line
        (0, 30, [(0, 24), (24, 6)]),  # five sixteenths are no value
        (0, 42, [(0, 24), (24, 18)]),
    ],
)
def test_notes_are_cut_where_a_reader_expects_the_tie(
    start: int, end: int, expected: list[tuple[int, int]]
) -> None:
    assert list(values(start, end, {})) == expected


def test_rests_are_not_syncopated() -> None:
    assert list(values(12, 36, {}, rest=True)) == [(12, 12), (24, 12)]
    assert list(values(24, 72, {}, rest=True)) == [(24, 24), (48, 24)]


def test_triplets_stay_inside_their_beat() -> None:
    assert list(values(16, 48, {0: 8})) == [(16, 8), (24, 24)]
    assert list(values(8, 24, {0: 8})) == [(8, 16)]
    # A note that lasts to the bar's end is none of its last beat's triplets.
    for begin in (0, 48, 72):
        assert list(values(begin, 96, {72: 8})) == [(begin, 96 - begin)]


def test_every_span_is_covered_by_values_that_have_a_notehead() -> None:
    plain = {3, 6, 9, 12, 18, 24, 36, 48, 72, 96}
    for start in range(0, 96, 3):
        for end in range(start + 3, 2 * 96 + 1, 3):
            cut = list(values(start, end, {}))
            assert cut[0][0] == start
            assert sum(length for _, length in cut) == end - start
            assert {length for _, length in cut} <= plain
    for start in range(0, 24, 4):
        for end in range(start + 4, 25, 4):
            assert {length for _, length in values(start, end, {0: 4})} <= {4, 8, 16, 24}


METERS = [
    *((2, 4), (3, 4), (6, 8), (9, 8), (12, 8), (3, 8)),
    *((5, 8), (7, 8), (5, 4), (7, 4), (6, 4), (3, 2), (4, 2)),
]
FIVE = Bars((TimeSignature(0, 5, 4),))
SEVEN, SEVEN_FOUR = Bars((TimeSignature(0, 7, 8),)), Bars((TimeSignature(0, 7, 4),))
SIX, THREE, NINE, FOUR_TWO, SIX_FOUR, THREE_TWO = (
    Bars((TimeSignature(0, *s),)) for s in ((6, 8), (3, 4), (9, 8), (4, 2), (6, 4), (3, 2))
)


@pytest.mark.parametrize(
    ("bars", "start", "end", "expected"),
    [
        (SIX, 0, 36, [(0, 36)]),  # a dotted quarter is the beat
        (SIX, 0, 72, [(0, 72)]),
        (SIX, 12, 36, [(12, 24)]),
        (SIX, 24, 48, [(24, 12), (36, 12)]),  # never across the middle
        (SIX, 0, 60, [(0, 36), (36, 24)]),
        (SIX, 60, 84, [(60, 12), (72, 12)]),
        (SIX, 0, 18, [(0, 18)]),
        (NINE, 36, 108, [(36, 72)]),
        (NINE, 0, 108, [(0, 36), (36, 72)]),
        (THREE, 0, 72, [(0, 72)]),
        (THREE, 24, 72, [(24, 48)]),
        (THREE, 12, 36, [(12, 24)]),
        (THREE, 48, 96, [(48, 24), (72, 24)]),
        (FOUR_TWO, 0, 96, [(0, 96)]),
        (FOUR_TWO, 96, 192, [(96, 96)]),  # a whole note on the third half
        (FOUR_TWO, 0, 192, [(0, 96), (96, 96)]),
        (FOUR_TWO, 48, 144, [(48, 48), (96, 48)]),
        (FOUR_TWO, 120, 168, [(120, 48)]),
        (SIX_FOUR, 0, 120, [(0, 72), (72, 48)]),  # five quarters
        (SIX_FOUR, 72, 144, [(72, 72)]),
        (SIX_FOUR, 24, 120, [(24, 48), (72, 48)]),
        (THREE_TWO, 48, 144, [(48, 96)]),
        (THREE_TWO, 24, 72, [(24, 48)]),
        (THREE_TWO, 24, 144, [(24, 24), (48, 96)]),
        (FIVE, 0, 120, [(0, 72), (72, 48)]),  # three and two
        (FIVE, 24, 120, [(24, 48), (72, 48)]),
        (FIVE, 0, 96, [(0, 96)]),
        (SEVEN, 0, 84, [(0, 48), (48, 36)]),  # ends in a beat of three
        (SEVEN, 24, 84, [(24, 24), (48, 36)]),
        (SEVEN, 48, 72, [(48, 24)]),
        (SEVEN_FOUR, 0, 168, [(0, 96), (96, 72)]),
    ],
)
def test_each_meter_is_cut_at_its_own_bars_and_beats(
    bars: Bars, start: int, end: int, expected: list[tuple[int, int]]
) -> None:
    found = list(values(start, end, {}, bars=bars))
    assert sum(length for _, length in found) == end - start
    assert found == expected


def test_rests_in_four_two_show_its_halves() -> None:
    assert list(values(0, 72, {}, True, FOUR_TWO)) == [(0, 48), (48, 24)]
    assert list(values(0, 192, {}, True, FOUR_TWO)) == [(0, 96), (96, 96)]


def test_rests_in_six_eight_show_its_beats() -> None:
    assert list(values(0, 72, {}, True, SIX)) == [(0, 36), (36, 36)]
    assert list(values(12, 48, {}, True, SIX)) == [(12, 12), (24, 12), (36, 12)]


@pytest.mark.parametrize("signature", METERS)
def test_in_every_meter_values_have_a_notehead_and_keep_to_their_bar(
    signature: tuple[int, int],
) -> None:
    bars = Bars((TimeSignature(-12, *signature), TimeSignature(60, 3, 4)))
    plain = {3, 6, 9, 12, 18, 24, 36, 48, 72, 96, 144}
    for rest in (False, True):
        for start in range(0, 100, 6):
            for end in range(start + 6, 160, 6):
                cut = list(values(start, end, {}, rest, bars))
                assert cut[0][0] == start
                assert sum(length for _, length in cut) == end - start
                assert {length for _, length in cut} <= plain
                assert all(bars.at(a) == bars.at(a + length - 1) for a, length in cut)


def test_sixteenths_of_a_dotted_beat_are_no_triplets() -> None:
    assert choose_divisions(array(0, 6, 12, 18, 24, 30, 36, 40, 44), SIX) == {0: 6, 36: 4}
    assert list(values(36, 48, {36: 4}, bars=SIX)) == [(36, 12)]
    assert list(values(40, 48, {36: 4}, bars=SIX)) == [(40, 8)]


def test_a_hand_that_strikes_nothing_in_a_triplet_lets_go_at_its_beat() -> None:
    divisions = {24: 8, 48: 8, 72: 6}
    # Held into a triplet for a third of it, for two thirds, from its beginning; a beat of eighths.
    start, end = np.array([0, 0, 24, 72]), np.array([32, 40, 32, 78])
    assert out_of_tuplets(start, end, divisions).tolist() == [24, 48, 48, 78]
    # Beside an onset of the same hand within the beat all stays.
    start, end = np.array([0, 24, 40]), np.array([32, 40, 48])
    assert out_of_tuplets(start, end, divisions).tolist() == [32, 40, 48]
