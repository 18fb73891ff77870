import numpy as np
import pytest

from mood2music.music.changes import (
    CODES,
    KINDS,
    Changes,
    changes_of,
    pitch_classes,
    reharmonised,
    spans,
    transposed,
)
from mood2music.music.events import Events, from_list
from mood2music.music.meter import TimeSignature

MAJOR, MINOR, DOMINANT = 0, 1, 2


def code(root: int, kind: int) -> int:
    return 1 + root * len(KINDS) + kind


def chords(*told: tuple[int, ...], steps: int = 48, beats: int = 4) -> Events:
    events = [(tuple(48 + pitch for pitch in chord), steps) for chord in told]
    return from_list(events, meter=(TimeSignature(0, beats, 4),))


def test_chords_are_named_where_they_sound() -> None:
    music = chords((0, 4, 7), (0, 4, 7), (5, 9, 12), (7, 11, 14, 17), (9, 12, 16), ())
    found = changes_of(music)
    assert found.step.tolist() == [0, 48, 96, 144, 192, 240]
    named = [code(0, MAJOR), code(0, MAJOR), code(5, MAJOR), code(7, DOMINANT), code(9, MINOR)]
    assert found.code.tolist() == [*named, named[-1]], "what is silent keeps the chord before"


def test_they_change_with_the_bar_and_in_the_middle_of_four_beats() -> None:
    waltz = chords((0, 4, 7), (5, 9, 12), steps=72, beats=3)
    assert spans(waltz).tolist() == [0, 72]
    assert spans(chords((0, 4, 7), (5, 9, 12), steps=96)).tolist() == [0, 48, 96, 144]
    later = chords((0, 4, 7), (5, 9, 12), (7, 11, 14))[1:]
    assert spans(later).tolist() == [48, 96], "a passage counts from where it begins"


def test_an_event_across_two_spans_sounds_in_both() -> None:
    assert changes_of(chords((0, 4, 7), steps=96)).code.tolist() == [code(0, MAJOR)] * 2


def test_a_passing_chord_that_fits_hardly_better_is_none() -> None:
    tune = from_list([((48, 52, 55), 48), ((48, 52, 57), 48), ((48, 52, 55), 48)])
    assert changes_of(tune).code.tolist() == [code(0, MAJOR)] * 3


def test_a_step_is_told_its_chord_and_the_one_behind() -> None:
    changes = Changes(np.array([0, 48, 96]), np.array([1, 7, 13], np.uint8))
    told = changes.told(np.array([0, 47, 48, 100, 500]))
    assert told.tolist() == [[1, 7], [1, 7], [7, 13], [13, 13], [13, 13]]
    assert changes_of(from_list([])).told(np.array([0])).tolist() == [[0, 0]]


def test_codes_move_with_the_music_and_name_their_pitches() -> None:
    moved = transposed(np.array([0, code(0, MINOR), code(11, DOMINANT)]), np.array([5, 2, 2]))
    assert moved.tolist() == [0, code(2, MINOR), code(1, DOMINANT)]
    assert pitch_classes(code(7, DOMINANT)) == (7, 11, 2, 5)
    assert pitch_classes(0) == ()
    back = transposed(moved, np.array([-5, -2, -2]))
    assert back.tolist() == [0, code(0, MINOR), code(11, DOMINANT)]


@pytest.mark.parametrize("kind", [DOMINANT, 3])
def test_a_style_has_its_own_chords_on_the_same_roots(kind: int) -> None:
    # In this style every chord has the one kind, and any root follows any.
    follows = np.full((CODES - 1, CODES - 1), 1e-9)
    follows[:, kind :: len(KINDS)] = 1.0
    follows /= follows.sum(1, keepdims=True)
    music = chords(*[(0, 4, 7)] * 4, *[(5, 9, 12)] * 4, *[(7, 11, 14)] * 4)
    drawn = reharmonised(music, follows, np.random.default_rng(0)).code.astype(int) - 1
    assert set((drawn[1:] % len(KINDS)).tolist()) == {kind}, "but for the first, behind none"
    roots = drawn // len(KINDS)
    assert np.mean(roots == np.repeat([0, 5, 7], 4)) >= 0.6, "what sounds still decides"


def test_chords_lean_to_major_thirds_where_valence_is_high_and_to_minor_ones_where_low() -> None:
    follows = np.full((CODES - 1, CODES - 1), 1 / (CODES - 1))
    music = chords(*[(0, 4, 9), (2, 7), (5, 9), (4, 7, 11)] * 8)  # C or A minor, G or E minor
    major = []
    for valence in (-0.8, 0.0, 0.8):
        drawn = [
            reharmonised(music, follows, np.random.default_rng(seed), valence).code.astype(int) - 1
            for seed in range(5)
        ]
        kinds = np.concatenate(drawn) % len(KINDS)
        major.append(np.mean([4 in KINDS[kind] for kind in kinds]))
    assert major[0] < major[1] - 0.1
    assert major[2] > major[1] + 0.1


def test_each_draw_is_one_of_many() -> None:
    follows = np.full((CODES - 1, CODES - 1), 1 / (CODES - 1))
    music = chords(*[(0, 4), (5, 9), (7, 11)] * 8)
    rng = np.random.default_rng(0)
    first, second = (reharmonised(music, follows, rng).code for _ in range(2))
    assert not np.array_equal(first, second)
    again = reharmonised(music, follows, np.random.default_rng(0)).code
    assert np.array_equal(again, first)
