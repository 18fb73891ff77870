from itertools import pairwise

import numpy as np

from mood2music.music.notes import make_notes
from mood2music.render.bars import Bars
from mood2music.render.staves import (
    VOICES,
    Chord,
    join_releases,
    make_voices,
    staves_of,
)


def array(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def test_a_short_note_before_a_short_silence_is_read_long() -> None:
    assert join_releases(array(0, 12), array(6, 24)).tolist() == [12, 24]
    assert join_releases(array(0, 48), array(6, 72)).tolist() == [12, 72]
    assert join_releases(array(0, 48), array(8, 72)).tolist() == [8, 72]
    assert join_releases(array(18, 48), array(30, 72)).tolist() == [30, 72]


def test_eighth_rest_eighth_of_a_triplet_are_a_quarter_and_an_eighth() -> None:
    assert join_releases(array(0, 16), array(8, 24)).tolist() == [16, 24]
    assert join_releases(array(0, 8, 24), array(8, 16, 48)).tolist() == [8, 24, 48]
    assert join_releases(array(0, 24), array(8, 48)).tolist() == [8, 48]  # two thirds of silence


def test_a_long_note_that_lacks_a_sixteenth_ends_on_the_beat() -> None:
    assert join_releases(array(0, 96), array(66, 120)).tolist() == [72, 120]
    assert join_releases(array(0, 96), array(60, 120)).tolist() == [60, 120]


def test_a_late_release_into_silence_is_written_on_the_beat() -> None:
    assert join_releases(array(0, 96), array(54, 120)).tolist() == [48, 120]
    assert join_releases(array(12, 96), array(30, 120)).tolist() == [24, 120]
    assert join_releases(array(18, 96), array(30, 120)).tolist() == [30, 120]


def test_notes_struck_and_released_together_are_a_chord() -> None:
    assert make_voices(array(0, 0), array(24, 24), array(64, 60)) == [[Chord(0, 24, (60, 64))]]


def test_a_melody_over_a_held_note_takes_two_voices() -> None:
    voices = make_voices(array(0, 0, 24), array(48, 24, 48), array(60, 72, 74))
    assert voices == [[Chord(0, 24, (72,)), Chord(24, 48, (74,))], [Chord(0, 48, (60,))]]


def test_a_release_just_before_or_after_the_next_onset_joins_it() -> None:
    assert join_releases(array(0, 24), array(18, 48)).tolist() == [24, 48]
    assert join_releases(array(0, 24), array(30, 48)).tolist() == [24, 48]


def test_a_real_rest_and_a_real_overlap_stay() -> None:
    assert join_releases(array(0, 24), array(12, 48)).tolist() == [12, 48]
    assert join_releases(array(0, 24), array(36, 48)).tolist() == [36, 48]
    assert join_releases(array(0, 6), array(6, 9)).tolist() == [6, 9]


def test_joining_releases_never_silences_a_note() -> None:
    rng = np.random.default_rng(1)
    start = rng.integers(0, 500, 200)
    end = start + rng.integers(1, 60, 200)
    assert (join_releases(start, end) > start).all()
    assert join_releases(array(), array()).tolist() == []


def test_in_full_voices_the_one_that_ends_first_gives_way() -> None:
    voices = make_voices(array(0, 0, 12), array(96, 18, 48), array(48, 60, 64))
    assert voices == [[Chord(0, 12, (60,)), Chord(12, 48, (64,))], [Chord(0, 96, (48,))]]


def test_the_higher_of_two_chords_is_in_the_first_voice_whichever_was_struck_before() -> None:
    # A half note G4, in its second quarter C5 above it, then E5.
    voices = make_voices(array(0, 24, 48), array(72, 48, 72), array(67, 72, 76))
    assert [[c.pitches[0] for c in voice] for voice in voices] == [[72, 76], [67]]
    # A tune that goes on below a note which it holds.
    voices = make_voices(array(0, 24), array(72, 48), array(72, 67))
    assert [[c.pitches[0] for c in voice] for voice in voices] == [[72], [67]]


def test_chords_that_are_struck_below_a_held_tune_end_together_before_it_is_cut() -> None:
    voices = make_voices(array(0, 24, 24), array(96, 48, 36), array(67, 60, 55))
    assert voices == [[Chord(0, 96, (67,))], [Chord(24, 36, (55, 60))]]
    # The tune has an eighth left, the chord would lose two quarters.
    voices = make_voices(array(0, 24, 24), array(30, 96, 36), array(67, 60, 55))
    assert voices[0][0] == Chord(0, 24, (67,))


def test_three_lengths_struck_together_become_two_voices() -> None:
    voices = make_voices(array(0, 0, 0), array(96, 24, 18), array(48, 60, 64))
    assert voices == [[Chord(0, 18, (60, 64))], [Chord(0, 96, (48,))]]


def test_voices_never_overlap_nor_exceed_two_and_lose_no_stroke() -> None:
    rng = np.random.default_rng(0)
    start = np.sort(rng.integers(0, 40, 60)) * 6
    end = start + rng.integers(1, 20, 60) * 6
    pitch = rng.integers(60, 84, 60)
    notes = make_notes(start, end - start, pitch, [80] * 60)
    start, end, pitch = notes.onset, notes.onset + notes.duration, notes.pitch
    voices = make_voices(start, end, pitch)
    assert len(voices) <= VOICES
    for voice in voices:
        for one, following in pairwise(voice):
            assert one.start < one.end <= following.start
    sounding = sorted((p, c.start, c.end) for voice in voices for c in voice for p in c.pitches)
    for (p, _, released), (q, struck_again, _) in pairwise(sounding):
        assert p != q or released <= struck_again
    struck = {(chord.start, p) for voice in voices for chord in voice for p in chord.pitches}
    assert struck == set(zip(start.tolist(), pitch.tolist(), strict=True))


def test_notes_are_dealt_to_a_soloist_and_two_hands() -> None:
    notes = make_notes([0, 0, 0, 24], [24] * 4, [40, 64, 50, 52], [80] * 4)
    tune = {(0, 50), (24, 52)}
    solo, right, left = staves_of(notes, tune, 73, Bars(()))
    assert (solo.clef, solo.program, solo.up) == ("right", 73, 12)
    assert [staff.program for staff in (right, left)] == [0, 0]
    dealt = [notes.pitch[staff.mine].tolist() for staff in (solo, right, left)]
    assert dealt == [[50, 52], [64], [40]]
    hands = staves_of(notes, set(), 11, Bars(()))
    assert [(staff.clef, staff.program, staff.up) for staff in hands] == [
        ("right", 11, 0), ("left", 11, 0)
    ]  # fmt: skip
