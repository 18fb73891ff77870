import numpy as np
import pytest

from mood2music.music.notes import make_notes
from mood2music.render.programs import program_number
from mood2music.render.soloist import RANGES, reach, reached, soloists


@pytest.mark.parametrize(
    ("name", "solo"),
    [
        *((name, True) for name in ("violin", "cello", "trumpet", "sax", "oboe", "flute")),
        *((name, False) for name in ("piano", "guitar", "organ", "strings", "choir", "harp")),
    ],
)
def test_who_plays_one_note_at_a_time_plays_the_tune(name: str, solo: bool) -> None:
    notes = make_notes([0, 0, 24], [24] * 3, [48, 72, 74], [80] * 3)
    tune = notes.pitch >= 72
    assert soloists(notes, tune, program_number(name)).tolist() == (tune & solo).tolist()


def test_a_piece_of_one_voice_is_the_soloists_whole() -> None:
    notes = make_notes([0, 24, 48], [24] * 3, [72, 40, 74], [80] * 3)
    tune = notes.pitch >= 72
    assert soloists(notes, tune, 73).all()
    assert not soloists(notes, tune, 0).any()
    held = make_notes([0, 24, 48], [25, 24, 24], [72, 40, 74], [80] * 3)
    assert soloists(held, tune, 73).tolist() == tune.tolist()


def test_every_range_holds_an_octave_so_that_any_tune_can_be_brought_into_it() -> None:
    for low, high in RANGES.values():
        assert 0 <= low <= high - 12 <= 127 - 12


@pytest.mark.parametrize(
    ("name", "pitches", "by"),
    [
        ("flute", [60, 72, 96], 0),
        ("flute", [59, 60, 95, 96], 0),  # most are within
        ("flute", [59, 60, 62], 12),
        ("flute", [55, 57, 62], 12),
        ("flute", [40, 43], 24),
        ("cello", [72, 76, 79, 81], -12),
        ("tuba", [72, 76, 79], -24),
        ("piano", [20, 120], 0),
    ],
)
def test_a_tune_comes_by_octaves_where_most_of_it_is_within_reach(
    name: str, pitches: list[int], by: int
) -> None:
    assert reach(program_number(name), np.array(pitches)) == by


def test_a_tune_that_is_reached_is_the_same_but_for_its_octave() -> None:
    tune = make_notes([0, 24], [24, 24], [50, 52], [80, 70])
    assert reached(tune, 73).pitch.tolist() == [62, 64]
    assert reached(tune, 73).onset.tolist() == [0, 24]
    assert reached(tune, 0) is tune
