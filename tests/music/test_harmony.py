from dataclasses import replace

import pytest

from mood2music.music.harmony import (
    APPLIED_CHORDS,
    BLUES,
    DIMINISHED,
    DIMINISHED_7,
    DOMINANT,
    POP,
    SEVENTHS,
    TRIADS,
    Harmony,
    chords_of,
    spans,
    stated_spans,
)
from mood2music.music.key import Key
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes
from mood2music.music.stated_chords import NO_CHORD, StatedChord
from tests.music.test_accompaniment import LENGTHS, TWINKLE, tune


def found(notes: Notes, mode: str = "major", known: dict[str, Harmony] = TRIADS) -> list[int]:
    tonic = 0 if mode == "major" else 9
    degrees = chords_of(notes, Key(tonic, mode), *spans(notes), known[mode])
    return [known[mode].chords[degree].root for degree in degrees]


@pytest.mark.parametrize("known", [TRIADS, APPLIED_CHORDS, SEVENTHS, BLUES, POP])
def test_a_known_tune_gets_its_chords(known: dict[str, Harmony]) -> None:
    roots = found(tune(TWINKLE, LENGTHS), known=known)
    # c c g g a a g, f f e e d d c; what shares a tune's notes may stand for the songbook's chord.
    assert len(roots) == 8
    assert (roots[0], roots[7]) == (0, 0)
    assert roots[2] in (5, 9, 2)
    assert roots[5] in (0, 9, 4)
    assert roots[6] in (7, 2)


def test_chords_last_a_bar_or_half_of_one_of_four_beats() -> None:
    starts, lengths = spans(tune([60] * 8, [24] * 8))
    assert (starts.tolist(), lengths.tolist()) == ([0, 48, 96, 144], [48] * 4)
    starts, lengths = spans(tune([60] * 6, [24] * 6, beats=3))
    assert (starts.tolist(), lengths.tolist()) == ([0, 72], [72, 72])


def test_a_pickup_has_the_chord_of_what_is_left_of_its_bar() -> None:
    notes = make_notes([0, 24, 48, 72], [24] * 4, [67, 60, 64, 67], [80] * 4,
                       meter=(TimeSignature(-48, 3, 4),))  # fmt: skip
    starts, lengths = spans(notes)
    assert (starts.tolist(), lengths.tolist()) == ([0, 24], [24, 72])


def test_a_minor_tune_closes_on_its_tonic() -> None:
    assert found(tune([69, 71, 72, 74, 76, 72, 71, 68, 69], [24] * 8 + [96]), "minor")[-1] == 0


def test_what_follows_a_chord_is_in_its_list() -> None:
    for known in (TRIADS, APPLIED_CHORDS, SEVENTHS, BLUES, POP):
        for harmony in known.values():
            chords = harmony.chords
            assert len(harmony.secondary) == len(chords)
            assert all(0 <= b < len(chords) for chord in chords for b in chord.before)
            assert any(0 in chord.before for chord in chords[1:])


def test_dominants_of_jazz_fall_by_a_fifth_or_a_semitone() -> None:
    for harmony in SEVENTHS.values():
        for chord in harmony.chords[6:]:
            falls = {(chord.root - harmony.chords[b].root) % 12 for b in chord.before}
            assert falls <= {7, 1}


def test_pop_has_plain_triads_and_its_sixth_degree() -> None:
    for harmony in POP.values():
        assert {chord.pitches for chord in harmony.chords} == {(0, 4, 7), (0, 3, 7)}
    steady = tune([60, 64, 69, 72] * 8, [24] * 32)
    assert 9 in found(steady, known=POP)


def test_classical_music_leads_to_its_degrees_by_their_own_dominants() -> None:
    for mode, harmony in APPLIED_CHORDS.items():
        degrees = TRIADS[mode].chords
        for chord in harmony.chords[len(degrees) :]:
            (place,) = chord.before
            target = harmony.chords[place]
            assert target.pitches != DIMINISHED
            up = (target.root - chord.root) % 12
            assert (chord.pitches, up) in ((DOMINANT, 5), (DIMINISHED_7, 1))
        assert len(harmony.chords) == len(degrees) + (11 if mode == "major" else 9)
    # A tune that raises its fourth degree into the fifth; what stays in the key is left plain.
    raised = tune([60, 64, 67, 64, 66, 69, 74, 72, 71, 67, 74, 71, 72, 67, 64, 60], [24] * 16)
    path = chords_of(raised, Key(0, "major"), *spans(raised), APPLIED_CHORDS["major"])
    chords = APPLIED_CHORDS["major"].chords
    assert (2, DOMINANT) in [(chords[i].root, chords[i].pitches) for i in path[2:4]]
    assert chords[path[4]].root == 7
    plain = tune(TWINKLE * 2, LENGTHS * 2)
    path = chords_of(plain, Key(0, "major"), *spans(plain), APPLIED_CHORDS["major"])
    assert sum(i >= len(TRIADS["major"].chords) for i in path) <= len(path) / 3


def test_a_tune_may_stand_on_a_blues() -> None:
    notes = tune([67, 70, 67, 63, 60, 58, 60, 60], [24] * 8)
    chords = BLUES["major"].chords
    path = chords_of(notes, Key(0, "major"), *spans(notes), BLUES["major"])
    assert {(chords[i].root, chords[i].pitches) for i in path} & {(0, DOMINANT), (5, DOMINANT)}
    for mode, plain in SEVENTHS.items():
        blues = range(len(plain.chords), len(BLUES[mode].chords))
        assert len(blues) >= 3
        for at in blues:
            assert BLUES[mode].chords[at].before, "it leads somewhere"
            assert any(at in chord.before for chord in BLUES[mode].chords[:6])


def test_a_note_that_is_held_gets_moving_chords_in_jazz_alone() -> None:
    held = tune([72, 71, 72], [16 * 24, 96, 96])
    assert len(set(found(held)[:7])) <= 2
    jazz = found(held, known=SEVENTHS)
    assert len(set(jazz[:7])) >= 3
    assert jazz[-1] == 0


def lead(*chords: tuple[int, int], bars: int = 4) -> Notes:
    """A tune of so many bars with a major chord from each (grid step, root) on."""
    said = tuple(StatedChord(step, root, (0, 4, 7), root) for step, root in chords)
    return replace(tune([72] * 4 * bars, [24] * 4 * bars), chords=said)


def test_stated_chords_are_cut_at_bar_lines() -> None:
    begins, lengths, chords = stated_spans(lead((48, 0), (96, 5), (264, 7)))
    assert begins.tolist() == [48, 96, 192, 264, 288]
    assert lengths.tolist() == [48, 96, 72, 24, 96]
    assert [chord.root for chord in chords] == [0, 5, 5, 7, 7]


def test_nothing_sounds_where_a_file_says_so() -> None:
    notes = lead((0, 0), (192, 7))
    silent = replace(notes, chords=(notes.chords[0], NO_CHORD._replace(step=96), notes.chords[1]))
    begins, lengths, chords = stated_spans(silent)
    assert (begins.tolist(), lengths.tolist()) == ([0, 192, 288], [96, 96, 96])
    assert [chord.root for chord in chords] == [0, 7, 7]
