import time
from itertools import pairwise

import numpy as np
import pytest

from mood2music.music.notes import make_notes
from mood2music.render.bars import Bars
from mood2music.render.staves import (
    VOICES,
    Chord,
    join_releases,
    make_voices,
    staves_of,
    upper_hand,
)


def array(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def hand(pitch: np.ndarray) -> np.ndarray:
    """Who plays pitches that sound together."""
    return upper_hand(np.zeros(len(pitch), np.int64), np.full(len(pitch), 96), pitch)


def test_the_hands_part_at_middle_c_without_a_better_gap() -> None:
    pitch = array(52, 56, 60, 64)
    assert hand(pitch).tolist() == [False] * 2 + [True] * 2


def test_a_melody_that_dips_below_middle_c_stays_in_its_hand() -> None:
    pitch = array(40, 47, 62, 59, 60, 64)
    assert hand(pitch).tolist() == [False] * 2 + [True] * 4


def test_a_tune_that_dips_below_the_left_hands_chord_stays_in_its_hand() -> None:
    # G7 held through the bar, B3 its highest; the tune is G4 F4 D4, a rest, and A3.
    onset = array(0, 0, 0, 0, 0, 24, 48, 84)
    end = array(96, 96, 96, 96, 24, 48, 72, 96)
    pitch = array(43, 50, 53, 59, 67, 65, 62, 57)
    assert upper_hand(onset, end, pitch).tolist() == [False] * 4 + [True] * 4
    # Where the right hand holds a note, or has been silent, it is the left hand's.
    held = np.where(pitch == 62, 96, end)
    assert not upper_hand(onset, held, pitch)[-1]
    early = np.where(pitch == 62, 56, end)
    assert not upper_hand(onset, early, pitch)[-1]


def test_one_hand_may_rest() -> None:
    assert hand(array(72, 76)).all()
    assert not hand(array(36, 43)).any()


def test_a_bar_of_one_voice_stays_on_one_staff() -> None:
    onset, end = array(0, 24, 48, 72), array(24, 48, 72, 96)
    assert upper_hand(onset, end, array(55, 67, 72, 59)).all()
    assert not upper_hand(onset, end, array(65, 50, 48, 60)).any()
    assert upper_hand(onset, end, array(40, 67, 72, 41)).tolist() == [False, True, True, False]


def test_a_short_note_before_a_short_silence_is_read_long() -> None:
    assert join_releases(array(0, 12), array(6, 24)).tolist() == [12, 24]
    assert join_releases(array(0, 48), array(6, 72)).tolist() == [12, 72]
    assert join_releases(array(0, 48), array(8, 72)).tolist() == [8, 72]
    assert join_releases(array(18, 48), array(30, 72)).tolist() == [30, 72]


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


def by_definition(onset: np.ndarray, end: np.ndarray, pitch: np.ndarray) -> list[bool]:
    """What `upper_hand` says, note by note: each is compared with all others."""
    upper = pitch >= 60
    for start in range(0, int(onset.max()) + 1, 96):
        here = (onset >= start) & (onset < start + 96)
        if here.any():
            upper[here] = parted(onset, end, pitch, start, here)
    dips = []
    for at, height, right in zip(onset, pitch, upper, strict=True):
        holds = (onset < at) & (end > at)
        chord = pitch[holds & ~upper]
        dips.append(
            not right
            and height >= 55
            and (onset == at).sum() == 1
            and len(chord) >= 3
            and chord.max() >= height - 5
            and not (holds & upper).any()
            and (upper & (onset < at) & (end > at - 24)).any()
        )
    return (upper | dips).tolist()


def parted(
    onset: np.ndarray, end: np.ndarray, pitch: np.ndarray, start: int, here: np.ndarray
) -> np.ndarray:
    """Where the hands part in the bar of four quarters that begins at `start`."""
    sounding = np.flatnonzero((onset < start + 96) & (end > start))
    alone = all(onset[b] >= end[a] for a, b in pairwise(sounding))
    heights = sorted({*pitch[here].tolist()})
    if alone and (heights[0] >= 55 or heights[-1] <= 65):
        return np.full(here.sum(), heights[0] >= 55)
    best, cut = -np.inf, 60
    for low, high in pairwise(heights) if heights[0] < 60 <= heights[-1] else ():
        away = abs(min(max(60, low + 1), high) - 60)
        if away <= 6 and high - low - away > best:
            best, cut = high - low - away, high
    return pitch[here] >= cut


@pytest.mark.parametrize("seed", range(12))
def test_hands_of_drawn_pieces_are_those_of_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = 150
    onset = np.sort(rng.integers(0, 8 * 96, count) // 6 * 6)
    end = onset + rng.choice([6, 12, 24, 48, 96, 200], count)
    pitch = rng.integers(50, 70, count) if seed % 2 else rng.integers(36, 84, count)
    if seed % 3 == 0:  # a tune that goes down into chords which the left hand holds
        onset = np.concatenate([np.repeat(np.arange(8) * 96, 4), np.arange(64) * 12])
        end = np.concatenate([np.repeat(np.arange(8) * 96, 4) + 96, np.arange(64) * 12 + 12])
        tune = rng.choice([57, 59, 60, 64, 67, 72], 64)
        chord = rng.choice([[45, 48, 52, 55], [43, 47, 50, 52]], 8)
        pitch = np.concatenate([chord.ravel(), tune])
        order = np.lexsort((pitch, onset))
        onset, end, pitch = onset[order], end[order], pitch[order]
    if seed % 3 == 1:  # mostly one voice, whose notes are now and then held over the next
        onset = np.sort(rng.choice(np.arange(16 * 8) * 12, 40, replace=False))
        end = np.append(onset[1:], onset[-1] + 24) + rng.choice([0, 0, 0, 100], 40)
        pitch = rng.integers(53, 68, 40)
    assert upper_hand(onset, end, pitch).tolist() == by_definition(onset, end, pitch)


def test_the_hands_of_a_long_piece_take_no_longer_a_note() -> None:
    def seconds(count: int) -> float:
        onset = np.repeat(np.arange(count // 4) * 24, 4)
        pitch = np.tile([40, 55, 59, 72], count // 4)
        begun = time.process_time()
        for _ in range(5):
            upper_hand(onset, onset + 24, pitch)
        return time.process_time() - begun

    seconds(2000)
    # Sixteen times the notes; quadratic would be 256 times.
    assert seconds(64000) < 60 * seconds(4000)


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
