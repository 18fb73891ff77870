from dataclasses import replace

import pytest

from mood2music.music.key import Key, find_key, key_of
from mood2music.music.lead_sheet import chord_time, is_lead_sheet, stated_in
from mood2music.music.stated_chords import NO_CHORD, UNSAID, StatedChord
from mood2music.music.stated_key import StatedKey
from tests.music.test_accompaniment import tune
from tests.music.test_harmony import lead


def test_what_holds_in_a_passage_is_stated_there_and_nothing_behind_it() -> None:
    c, f, g = lead((0, 0), (96, 5), (192, 7)).chords
    told = stated_in((c, f, g), 48, 144, 24)
    assert told == (c._replace(step=24), f._replace(step=72), UNSAID._replace(step=120))
    assert stated_in((g,), 0, 96, 0) == ()


@pytest.mark.parametrize(
    ("chords", "bars", "is_one"),
    [
        ([], 4, False),
        ([(0, 0)], 4, True),
        ([(0, 0)], 5, False),
        ([(0, 0), (384, 5)], 8, True),
        ([(383, 0), (384, 5)], 8, True),
        ([(384, 0), (480, 5)], 8, False),
    ],
)
def test_a_lead_sheet_states_the_chords_of_all_its_bars(
    chords: list[tuple[int, int]], bars: int, is_one: bool
) -> None:
    assert is_lead_sheet(lead(*chords, bars=bars)) is is_one


def test_of_sevenths_as_in_modal_jazz_one_in_eight_bars_is_enough() -> None:
    notes = lead((0, 2), (8 * 96, 3), bars=16)
    assert not is_lead_sheet(notes)  # letters of parts
    minor = tuple(chord._replace(pitches=(0, 3, 7, 10)) for chord in notes.chords)
    assert is_lead_sheet(replace(notes, chords=minor))
    assert not is_lead_sheet(replace(notes, chords=minor[:1]))


def test_chords_are_held_until_the_next_or_the_end() -> None:
    notes = lead((48, 0), (96, 5), (288, 7))
    held = chord_time(replace(notes, chords=(*notes.chords[:2], NO_CHORD._replace(step=240))))
    assert held.tolist() == [48 + 144, 0, 0, 0, 48, 144, 0, 48, 0, 144, 0, 0]


def test_a_lead_sheets_chords_say_its_key_where_its_tune_does_not() -> None:
    # A, C and E for eight bars, over D minor, G and C sevenths: A minor by the tune alone.
    notes = tune([69, 72, 76, 72] * 4, [48] * 16)
    assert find_key(notes) == Key(9, "minor")
    kinds = [(2, (0, 3, 7, 10)), (7, (0, 4, 7, 10)), (0, (0, 4, 7, 11)), (0, (0, 4, 7, 11))]
    said = tuple(StatedChord(96 * bar, *kinds[bar % 4], kinds[bar % 4][0]) for bar in range(8))
    stated = replace(notes, chords=said, stated_key=StatedKey(0, "major"))
    assert find_key(stated) == key_of(stated) == Key(0, "major")
    assert find_key(replace(notes, chords=said[:1])) == Key(9, "minor"), "a stray symbol"
